"""The product run in a folder that came from somewhere else, and on a machine that others use."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from assistant_ui.chat.disputes import DISPUTES_FILE, record_rating
from assistant_ui.chat.saved_chats import SavedChats, new_chat_id

from assistant import Assistant
from assistant.store import chroma_folder
from tests.llm_servers.scripted import scripted
from tests.whole.conftest import Ran

Command = Callable[..., Ran]

QUESTION = "How much faster does speculative decoding make T5-XXL?"


@pytest.fixture
def cloned(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """The working folder names a server and its key; yields the headers that the server gets."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-user")
    monkeypatch.setenv("ASSISTANT_LLM_API_KEY", "sk-of-the-user-too")
    monkeypatch.setenv("ASSISTANT_EMBEDDING_API_KEY", "sk-of-the-user-as-well")
    with scripted(otherwise="Yes.") as server:
        Path("assistant.toml").write_text(
            f'llm = "openai:m"\nllm_base_url = "{server.url}"\n'
            f'embedding = "openai:m"\nembedding_base_url = "{server.url}"\n'
        )
        yield server.headers


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", QUESTION),
        ("search", "decoding"),
        ("ingest", "assistant.toml"),
        ("library", "stats"),
        ("doctor",),
        ("doctor", "--models"),
        ("setup", "--yes"),
        ("eval", "run"),
        ("ui", "--no-browser", "--port", "0"),
    ],
    ids=" ".join,
)
def test_no_command_sends_anything_to_whom_a_cloned_folder_names(
    command: Command, starter: Path, cloned: list[dict[str, str]], arguments: tuple[str, ...]
) -> None:
    ran = command(*arguments)
    file = Path("assistant.toml").absolute()
    assert ran.code == 2
    assert ran.err.splitlines()[-1] == (
        f"assistant: {file}: sets 'llm' and 'llm_base_url' and 'embedding' and "
        "'embedding_base_url', where data or keys go or what may be spent or deleted, and "
        f"is not trusted; read it and, if you agree, run: assistant trust {file}"
    )
    assert cloned == []


def test_trust_is_given_listed_and_taken_back(command: Command) -> None:
    file = Path("assistant.toml").absolute()
    assert command("trust").err == (
        "assistant: assistant.toml: there is no such file; give the path of a settings file\n"
    )
    file.write_text('top_k = 3\nllm = "none"\nllm_api_key = "sk-secret"\n')
    assert command("doctor").code == 2
    ran = command("trust", file.parent)
    assert (
        ran.out == f"Trusted as it is now: {file}, which may set llm='none', llm_api_key=a key.\n"
    )
    assert "is not trusted" not in command("doctor").err
    assert command("trust", "--list").out == f"{file}\n"
    file.write_text('llm = "auto"\n')
    assert command("trust", "--list").out == f"{file}  (has changed: not trusted)\n"
    assert "it has changed since you trusted it" in command("doctor").err
    ran = command("trust", "--revoke")
    assert (ran.code, ran.out) == (0, f"Trusted no more: {file}.\n")
    assert command("trust", "--list").out == ""
    assert command("trust", "--revoke").code == 2


def test_chroma_loads_nothing_that_a_file_of_the_working_folder_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("CHROMA_PRODUCT_TELEMETRY_IMPL=planted.Class\n")
    Path("planted.py").write_text("")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    chroma_folder._client(Path("chroma"))
    assert "planted" not in sys.modules


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")
def test_all_that_the_home_folder_holds_is_its_owners_alone(
    command: Command, few_pairs: None, suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "made"
    monkeypatch.setenv("ASSISTANT_HOME", str(home))
    papers = tmp_path / "papers.ris"
    papers.write_text("TY  - JOUR\nTI  - Owls\nAB  - Owls hunt at night.\nER  - \n")
    before = os.umask(0)
    try:
        assert command("ingest", papers).code == 0
        papers.write_text(papers.read_text() + "TY  - JOUR\nTI  - A\nAB  - Wrens sing.\nER  - \n")
        assert command("ingest", papers).code == 0
        assert command("eval", "run", suite, "--sample", 1).code == 0
        with closing(Assistant.open(llm="none")) as assistant:
            answer = assistant.ask("When do owls hunt?")
            record_rating(home, answer, 0, False, "", [], "default", datetime.now(UTC))
        SavedChats(home).save("owner", new_chat_id(), {})
    finally:
        os.umask(before)
    made = [home, *home.rglob("*")]
    assert (home / DISPUTES_FILE).is_file()
    assert {path.name for path in made} >= {"embeddings.sqlite", "chroma.sqlite3", "report.json"}
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert {path: m for path, m in modes.items() if m != (0o700 if path.is_dir() else 0o600)} == {}
