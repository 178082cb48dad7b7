"""A starter library made once, and ways to run the command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from assistant_evals.judging import trust

from assistant.cli.app import run
from assistant.store.library import LibraryStore
from tests.made_library import N_PAPERS, fill, store_in
from tests.whole.made_suite import write_suite

EXECUTABLE = Path(sys.executable).with_name("assistant")


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it exited."""

    code: int
    out: str
    err: str


@pytest.fixture
def starter(starter_home: Path, home: Path) -> Path:
    """This test's home, with a starter library of its own."""
    shutil.copytree(starter_home, home, dirs_exist_ok=True)
    return home


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Runs ``assistant ARGUMENTS`` in this process."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["assistant", *map(str, arguments)])
        code = run()
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture
def made(home: Path) -> Iterator[LibraryStore]:
    with store_in(home) as store:
        fill(store, range(N_PAPERS))
        yield store


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of evals over a few papers."""
    return write_suite(tmp_path / "suite")


@pytest.fixture
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little of what every report measures of the checker: all of it takes its time."""
    true_pairs = trust.read_own_pairs
    monkeypatch.setattr(trust, "MAX_SPOILT", 4)
    monkeypatch.setattr(trust, "read_own_pairs", lambda: true_pairs()[::60])
