"""The gate: bounds, and drops that noise does not explain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from assistant_evals.cases.suites import Regressions, Suite
from assistant_evals.errors import GoldenError
from assistant_evals.gate.baselines import make_baseline
from assistant_evals.gate.gates import hold_bounds
from assistant_evals.gate.regressions import find_regression, hold_regressions
from assistant_evals.metrics.catalogue import METRICS

from tests.unit.evals.made_cases import case

NAMED = {figure.name: figure for figure in METRICS}
FACTS = NAMED["facts_all"]


def suite(**changes: Any) -> Suite:
    whole: dict[str, Any] = {
        "name": "made",
        "golden": (),
        "library": None,
        "papers": (),
        "baseline": None,
        "floors": {},
        "ceilings": {},
        "regressions": Regressions(metrics=("facts_all",)),
    }
    return Suite(**{**whole, **changes})


def metric(name: str, value: float | None, *, higher: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "title": name.title(),
        "mean": value,
        "higher_is_better": higher,
        "floor": None,
        "passed": None,
    }


def rows(*values: float) -> dict[str, tuple[float, ...]]:
    return {f"c{n}": (value,) for n, value in enumerate(values)}


def test_floors_and_ceilings_are_held_at_their_value() -> None:
    metrics = [metric("good", 0.9), metric("bad", 0.1, higher=False)]
    assert hold_bounds(suite(floors={"good": 0.9}, ceilings={"bad": 0.1}), metrics) == []
    assert [m["passed"] for m in metrics] == [True, True]
    found = hold_bounds(suite(floors={"good": 0.91}, ceilings={"bad": 0.09}), metrics)
    assert [breach.metric for breach in found] == ["good", "bad"]
    assert found[0].message == "Good is 0.900 and must be at least 0.91."
    assert [m["passed"] for m in metrics] == [False, False]


def test_a_figure_without_a_value_does_not_hold_its_floor() -> None:
    (breach,) = hold_bounds(suite(floors={"good": 0.0}), [metric("good", None)])
    assert "has no value" in breach.message


def test_bounds_of_what_is_no_figure_are_refused() -> None:
    with pytest.raises(GoldenError, match="'typo', which is no figure"):
        hold_bounds(suite(floors={"typo": 1.0}), [metric("good", 1.0)])
    with pytest.raises(GoldenError, match=r"bad belongs in \[ceilings\]"):
        hold_bounds(suite(floors={"bad": 1.0}), [metric("bad", 1.0, higher=False)])


def test_one_case_of_many_is_noise_and_many_are_not() -> None:
    before = rows(*[1.0] * 100)
    assert find_regression(FACTS, rows(0.0, *[1.0] * 99), before, 0.95, 0) is None
    breach = find_regression(FACTS, rows(*[0.0] * 8, *[1.0] * 92), before, 0.95, 0)
    assert breach is not None
    assert breach.cases == tuple(f"c{n}" for n in range(8))
    assert "from 1.000 to 0.920" in breach.message


def test_the_same_answers_are_no_breach_however_they_are_rounded() -> None:
    third = {f"c{n}": (1 / 3,) for n in range(50)}
    kept = json.loads(json.dumps({name: (round(x, 6),) for name, (x,) in third.items()}))
    values: list[Any] = [{"ndcg_at_10": 1 / 3}] * 50
    now = NAMED["ndcg_at_10"].take_rows(cases_of(*third), values)
    assert find_regression(NAMED["ndcg_at_10"], now, kept, 0.95, 0) is None


def test_what_got_better_is_no_breach() -> None:
    assert find_regression(FACTS, rows(*[1.0] * 50), rows(*[0.0] * 50), 0.95, 0) is None
    mismatches = NAMED["mismatches"]
    assert find_regression(mismatches, {"a": (0.0, 4.0)}, {"a": (3.0, 4.0)}, 0.95, 0) is None


def test_as_many_gains_as_losses_are_noise() -> None:
    before = rows(*[1.0] * 10, *[0.0] * 10, *[1.0] * 80)
    now = rows(*[0.0] * 10, *[1.0] * 9, 0.0, *[1.0] * 80)
    assert find_regression(FACTS, now, before, 0.95, 0) is None


def test_a_figure_that_should_be_low_is_held_the_other_way() -> None:
    figure = NAMED["wrongly_declined"]
    before = {f"c{n}": (0.0, 1.0) for n in range(60)}
    now = {f"c{n}": (float(n < 10), 1.0) for n in range(60)}
    breach = find_regression(figure, now, before, 0.95, 0)
    assert breach is not None
    assert breach.cases == tuple(sorted(f"c{n}" for n in range(10)))


def test_answers_that_are_now_declined_count() -> None:
    # Fewer answers, each as good: the share among them did not fall.
    before = {f"c{n}": (2.0, 2.0) for n in range(40)}
    now = {f"c{n}": (2.0, 2.0) for n in range(20)}
    assert find_regression(NAMED["supported"], now, before, 0.95, 0) is None
    gone = find_regression(NAMED["supported"], {}, before, 0.95, 0)
    assert gone is not None
    assert "no value any more" in gone.message


def cases_of(*ids: str, digest: str = "0") -> list[Any]:
    return [case(name, digest=digest) for name in ids]


def baseline(*ids: str, value: float = 1.0) -> dict[str, Any]:
    report = {
        "created": "2026-01-01",
        "library": {},
        "model": None,
        "suite": {"golden_digest": "g"},
        "seed": 0,
        "metrics": [],
        "parts": [],
        "cases": [{"id": name, "digest": "0", "passed": True} for name in ids],
    }
    return make_baseline(report, {"facts_all": dict.fromkeys(ids, (value,))})


def test_a_part_of_the_baseline_is_compared_with_that_part() -> None:
    ids = [f"c{n}" for n in range(40)]
    now = cases_of(*ids[:20])
    good: list[Any] = [{"facts_all": 1.0}] * 20
    gate = hold_regressions(suite(), METRICS, now, good, baseline(*ids), 0)
    assert gate.breaches == []
    assert gate.notes == ["20 cases of the baseline were not asked in this run."]
    bad: list[Any] = [{"facts_all": 0.0}] * 20
    gate = hold_regressions(suite(), METRICS, now, bad, baseline(*ids), 0)
    assert [breach.metric for breach in gate.breaches] == ["facts_all"]
    assert gate.to_dict()["passed"] is False
