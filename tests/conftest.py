"""What every test needs: its own home folder, no settings of the user's, and the measuring data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant_ui.server.starting import skip_type_stubs
from hypothesis import settings

from assistant import Assistant
from assistant.servers.providers import PROVIDERS
from tests.llm_servers.llama_cpp import LlamaServer, llama_server
from tests.llm_servers.small_model import UnavailableError, small_model
from tests.paper_services import Services, running_services

REPOSITORY = Path(__file__).resolve().parent.parent

# As the page does, before anything imports Gradio.
skip_type_stubs()

# A run that gates a change finds the same each time; a developer's looks further each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def unit_of(nodeid: str) -> str:
    """Returns what one worker takes: a file, or the folder whose files share page and Chromium."""
    shared = "tests/browser/"
    return shared if nodeid.startswith(shared) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Returns one worker more than cores: often one waits, for a process or a page."""
    return 1 + (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Returns what hands the units to the workers."""
    from xdist.scheduler import LoadFileScheduling

    class ByUnit(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    return ByUnit(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts long units first: no worker is left with one when the others are done."""
    slow = {unit_of(item.nodeid) for item in items if item.get_closest_marker("slow")}

    def order(item: pytest.Item) -> tuple[bool, bool]:
        unit = unit_of(item.nodeid)
        return unit not in slow, unit.startswith("tests/unit/")

    items.sort(key=order)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh ASSISTANT_HOME, folders without assistant.toml, no inherited settings."""
    for name in list(os.environ):
        keys = {provider.key_variable for provider in PROVIDERS.values()}
        if name.startswith("ASSISTANT_") or name in {*keys, "OPENAI_BASE_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "home"
    folder.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("ASSISTANT_HOME", str(folder))
    monkeypatch.chdir(work)
    return folder


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the starter library; tests copy it and never write to it."""
    folder = tmp_path_factory.mktemp("starter")
    with Assistant.open(home=folder, library="starter"):
        pass
    return folder


@pytest.fixture(scope="module")
def page_home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of this module's page, with a starter library."""
    folder = tmp_path_factory.mktemp("page") / "home"
    shutil.copytree(starter_home, folder)
    return folder


_SHARED = Path(os.environ.get("MEASURING_DATA", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the checkout, which is not part of the project."""
    if not _SHARED.is_dir():
        pytest.skip(f"no measuring data at {_SHARED}; set MEASURING_DATA to its folder")
    return _SHARED


@pytest.fixture(scope="session")
def feed(shared: Path) -> Path:
    """A real scraped feed of 245 papers."""
    return shared / "corpus" / "papers-feed.txt"


@pytest.fixture(scope="session")
def gguf() -> Path:
    """A small language model, fetched once into a cache; CI must be able to fetch it."""
    try:
        return small_model()
    except UnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def llama(gguf: Path) -> Iterator[LlamaServer]:
    """A llama.cpp server that all tests share; those that kill one start their own."""
    with llama_server(gguf) as server:
        yield server


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services that papers are asked of, at loopback."""
    with running_services(monkeypatch) as running:
        yield running
