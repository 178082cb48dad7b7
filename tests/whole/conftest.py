"""A starter library made once, and ways to run the command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.judging import trust
from assistant_evals.metrics import metric
from assistant_evals.metrics.resampling import draw_indices

from assistant import Answer
from assistant.cli.app import run
from assistant.store.library import LibraryStore
from tests.chroma_process import ChromaProcess
from tests.llm_servers.scripted import ScriptedServer, Turn, scripted
from tests.made_library import N_PAPERS, fill, store_in
from tests.whole.made_suite import write_suite
from tests.whole.written import QUESTION, Ask, hold_to_contract, open_with

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
def ask(starter: Path) -> Ask:
    """Asks the starter library with a model that gives ``replies`` in turn."""

    def call(
        *replies: Turn, question: str = QUESTION, otherwise: Turn | None = None, **settings: Any
    ) -> tuple[Answer, ScriptedServer]:
        with (
            scripted(replies, otherwise=otherwise) as server,
            open_with(starter, server, **settings) as assistant,
        ):
            answer = assistant.ask(question)
            hold_to_contract(assistant, answer)
            return answer, server

    return call


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


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    yield process
    process.kill()


@pytest.fixture
def server(chroma: ChromaProcess) -> ChromaProcess:
    """A Chroma server: running, and empty."""
    chroma.start()
    chroma.empty()
    return chroma


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of evals over a few papers."""
    return write_suite(tmp_path / "suite")


_own_pairs = cache(trust.read_own_pairs)


def measure_little(patch: pytest.MonkeyPatch, n_spoilt: int = 4) -> None:
    """Leaves little of what every report measures of the checker, and wide intervals.

    All of it takes its time, and has tests of its own.
    """
    patch.setattr(trust, "MAX_SPOILT", n_spoilt)
    patch.setattr(trust, "read_own_pairs", lambda: _own_pairs()[::60])
    patch.setattr(metric, "draw_indices", lambda n, seed: islice(draw_indices(n, seed), 50))


@pytest.fixture
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    measure_little(monkeypatch)
