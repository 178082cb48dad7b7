"""The command in a real process: pipes, full and closed outputs, terminals, hostile text."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.cli import output
from tests.whole.conftest import EXECUTABLE

Command = Callable[..., Any]

_ESCAPES = "Red \x1b[31mtitle\x1b]0;owned\x07 \x9b31m \u202egnp"


def shell(script: str) -> subprocess.CompletedProcess[str]:
    """Runs ``script`` in bash, where $A is the command."""
    environment = {**os.environ, "A": str(EXECUTABLE)}
    environment.pop("PYTHONUNBUFFERED", None)
    return subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ('"$A" --version > /dev/full', 3, "standard output cannot be written: No space left"),
        ('PYTHONUNBUFFERED=1 "$A" --version > /dev/full', 3, "No space left"),
        ('"$A" --version >&-', 0, None),
        ('"$A" --bogus 2> /dev/full', 2, None),
        ('"$A" --bogus <&- >&- 2>&-', 2, None),
        ('"$A" --bogus', 2, "No such option: --bogus"),
        ('"$A" ask --file /dev/zero', 2, None),
        ('"$A" --help | true; exit "${PIPESTATUS[0]}"', 141, None),
    ],
)
def test_outputs_that_fail(script: str, code: int, said: str | None) -> None:
    ran = shell(script)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    if said is not None:
        assert said in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_a_closed_pipe_ends_an_export(starter: Path) -> None:
    ran = shell('"$A" library export | head -1; exit "${PIPESTATUS[0]}"')
    assert ran.returncode == 141
    assert "Traceback" not in ran.stderr
    assert "\x1b" not in ran.stdout + ran.stderr


def test_controls_never_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.say(_ESCAPES)
    output.warn(f"{_ESCAPES}\nsecond")
    output.say_json({"title": _ESCAPES})
    printed = capsys.readouterr()
    for sign in "\x1b\x07\x9b\u202e":
        assert sign not in printed.out + printed.err
    assert printed.err.count("\n") == 1
    assert json.loads(printed.out.splitlines()[1]) == {"title": _ESCAPES}


def test_hostile_papers_and_file_names(command: Command, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "esc\x1b[31m\n.jsonl"
    paper = {"id": "x", "title": _ESCAPES, "abstract": "It rings \x07. \x1b[2JIt ends."}
    file.write_text(json.dumps(paper) + "\nbroken\n")
    ran = command("ingest", file)
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    for arguments in (["list"], ["show", "x"], ["list", "--json"]):
        ran = command("library", *arguments)
        assert ran.code == 0
        assert not set(ran.out + ran.err) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ask"],
        ["search"],
        ["ingest"],
        ["doctor"],
        ["chat"],
        ["check"],
        ["library"],
        *(["library", name] for name in ("list", "show", "remove", "export", "stats", "reindex")),
    ],
)
def test_every_help_has_an_example(command: Command, arguments: list[str]) -> None:
    ran = command(*arguments, "--help")
    assert ran.code == 0
    assert (
        " ".join(["assistant", *arguments])
        in ran.out.split("Examples" if arguments else "with:")[-1]
    )


def test_removal_is_asked_for_on_a_terminal(
    command: Command, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant.open() as assistant:
        paper_id = assistant.papers()[0].paper_id
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "n\n", raising=False)
    ran = command("library", "remove", paper_id)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("nothing was removed\n")
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    ran = command("library", "remove", paper_id, "--json")
    assert json.loads(ran.out)["removed"] == [paper_id]
