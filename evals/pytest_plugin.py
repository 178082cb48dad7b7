"""``pytest --grounding SUITE.toml``: each case of a suite is a test, and each bound another.

Nothing is imported or asked unless the option is given. A case that failed in the baseline as well
is expected to fail, so that only what got worse fails a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant_evals.cases.cases import Asked, Case
    from assistant_evals.cases.suites import Suite
    from assistant_evals.metrics.metric import Values
    from assistant_evals.running.asking import SuiteLibrary

    from assistant import Paper


class Ungrounded(Exception):  # noqa: N818 - what pytest prints is the name of a finding
    """An answer that is not what its case expects."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--grounding``."""
    parser.getgroup("grounding").addoption(
        "--grounding",
        metavar="SUITE.toml",
        default=None,
        help="ask the cases of a suite of grounding evals, each as a test",
    )


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Adds the cases of the suite to what is collected."""
    given = config.getoption("--grounding")
    if given is None:
        return
    path = Path(given) if Path(given).is_absolute() else config.invocation_params.dir / given
    suite: GroundingSuite = GroundingSuite.from_parent(session, name=path.name, path=path)
    found = list(suite.collect())
    items.extend(found)
    session.testscollected += len(found)


class GroundingSuite(pytest.Collector):
    """The cases of a suite; the library is opened when the first of them is collected."""

    def __init__(self, *, path: Path, **kwargs: Any) -> None:
        super().__init__(path=path, **kwargs)
        self._stack = ExitStack()
        self.config.add_cleanup(self._stack.close)
        self.cases: list[Case] = []
        self._found: dict[str, tuple[Asked, Values]] = {}
        self._papers: dict[str, Paper] = {}
        self.failed_before: frozenset[str] = frozenset()
        self.suite: Suite
        self.library: SuiteLibrary

    def collect(self) -> Iterator[pytest.Item]:
        """Yields a test for each case, and for each bound of the suite."""
        from assistant_evals.cases.cases import read_cases
        from assistant_evals.cases.suites import read_suite
        from assistant_evals.gate.baselines import read_baseline
        from assistant_evals.running.asking import open_library

        from assistant import AssistantError

        try:
            self.suite = read_suite(self.path)
            self.library = self._stack.enter_context(open_library(self.suite))
            papers = self.library.assistant.papers()
            self.cases = read_cases(self.suite.golden, {paper.paper_id for paper in papers})
            attacks = [case.poisoned for case in self.cases if case.poisoned]
            self._papers = {paper.paper_id: paper for paper in (*papers, *attacks)}
            if self.suite.baseline and self.suite.baseline.exists():
                self.failed_before = frozenset(read_baseline(self.suite.baseline)["failed"])
        except AssistantError as error:
            raise pytest.UsageError(str(error)) from error
        for case in self.cases:
            yield GroundingCase.from_parent(self, name=case.id, case=case)
        for name in (*self.suite.floors, *self.suite.ceilings):
            yield GroundingBound.from_parent(self, name=f"gate:{name}", bound=name)

    def answer(self, case: Case) -> tuple[Asked, Values]:
        """Returns what came of a case and its figures; a conversation is asked as a whole."""
        from assistant_evals.running.asking import ask_all

        if case.id not in self._found:
            unit = [other for other in self.cases if case.chat and other.chat == case.chat]
            unit = unit or [case]
            for other, one in zip(unit, ask_all(self.library, unit, n_jobs=1), strict=True):
                self._found[other.id] = one, self._values(other, one)
        return self._found[case.id]

    def _values(self, case: Case, one: Asked) -> Values:
        from assistant_evals.judging.judges import CheckerJudge
        from assistant_evals.metrics.catalogue import value_answer

        checker = CheckerJudge(self.library.assistant)
        return value_answer(case, one, self._papers, checker.supports)


class GroundingItem(pytest.Item):
    """A test of the suite; what it finds is told without a traceback through our own code."""

    parent: GroundingSuite

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Returns what is wrong, in the words of the finding."""
        if isinstance(excinfo.value, Ungrounded):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Returns where the test is from: the suite, and the case or bound."""
        return self.path, None, f"{self.path.name}::{self.name}"


class GroundingCase(GroundingItem):
    """One case as a test."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Asks the question; fails where the answer is not what is expected."""
        from assistant_evals.metrics.failures import list_failures

        one, values = self.parent.answer(self.case)
        failures = list_failures(self.case, one, values)
        if not failures:
            return
        if self.case.id in self.parent.failed_before:
            pytest.xfail(f"as in the baseline: {' '.join(failures)}")
        raise Ungrounded(_told(self.case, one, failures))


class GroundingBound(GroundingItem):
    """A floor or ceiling of the suite as a test, over all of its cases."""

    def __init__(self, *, bound: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bound = bound

    def runtest(self) -> None:
        """Fails where the figure does not hold its bound."""
        from assistant_evals.gate.gates import hold_bounds
        from assistant_evals.metrics.catalogue import metrics_for
        from assistant_evals.metrics.metric import measure

        cases = self.parent.cases
        values = [self.parent.answer(case)[1] for case in cases]
        metrics = [
            measure(metric, cases, values)
            for metric in metrics_for(cases, self.parent.suite.list_metrics())
        ]
        breaches = [b for b in hold_bounds(self.parent.suite, metrics) if b.metric == self.bound]
        if breaches:
            raise Ungrounded(breaches[0].message)


def _told(case: Case, one: Asked, failures: Sequence[str]) -> str:
    answer = one.answer.text if one.answer else ""
    lines = [f"Question: {case.question}", *failures]
    return "\n".join([*lines, f"Answer: {answer}"] if answer else lines)
