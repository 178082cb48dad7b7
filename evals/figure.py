"""A figure of a run: a statistic over the cases to which it applies, with its interval.

It is resampled by whole cases; so a share of sentences is as sure as the number of answers that
they come from, and not as that of the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from assistant_evals.case_statistics import Array, as_array
from assistant_evals.case_values import Values
from assistant_evals.cases import Case
from assistant_evals.resampling import percentile_interval, resamples
from assistant_evals.rounding import PLACES, rounded

Group = Literal[
    "retrieval", "citations", "groundedness", "facts", "abstention", "injection", "cost"
]


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic over the cases to which it applies.

    ``rows`` gives what the statistic needs of one case, None where it does not apply; the
    statistic takes those rows as one array of shape (n, width), of which all have the same width,
    and returns None where it has no value.
    """

    name: str
    title: str
    group: Group
    rows: Callable[[Case, Values], tuple[float, ...] | None]
    statistic: Callable[[Array], float | None]
    higher_is_better: bool = True
    unit: str = "share"

    def of(self, cases: Sequence[Case], values: Sequence[Values]) -> dict[str, tuple[float, ...]]:
        """Returns the rows by case id; cases that came to no answer have none."""
        found = ((case.id, self.rows(case, own)) for case, own in zip(cases, values, strict=True))
        return {
            name: tuple(round(x, PLACES) for x in row) for name, row in found if row is not None
        }


def measured(
    figure: Figure, cases: Sequence[Case], values: Sequence[Values], seed: int = 0
) -> dict[str, Any]:
    """Returns a figure as the report holds it: its value, interval and counts.

    ``mean`` is the value of the statistic; cases that came to no answer are counted as errors.
    """
    rows = figure.of(cases, values)
    array = as_array(rows.values())
    n_errors = sum(not own for own in values)
    value = figure.statistic(array) if len(rows) else None
    low, high = interval(figure, array, seed) if value is not None else (None, None)
    return {
        "name": figure.name,
        "title": figure.title,
        "group": figure.group,
        "mean": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "n": len(rows),
        "n_inapplicable": len(cases) - len(rows) - n_errors,
        "n_errors": n_errors,
        "higher_is_better": figure.higher_is_better,
        "floor": None,
        "passed": None,
        "unit": figure.unit,
    }


def interval(figure: Figure, rows: Array, seed: int) -> tuple[float | None, float | None]:
    """Returns the 95 % percentile bootstrap interval of a figure.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    found = [figure.statistic(rows[chosen]) for chosen in resamples(len(rows), seed)]
    return percentile_interval(np.array(found, dtype=np.float64)) or (None, None)


def by_kind(
    cases: Sequence[Case], passed: Sequence[bool], errors: Sequence[bool]
) -> Mapping[str, dict[str, int]]:
    """Returns how many cases of each kind there are, passed, and came to no answer."""
    counts: dict[str, dict[str, int]] = {}
    for case, is_passed, is_error in zip(cases, passed, errors, strict=True):
        own = counts.setdefault(case.kind, {"n": 0, "n_passed": 0, "n_errors": 0})
        own["n"] += 1
        own["n_passed"] += is_passed
        own["n_errors"] += is_error
    return counts
