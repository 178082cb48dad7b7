"""The parts of a report."""

from __future__ import annotations

from assistant_evals.report.records import count_kinds

from tests.unit.evals.made_cases import absent, case


def test_kinds_are_counted() -> None:
    cases = [case("a"), case("b"), absent("c")]
    counted = count_kinds(cases, [True, False, True], [False, True, False])
    assert counted["named"] == {"n": 2, "n_passed": 1, "n_errors": 1}
    assert counted["near-miss"] == {"n": 1, "n_passed": 1, "n_errors": 0}
