"""``assistant ask`` with an LLM: live on a terminal, whole in a pipe, one line for each fault."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.llm_servers.replies import citing
from tests.llm_servers.scripted import KEY, ScriptedServer, Turn, scripted
from tests.llm_servers.steps import Breaks, Page, Says, Status
from tests.whole.conftest import EXECUTABLE, Ran

pytestmark = pytest.mark.slow

QUESTION = "How much faster does speculative decoding make T5-XXL?"
FACT = "speculative decoding is 2X to 3X faster"
GOOD = citing("It makes T5-XXL 2X to 3X faster [{a}].", a=FACT)
Command = Callable[..., Ran]


@pytest.fixture
def configure(starter: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedServer], None]:
    """Points the settings at a server, as a user's shell does."""

    def call(server: ScriptedServer) -> None:
        monkeypatch.setenv("ASSISTANT_LIBRARY", "starter")
        monkeypatch.setenv("ASSISTANT_LLM", "openai:scripted")
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_LLM_API_KEY", KEY)

    return call


def on_terminal(*arguments: str, typed: str = "") -> tuple[int, str]:
    """Returns the exit code and what a terminal shows of a command, with ``typed`` on its keys."""
    parent, child = pty.openpty()
    os.write(parent, typed.encode())
    process = subprocess.Popen(
        [str(EXECUTABLE), *arguments], stdin=child, stdout=child, stderr=child, close_fds=True
    )
    os.close(child)
    shown = b""
    while True:
        try:
            read = os.read(parent, 4096)
        except OSError:
            break
        if not read:
            break
        shown += read
    os.close(parent)
    return process.wait(), shown.decode()


def test_a_terminal_shows_it_live(configure: Callable[[ScriptedServer], None]) -> None:
    with scripted([GOOD]) as server:
        configure(server)
        code, shown = on_terminal("ask", QUESTION)
    assert code == 0
    assert "It makes T5-XXL 2X to 3X faster. [1]" in shown
    assert "openai:scripted" in shown
    assert "11 + 7 tokens" in shown
    assert shown.index("faster. [1]") < shown.index("Sources") < shown.index("2X to 3X faster than")


def test_what_is_taken_back_is_said(configure: Callable[[ScriptedServer], None]) -> None:
    wrong = citing("It makes T5-XXL 2X to 3X faster [{a}]. It needs 88 GPUs [{a}].", a=FACT)
    with scripted([wrong, "1: DROP"]) as server:
        configure(server)
        _, shown = on_terminal("ask", QUESTION)
    before, _, after = shown.partition("After the check:")
    assert "88 GPUs" in before
    assert "unsupported" in before
    assert "1 sentence left out" in before
    assert "88 GPUs" not in after
    assert "2X to 3X faster. [1]" in after


def test_a_pipe_gets_it_whole(
    configure: Callable[[ScriptedServer], None], command: Command
) -> None:
    with scripted([GOOD, GOOD]) as server:
        configure(server)
        ran = command("ask", QUESTION)
        as_json = json.loads(command("ask", QUESTION, "--json").out)
    assert ran.code == 0
    assert "It makes T5-XXL 2X to 3X faster. [1]" in ran.out
    assert as_json["mode"] == "llm"
    assert as_json["sentences"][0]["verdict"] == "supported"
    assert as_json["sentences"][0]["flags"] == []
    assert 0 < as_json["sentences"][0]["lexical"] <= 1


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Status(401), 3, "check the key"),
        (Status(404), 3, "'scripted'"),
        (Page(), 3, "ASSISTANT_LLM_BASE_URL"),
        (Breaks("reset"), 0, "these are quotations"),
        (Says("", finish="stop"), 3, "check that the model is made for chat"),
    ],
)
def test_each_fault_is_one_line(
    configure: Callable[[ScriptedServer], None],
    command: Command,
    fault: Turn,
    code: int,
    said: str,
) -> None:
    with scripted(otherwise=fault) as server:
        configure(server)
        ran = command("ask", QUESTION)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert ran.err.count("\n") == 1
    assert "secret detail" not in ran.err + ran.out
    assert KEY not in ran.err + ran.out


def test_no_key(monkeypatch: pytest.MonkeyPatch, starter: Path, command: Command) -> None:
    monkeypatch.setenv("ASSISTANT_LIBRARY", "starter")
    monkeypatch.setenv("ASSISTANT_LLM", "openai:gpt-5.4-mini")
    ran = command("ask", QUESTION)
    assert ran.code == 2
    assert "OPENAI_API_KEY" in ran.err
    assert ran.err.count("\n") == 1


def test_a_terminal_asks_before_a_long_reading_and_shows_a_table(
    configure: Callable[[ScriptedServer], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_SURVEY_TOKENS", "20000")

    # Sentences that read like orders are not shown, so the first one may be missing.
    def first_shown(request: dict[str, Any]) -> str:
        prompt = "\n".join(message["content"] for message in request["messages"])
        found = re.search(r"Paper 1: .*\n\[(\d+)\]", prompt)
        assert found
        return f'{{"1": {found[1]}}}'

    with scripted(otherwise=first_shown) as server:
        configure(server)
        code, shown = on_terminal("ask", "Which papers prune layers?", typed="y\n")
    assert code == 0
    assert " too? That takes about " in shown
    assert "all 245 were read." in " ".join(shown.split())
    assert "What it says" in shown
    assert len(server.requests) > 10


def test_progress_of_a_reading_is_drawn(configure: Callable[[ScriptedServer], None]) -> None:
    with scripted(otherwise="{}") as server:
        configure(server)
        _, shown = on_terminal("ask", "Which papers prune layers?")
    assert "Abstracts read" in shown
    assert "245/245" in shown
