"""Which files of the package the server offers, and for how long a browser keeps them."""

from __future__ import annotations

import pytest
from assistant_ui.parts.component import list_static, static_version
from assistant_ui.server.static_files import PLOTLY, PartFiles
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient


@pytest.fixture
def files() -> TestClient:
    return TestClient(Starlette(routes=[Mount("/page", PartFiles())]))


def test_every_module_finds_those_it_imports(files: TestClient) -> None:
    for path in list_static("*.js"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("import "):
                imported = (path.parent / line.split('"')[1]).resolve()
                address = "/".join(imported.parts[-3:])
                assert files.get(f"/page/{address}").content == imported.read_bytes()


def test_the_library_of_charts_lies_beside_the_map(files: TestClient) -> None:
    assert files.get(f"/page/{PLOTLY.as_posix()}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/cli.py",
        "/chat/tab.py",
        "/parts/static",
        "/parts/static/none.js",
        "/parts/static/../component.py",
        "/parts/static/%2e%2e/component.py",
        "/parts/static/..%2fcomponent.py",
    ],
)
def test_the_code_of_the_server_is_not_served(files: TestClient, path: str) -> None:
    assert files.get(f"/page{path}").status_code == 404


def test_only_a_file_named_with_its_version_is_kept(files: TestClient) -> None:
    path = "/parts/static/page.css"
    assert "immutable" in files.get(f"/page{path}?v={static_version()}").headers["cache-control"]
    assert files.get(f"/page{path}").headers["cache-control"] == "no-cache"
