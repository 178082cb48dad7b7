"""What sets Chroma: what is given to it, and neither variables nor the working folder's .env."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from chromadb.config import Settings

from assistant.store.chroma import GivenSettings
from assistant.store.chroma_server import ChromaServer
from tests.settings_of_others import OF_CHROMA, write_env
from tests.unit.test_architecture import IMPORTS


@pytest.fixture(params=["variables", ".env"])
def settings_of_others(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == ".env":
        write_env(Path.cwd())
    for name, value in OF_CHROMA.items() if request.param == "variables" else ():
        monkeypatch.setenv(name, value)


def test_only_what_is_given_counts(settings_of_others: None) -> None:
    with pytest.raises(ValueError, match="migrations"):
        Settings()
    given = GivenSettings(persist_directory="here").model_dump()
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert given == {**defaults, "persist_directory": "here", "anonymized_telemetry": False}


def test_a_server_gets_no_headers_of_others(settings_of_others: None) -> None:
    server = ChromaServer("http://127.0.0.1:9", "made")
    assert "x-theirs" not in server._api._session.headers


def test_what_others_set_does_not_keep_it_from_being_imported(tmp_path: Path) -> None:
    """Its import alone reads them; afterwards other programs in the process set it as ever."""
    write_env(tmp_path)
    code = (
        "import assistant.store.chroma\nfrom chromadb.config import Settings\n"
        "try:\n    Settings()\nexcept ValueError:\n    print('theirs')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "MIGRATIONS": "yes"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "theirs\n"), ran.stderr


def test_chroma_is_imported_by_way_of_it() -> None:
    at_run_time = {"assistant.store.chroma", "assistant.store.chroma_server"}
    for_types = {"assistant.store.chroma_records"}
    found = {
        module
        for module, names in IMPORTS.items()
        if any(name.split(".")[0] == "chromadb" for name in names)
    }
    assert found == at_run_time | for_types
