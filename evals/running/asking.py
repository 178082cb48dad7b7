"""The library of a suite, and its cases asked of it: in parallel, with a journal."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.cases.suites import Suite
from assistant_evals.errors import GoldenError
from assistant_evals.running.journal import Journal

from assistant import STARTER, Answer, Assistant, AssistantError, Paper, load_settings

N_RETRIEVED = 10
"""Papers kept of each search: as many as the metrics look at."""

_CACHE = "embeddings.sqlite"
_SCRATCH = "evals"


@dataclass
class SuiteLibrary:
    """The library of a suite; those with poisoned papers are made when they are first needed."""

    assistant: Assistant
    _stack: ExitStack
    _attacks: dict[int, dict[str, Paper]] = field(default_factory=dict)
    _poisoned: dict[int, Assistant] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def open_poisoned(self, case: Case) -> Assistant:
        """Returns an assistant over the same papers and poisoned ones, that of ``case`` among them.

        Raises:
            GoldenError: its paper is taken for another one, so that nothing would be asked of it.
        """
        with self._making:
            for number, group in self._attacks.items():
                if case.id in group:
                    return self._poisoned.get(number) or self._make_poisoned(number, group)
        raise GoldenError(f"{case.id} is no attack of this run")

    def take_attacks(self, cases: Iterable[Case]) -> None:
        """Parts the poisoned papers of ``cases`` into libraries in which each is its own paper.

        Papers of one title are copies of each other to a library, so they are in different ones.
        """
        with self._making:
            seen = Counter(
                _fold(paper) for group in self._attacks.values() for paper in group.values()
            )
            known = {name for group in self._attacks.values() for name in group}
            for case in cases:
                if case.poisoned is not None and case.id not in known:
                    title = _fold(case.poisoned)
                    self._attacks.setdefault(seen[title], {})[case.id] = case.poisoned
                    seen[title] += 1

    def _make_poisoned(self, number: int, group: dict[str, Paper]) -> Assistant:
        settings = self.assistant.settings
        home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        copy_vectors(settings.home / _CACHE, home / _CACHE)
        moved = settings.model_copy(update={"home": home, "library": _SCRATCH, "chroma_url": None})
        made = self._stack.enter_context(Assistant.open(moved, create=True))
        made.ingest([*self.assistant.papers(), *group.values()])
        lost = sorted(set(group) - {paper.paper_id for paper in made.papers()})
        if lost:
            raise GoldenError(
                f"{lost[0]}: its paper is a copy of another one; give it a title of its own"
            )
        self._poisoned[number] = made
        return made


def _fold(paper: Paper) -> str:
    return " ".join(paper.title.casefold().split())


@contextmanager
def open_library(suite: Suite, **overrides: Any) -> Iterator[SuiteLibrary]:
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
        yield SuiteLibrary(assistant, stack)


def copy_vectors(source: Path, target: Path) -> None:
    """Copies a cache of embeddings, which others may be using; none is copied where none is."""
    if source.is_file():
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)


def ask_all(
    library: SuiteLibrary,
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
        asks = library.open_poisoned(unit[0]) if attacked else library.assistant
        return [ask_one(asks, case.question) for case in unit]

    library.take_attacks(unit[0] for unit in units.values())
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


def ask_one(assistant: Assistant, question: str) -> Asked:
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
