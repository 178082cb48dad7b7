"""The parts of a report."""

from __future__ import annotations

from typing import Any

from assistant_evals.report.records import PART_VALUES, measure_parts

from tests.unit.evals.made_cases import absent, case


def test_each_kind_of_each_file_has_its_figures() -> None:
    cases = [case("a"), case("b"), case("d", group="other"), absent("c"), case("e")]
    values: list[Any] = [
        {"facts_all": 1.0, "doubted": 0.0},
        {},
        {"facts_all": 0.0, "doubted": 1.0},
        {"doubted": 1.0},
        {"facts_all": 0.0, "doubted": None},
    ]
    parts = measure_parts(cases, values, [True, False, False, True, False])
    counts = [
        [part[name] for name in ("set", "kind", "n", "n_passed", "n_errors")] for part in parts
    ]
    assert counts == [
        ["golden", "named", 3, 1, 1],
        ["other", "named", 1, 0, 0],
        ["golden", "near-miss", 1, 1, 0],
    ]
    nothing = dict.fromkeys(PART_VALUES)
    assert [part["means"] for part in parts] == [
        nothing | {"facts_all": 0.5, "doubted": 0.0},
        nothing | {"facts_all": 0.0, "doubted": 1.0},
        nothing | {"doubted": 1.0},
    ]
