"""Reports of the evals: which there are, and what the server lets them do."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from assistant_evals.report import folder as written
from assistant_ui.evals.reports import REPORTS_PATH, list_reports, serve_reports
from assistant_ui.evals.tab import report_view
from assistant_ui.server.security import Guard
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.unit.evals.made_report import report

WRITTEN_S = 1_772_600_767
"""4 March 2026, 05:06:07 UTC."""


def put(home: Path, name: str, text: str = "<h1>Report</h1>", written_s: int = WRITTEN_S) -> Path:
    folder = home / "reports" / name
    folder.mkdir(parents=True)
    path = folder / "report.html"
    path.write_text(text)
    os.utime(path, (written_s, written_s))
    return path


@pytest.fixture
def server(home: Path) -> TestClient:
    routes = [Route(f"{REPORTS_PATH}/{{name}}", serve_reports(home))]
    app = Starlette(routes=routes, middleware=[Middleware(Guard, host="127.0.0.1")])
    return TestClient(app, base_url="http://127.0.0.1:7860")


def test_no_folder_is_no_reports(home: Path) -> None:
    assert list_reports(home) == []


def test_the_page_looks_where_the_evals_write(home: Path, server: TestClient) -> None:
    written.write_report(home / written.REPORTS_FOLDER / "nightly", report())
    assert [found.name for found in list_reports(home)] == ["nightly"]
    assert "<title>Evals gate 2026-11-26</title>" in server.get("/reports/nightly").text


def test_reports_are_listed_the_last_written_first(home: Path) -> None:
    put(home, "a", written_s=WRITTEN_S - 60)
    put(home, "b")
    put(home, "c", written_s=WRITTEN_S - 120)
    (home / "reports" / "begun").mkdir()
    (home / "reports" / "report.html").write_text("not a folder of one")
    reports = list_reports(home)
    assert [found.name for found in reports] == ["b", "a", "c"]
    assert report_view(reports[0]) == {"name": "b", "title": "b, 4 March 2026, 05:06 UTC"}


def test_a_report_that_leads_nowhere_is_passed_over(home: Path) -> None:
    put(home, "a")
    folder = home / "reports" / "gone"
    folder.mkdir()
    (folder / "report.html").symlink_to(home / "nothing")
    assert [found.name for found in list_reports(home)] == ["a"]


@pytest.mark.parametrize("name", ["nightly", "of Ann & Bo: 50 %", "Übersicht", "a.b"])
def test_a_report_is_served_as_it_was_written(home: Path, server: TestClient, name: str) -> None:
    path = put(home, name)
    put(home, "other", "<h1>Other</h1>")
    response = server.get(f"/reports/{quote(name)}")
    assert response.content == path.read_bytes()
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "path",
    [
        "/reports/absent",
        "/reports/",
        "/reports/nightly/report.json",
        "/reports/..%2fsecret",
        "/reports/%2e%2e/secret",
        "/reports/..",
    ],
)
def test_nothing_else_of_the_home_folder_is_served(
    home: Path, server: TestClient, path: str
) -> None:
    put(home, "nightly")
    (home / "secret").mkdir()
    (home / "secret" / "report.html").write_text("secret")
    (home / "report.html").write_text("secret")
    response = server.get(path)
    assert response.status_code == 404
    assert "secret" not in response.text


def test_a_report_has_an_origin_of_its_own_and_reaches_nothing(
    home: Path, server: TestClient
) -> None:
    put(home, "nightly")
    headers = server.get("/reports/nightly").headers
    rules = headers["content-security-policy"].split("; ")
    assert "sandbox allow-scripts" in rules
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'self'" in rules
    assert not [rule for rule in rules if "http" in rule or rule.startswith("connect-src")]
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"


def test_another_web_page_cannot_frame_a_report(home: Path, server: TestClient) -> None:
    put(home, "nightly")
    sent = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "iframe",
    }
    assert server.get("/reports/nightly", headers=sent).status_code == 403
