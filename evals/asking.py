"""Asks the cases of a suite: in parallel, with a journal from which a stopped run goes on."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from assistant_evals.cases import Case
from assistant_evals.reports import unwritable
from assistant_evals.suites import Suite

from assistant import Answer, Assistant, AssistantError
from assistant.errors import QuestionError
from assistant.opened_library import STARTER
from assistant.settings import Settings, load_settings

N_RETRIEVED = 10
"""Papers kept of each search: as many as the metrics look at."""

_CACHE = "embeddings.sqlite"
_SCRATCH = "evals"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a case: its answer, or why there is none.

    ``retrieved`` are the ids of the papers that search ranks first, best first.
    """

    answer: Answer | None
    retrieved: tuple[str, ...] = ()
    error: str | None = None
    took_ms: float = 0.0


@dataclass
class Opened:
    """The library of a suite; the one with poisoned papers is made when it is first needed."""

    assistant: Assistant
    _stack: ExitStack
    _poisoned: Assistant | None = None
    _held: set[str] = field(default_factory=set)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def poisoned(self, cases: Iterable[Case]) -> Assistant:
        """Returns an assistant over the same papers and the poisoned ones of all cases so far."""
        attacks = {case.id: case.poisoned for case in cases if case.poisoned}
        with self._making:
            if self._poisoned is None:
                settings = self.assistant.settings
                home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
                copy_vectors(settings.home / _CACHE, home / _CACHE)
                moved = settings.model_copy(
                    update={"home": home, "library": _SCRATCH, "chroma_url": None}
                )
                self._poisoned = self._stack.enter_context(Assistant.open(moved, create=True))
                self._poisoned.ingest(self.assistant.papers())
            if new := [paper for name, paper in attacks.items() if name not in self._held]:
                self._poisoned.ingest(new)
                self._held.update(attacks)
            return self._poisoned


@contextmanager
def opened(suite: Suite, **overrides: Any) -> Iterator[Opened]:
    """Yields the library that a suite asks, in a scratch home unless it is one of the user's.

    Raises:
        SettingsError, LibraryError, IngestError, StoreError: it cannot be opened or made.
    """
    with ExitStack() as stack:
        if suite.papers or suite.library == STARTER:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            library = _SCRATCH if suite.papers else STARTER
            settings = load_settings(**{**overrides, "home": home, "library": library})
            assistant = stack.enter_context(Assistant.open(settings, create=bool(suite.papers)))
            if suite.papers:
                assistant.ingest(*suite.papers)
        else:
            settings = load_settings(**{"library": suite.library, **overrides})
            assistant = stack.enter_context(Assistant.open(settings))
        yield Opened(assistant, stack)


def copy_vectors(source: Path, target: Path) -> None:
    """Copies a cache of embeddings, which others may be using; none is copied where none is."""
    if source.is_file():
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)


def ask_all(
    library: Opened,
    cases: Sequence[Case],
    *,
    journal: Journal | None = None,
    n_jobs: int = 2,
    progress: Callable[[int], None] | None = None,
) -> list[Asked]:
    """Returns what came of each case, in the order of ``cases``.

    Args:
        library: what to ask.
        cases: all turns of a conversation are asked one after another, others in parallel.
        journal: keeps what was asked, and knows what was asked before.
        n_jobs: how many are asked at once.
        progress: told how many more cases are done.
    """
    progress = progress or (lambda _: None)
    found: dict[str, Asked] = {}
    units: dict[str, list[Case]] = {}
    for case in cases:
        units.setdefault(case.chat or case.id, []).append(case)
    for name, unit in list(units.items()):
        known = [journal.get(case) if journal else None for case in unit]
        if all(known):
            found.update((case.id, asked) for case, asked in zip(unit, known, strict=True) if asked)
            progress(len(unit))
            del units[name]

    def ask_unit(unit: list[Case]) -> list[Asked]:
        if unit[0].chat:
            return _asked_in_turn(library.assistant, unit)
        attacked = unit[0].poisoned is not None
        asks = library.poisoned(cases) if attacked else library.assistant
        return [asked(asks, case.question) for case in unit]

    pool = ThreadPoolExecutor(max_workers=max(1, n_jobs))
    try:
        running = {pool.submit(ask_unit, unit): unit for unit in units.values()}
        for done in as_completed(running):
            unit = running[done]
            for case, one in zip(unit, done.result(), strict=True):
                found[case.id] = one
                if journal:
                    journal.add(case, one)
            progress(len(unit))
    finally:
        pool.shutdown(cancel_futures=True)
    return [found[case.id] for case in cases]


