"""The gate: bounds, and drops that noise does not explain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.baselines import check_baseline, make_baseline, read_baseline
from assistant_evals.cases import GoldenError
from assistant_evals.cli_run import baseline_text
from assistant_evals.figures import FIGURES
from assistant_evals.gates import hold_bounds
from assistant_evals.regressions import hold_regressions, regression
from assistant_evals.report_diff import flips
from assistant_evals.suites import Regressions, Suite

from tests.unit.evals.made_cases import case

NAMED = {figure.name: figure for figure in FIGURES}
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
    assert regression(FACTS, rows(0.0, *[1.0] * 99), before, 0.95, 0) is None
    breach = regression(FACTS, rows(*[0.0] * 8, *[1.0] * 92), before, 0.95, 0)
    assert breach is not None
    assert breach.cases == tuple(f"c{n}" for n in range(8))
    assert "from 1.000 to 0.920" in breach.message


def test_the_same_answers_are_no_breach_however_they_are_rounded() -> None:
    third = {f"c{n}": (1 / 3,) for n in range(50)}
    kept = json.loads(json.dumps({name: (round(x, 6),) for name, (x,) in third.items()}))
    values: list[Any] = [{"ndcg_at_10": 1 / 3}] * 50
    now = NAMED["ndcg_at_10"].of(cases_of(*third), values)
    assert regression(NAMED["ndcg_at_10"], now, kept, 0.95, 0) is None


def test_what_got_better_is_no_breach() -> None:
    assert regression(FACTS, rows(*[1.0] * 50), rows(*[0.0] * 50), 0.95, 0) is None
    mismatches = NAMED["mismatches"]
    assert regression(mismatches, {"a": (0.0, 4.0)}, {"a": (3.0, 4.0)}, 0.95, 0) is None


def test_as_many_gains_as_losses_are_noise() -> None:
    before = rows(*[1.0] * 10, *[0.0] * 10, *[1.0] * 80)
    now = rows(*[0.0] * 10, *[1.0] * 9, 0.0, *[1.0] * 80)
    assert regression(FACTS, now, before, 0.95, 0) is None


def test_a_figure_that_should_be_low_is_held_the_other_way() -> None:
    figure = NAMED["wrongly_declined"]
    before = {f"c{n}": (0.0, 1.0) for n in range(60)}
    now = {f"c{n}": (float(n < 10), 1.0) for n in range(60)}
    breach = regression(figure, now, before, 0.95, 0)
    assert breach is not None
    assert breach.cases == tuple(sorted(f"c{n}" for n in range(10)))


def test_answers_that_are_now_declined_count() -> None:
    # Fewer answers, each as good: the share among them did not fall.
    before = {f"c{n}": (2.0, 2.0) for n in range(40)}
    now = {f"c{n}": (2.0, 2.0) for n in range(20)}
    assert regression(NAMED["supported"], now, before, 0.95, 0) is None
    gone = regression(NAMED["supported"], {}, before, 0.95, 0)
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
        "cases": [{"id": name, "digest": "0", "passed": True} for name in ids],
    }
    return make_baseline(report, {"facts_all": dict.fromkeys(ids, (value,))})


def test_a_part_of_the_baseline_is_compared_with_that_part() -> None:
    ids = [f"c{n}" for n in range(40)]
    now = cases_of(*ids[:20])
    good: list[Any] = [{"facts_all": 1.0}] * 20
    gate = hold_regressions(suite(), FIGURES, now, good, baseline(*ids), 0)
    assert gate.breaches == []
    assert gate.notes == ["20 cases of the baseline were not asked in this run."]
    bad: list[Any] = [{"facts_all": 0.0}] * 20
    gate = hold_regressions(suite(), FIGURES, now, bad, baseline(*ids), 0)
    assert [breach.metric for breach in gate.breaches] == ["facts_all"]
    assert gate.to_dict()["passed"] is False


def test_a_baseline_of_other_questions_is_refused() -> None:
    with pytest.raises(GoldenError, match=r"1 new \(b\); move it with"):
        check_baseline(cases_of("a", "b"), baseline("a"))
    with pytest.raises(GoldenError, match=r"1 changed \(a\)"):
        check_baseline(cases_of("a", digest="1"), baseline("a"))


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(baseline("a", "b")), encoding="utf-8")
    assert read_baseline(path) == json.loads(json.dumps(baseline("a", "b")))
    with pytest.raises(GoldenError, match="there is no baseline"):
        read_baseline(tmp_path / "none.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(GoldenError, match="cannot be read"):
        read_baseline(path)
    path.write_text('{"schema": 9}', encoding="utf-8")
    with pytest.raises(GoldenError, match="not one of this release"):
        read_baseline(path)


def report(**passed: bool) -> dict[str, Any]:
    cases = [
        {
            "id": name,
            "passed": good,
            "question": "Q?",
            "failures": [],
            "answer": {"text": str(good)},
        }
        for name, good in passed.items()
    ]
    mean = sum(passed.values()) / len(passed)
    return {"metrics": [metric("facts_all", mean)], "cases": cases}


def test_two_reports_are_compared_case_by_case() -> None:
    found = flips(report(a=True, b=False, c=True, d=True), report(a=False, b=True, c=True, e=True))
    assert found["broken"] == ["a"]
    assert found["fixed"] == ["b"]
    assert found["reworded"] == []
    assert found["only_old"] == ["d"]
    assert found["only_new"] == ["e"]
    assert found["metrics"][0]["change"] == 0.0
