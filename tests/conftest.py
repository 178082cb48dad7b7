"""What every test needs: its own home folder, no settings of the user's, and the measuring data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh ASSISTANT_HOME, a working folder without assistant.toml, no inherited settings."""
    for name in list(os.environ):
        if name.startswith("ASSISTANT_") or name in {"OPENAI_API_KEY", "OPENAI_BASE_URL"}:
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("ASSISTANT_HOME", str(folder))
    monkeypatch.chdir(work)
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
