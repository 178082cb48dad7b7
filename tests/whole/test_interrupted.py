"""Ctrl-C while the modules of a command are being imported: 130, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.whole.conftest import EXECUTABLE

LIMIT_S = 120

HOOK = """
import os, signal, sys

class Interrupting:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

class AtImport:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["INTERRUPTED_AT"]:
            sys.meta_path.remove(self)
            if os.environ["INTERRUPTED_IN"] == "destructor":
                Interrupting()
            else:
                signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, AtImport())
"""

ASK = ("ask", "Which papers study length control?")
UI = ("ui", "--no-browser", "--port", "0")
EVAL = ("eval", "run", "gate", "--llm", "none", "--sample", "1")


def interrupt(
    home: Path, folder: Path, command: tuple[str, ...], module: str, place: str = "import"
) -> subprocess.CompletedProcess[str]:
    """Runs ``command``, with a Ctrl-C when it begins to import ``module``."""
    (folder / "sitecustomize.py").write_text(HOOK)
    return subprocess.run(
        [EXECUTABLE, *command],
        env={
            **os.environ,
            "ASSISTANT_HOME": str(home),
            "PYTHONPATH": str(folder),
            "INTERRUPTED_AT": module,
            "INTERRUPTED_IN": place,
        },
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "module"),
    [
        (ASK, "typer"),
        (ASK, "numpy"),
        (ASK, "chromadb"),
        (UI, "gradio"),
        (EVAL, "assistant_evals.running.runs"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_ctrl_c_at_an_import_is_quiet(
    starter_home: Path, tmp_path: Path, command: tuple[str, ...], module: str
) -> None:
    done = interrupt(starter_home, tmp_path, command, module)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr.count("\n") <= 1
    assert "Traceback" not in done.stderr


def test_ctrl_c_where_nothing_can_be_raised_still_ends_it(
    starter_home: Path, tmp_path: Path
) -> None:
    done = interrupt(starter_home, tmp_path, ASK, "typer", "destructor")
    assert (done.returncode, done.stderr, done.stdout) == (128 + signal.SIGINT, "", "")
