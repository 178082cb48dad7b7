"""Two reports compared."""

from __future__ import annotations

from typing import Any

from assistant_evals.report.diff import compare_reports


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
    return {"metrics": [{"name": "facts_all", "title": "All facts", "mean": mean}], "cases": cases}


def test_two_reports_are_compared_case_by_case() -> None:
    found = compare_reports(
        report(a=True, b=False, c=True, d=True), report(a=False, b=True, c=True, e=True)
    )
    assert found["broken"] == ["a"]
    assert found["fixed"] == ["b"]
    assert found["reworded"] == []
    assert found["only_old"] == ["d"]
    assert found["only_new"] == ["e"]
    assert found["metrics"][0]["change"] == 0.0
