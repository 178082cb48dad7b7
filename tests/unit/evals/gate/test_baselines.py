"""Baselines: refused where they are of other questions, read as written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.cli.run import format_baseline
from assistant_evals.errors import GoldenError
from assistant_evals.gate.baselines import check_baseline, make_baseline, read_baseline

from tests.unit.evals.made_cases import case


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


def test_a_baseline_of_other_questions_is_refused() -> None:
    with pytest.raises(GoldenError, match=r"1 new \(b\); move it with"):
        check_baseline(cases_of("a", "b"), baseline("a"))
    with pytest.raises(GoldenError, match=r"1 changed \(a\)"):
        check_baseline(cases_of("a", digest="1"), baseline("a"))


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(format_baseline(baseline("a", "b")), encoding="utf-8")
    assert read_baseline(path) == json.loads(json.dumps(baseline("a", "b")))
    with pytest.raises(GoldenError, match="there is no baseline"):
        read_baseline(tmp_path / "none.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(GoldenError, match="cannot be read"):
        read_baseline(path)
    path.write_text('{"schema": 9}', encoding="utf-8")
    with pytest.raises(GoldenError, match="not one of this release"):
        read_baseline(path)