def asked(assistant: Assistant, question: str) -> Asked:
    """Returns what comes of one question."""
    start = time.perf_counter()
    try:
        answer = assistant.ask(question)
    except AssistantError as error:
        return Asked(None, error=str(error), took_ms=_since(start))
    return _with_ranking(assistant, answer, start)


def _asked_in_turn(assistant: Assistant, turns: Sequence[Case]) -> list[Asked]:
    """Returns what comes of the turns of a conversation; after an error the rest goes on."""
    chat = assistant.chat()
    results = []
    for case in turns:
        start = time.perf_counter()
        try:
            answer = chat.ask(case.question)
        except AssistantError as error:
            results.append(Asked(None, error=str(error), took_ms=_since(start)))
        else:
            results.append(_with_ranking(assistant, answer, start))
    return results


def _with_ranking(assistant: Assistant, answer: Answer, start: float) -> Asked:
    """Returns the answer with the papers that it was made from, by their retrieval scores.

    Where those are fewer than are looked at, they are searched for.
    """
    took_ms = _since(start)
    ranked = sorted(answer.sources, key=lambda source: -source.score)[:N_RETRIEVED]
    if len(ranked) == N_RETRIEVED:
        return Asked(answer, tuple(source.paper_id for source in ranked), None, took_ms)
    try:
        results = assistant.search(answer.standalone_question, N_RETRIEVED)
    except AssistantError as error:
        return Asked(None, error=str(error), took_ms=took_ms)
    return Asked(answer, tuple(result.paper.paper_id for result in results), None, took_ms)


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 2)


def run_key(settings: Settings, digest: str, versions: dict[str, str]) -> str:
    """Returns what has to be the same for an answer to be the same, as one line."""
    said = settings.model_dump(mode="json", exclude={"home", "threads", "chroma_url"})
    return json.dumps([said, digest, versions], sort_keys=True)


class Journal:
    """The answers of a run as they come, in a file; only those of the same run are taken up.

    Answers that failed are not kept, so that they are asked again.
    """

    def __init__(self, path: Path, key: str) -> None:
        """Reads what is there; what another kind of run has written is replaced.

        Raises:
            GoldenError: the file cannot be written.
        """
        self.path = path
        self._lock = threading.Lock()
        self._known = _read_journal(path, key)
        self.n_known = len(self._known)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w", encoding="utf-8")
            self._write({"key": key})
            for row in self._known.values():
                self._write(row)
        except OSError as error:
            raise unwritable(f"report folder {path.parent}", error) from error

    def get(self, case: Case) -> Asked | None:
        """Returns what came of a case before; None where it was not asked."""
        row = self._known.get(case.id)
        if row is None or row["digest"] != case.digest:
            return None
        answer = Answer.from_dict(row["answer"])
        return Asked(answer, tuple(row["retrieved"]), None, row["took_ms"])

    def add(self, case: Case, one: Asked) -> None:
        """Keeps what came of a case."""
        if one.answer is not None:
            record = {**asdict(one), "answer": one.answer.to_dict()}
            with self._lock:
                self._write({"id": case.id, "digest": case.digest, **record})

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def remove(self) -> None:
        """Removes the file, once its answers are in a report."""
        self.path.unlink(missing_ok=True)

    def _write(self, row: dict[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()


def _read_journal(path: Path, key: str) -> dict[str, dict[str, Any]]:
    """Returns the rows by case id; a last line that was cut short is left out."""
    rows: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines or json.loads(lines[0]) != {"key": key}:
            return {}
        for line in lines[1:]:
            row = json.loads(line)
            Answer.from_dict(row["answer"])
            rows[row["id"]] = row
    except (OSError, ValueError, KeyError, TypeError, QuestionError):
        return rows
    return rows
