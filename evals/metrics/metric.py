"""A metric of a run: a statistic over the cases to which it applies, with its interval.

It is resampled by whole cases; so a share of sentences is as sure as the number of answers that
they come from, and not as that of the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from assistant_evals.cases.cases import Case
from assistant_evals.metrics.case_statistics import Array, as_array
from assistant_evals.metrics.resampling import draw_indices, percentile_interval
from assistant_evals.metrics.rounding import PLACES, round_value

Value = float | list[float] | None
Values = dict[str, Value]
"""What one answer is worth, by name; None where that does not apply. Counts stay counts, so that a
share over many answers can be taken of their sums."""

Row = tuple[float, ...]
"""What a metric takes of one case."""

TakeRow = Callable[[Case, Values], Row | None]

Group = Literal[
    "retrieval", "citations", "groundedness", "facts", "abstention", "injection", "cost"
]


@dataclass(frozen=True, slots=True)
class Metric:
    """A statistic over the cases to which it applies.

    ``take_row`` gives what the statistic needs of one case, None where it does not apply; the
    statistic takes those rows as one array of shape (n, width), of which all have the same width,
    and returns None where it has no value.
    """

    name: str
    title: str
    group: Group
    take_row: TakeRow
    statistic: Callable[[Array], float | None]
    higher_is_better: bool = True
    unit: str = "share"

    def take_rows(self, cases: Sequence[Case], values: Sequence[Values]) -> dict[str, Row]:
        """Returns the rows by case id; cases that came to no answer have none."""
        found = ((c.id, self.take_row(c, own)) for c, own in zip(cases, values, strict=True))
        return {
            name: tuple(round(x, PLACES) for x in row) for name, row in found if row is not None
        }


def take_value(name: str) -> TakeRow:
    """Returns what takes the value ``name`` of a case."""

    def take(_: Case, values: Values) -> Row | None:
        value = values.get(name)
        return None if value is None or isinstance(value, list) else (value,)

    return take


def take_mean(name: str) -> TakeRow:
    """Returns what takes the mean of the list ``name`` of a case."""

    def take(_: Case, values: Values) -> Row | None:
        own = values.get(name)
        return (sum(own) / len(own),) if isinstance(own, list) and own else None

    return take


def take_pair(above: str, below: str) -> TakeRow:
    """Returns what takes two counts of a case, of which a share is taken over all cases."""

    def take(_: Case, values: Values) -> Row | None:
        first, second = values.get(above), values.get(below)
        # Where there is nothing to take a share of, the share does not apply.
        if not isinstance(first, float) or not isinstance(second, float) or not second:
            return None
        return first, second

    return take


def restrict(metric: Metric, part: str) -> Metric:
    """Returns a metric over the cases of one kind, or of one golden file, alone."""

    def take(case: Case, values: Values) -> Row | None:
        return metric.take_row(case, values) if part in (case.kind, case.group) else None

    return replace(
        metric, name=f"{metric.name}:{part}", title=f"{metric.title}: {part}", take_row=take
    )


def measure(
    metric: Metric, cases: Sequence[Case], values: Sequence[Values], seed: int = 0
) -> dict[str, Any]:
    """Returns a metric as the report holds it: its value, interval and counts.

    ``mean`` is the value of the statistic; cases that came to no answer are counted as errors.
    """
    rows = metric.take_rows(cases, values)
    array = as_array(rows.values())
    n_errors = sum(not own for own in values)
    value = metric.statistic(array) if len(rows) else None
    low, high = find_interval(metric, array, seed) if value is not None else (None, None)
    return {
        "name": metric.name,
        "title": metric.title,
        "group": metric.group,
        "mean": round_value(value),
        "low": round_value(low),
        "high": round_value(high),
        "n": len(rows),
        "n_inapplicable": len(cases) - len(rows) - n_errors,
        "n_errors": n_errors,
        "higher_is_better": metric.higher_is_better,
        "floor": None,
        "passed": None,
        "unit": metric.unit,
    }


def find_interval(metric: Metric, rows: Array, seed: int) -> tuple[float | None, float | None]:
    """Returns the 95 % percentile bootstrap interval of a metric.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    found = [metric.statistic(rows[chosen]) for chosen in draw_indices(len(rows), seed)]
    return percentile_interval(np.array(found, dtype=np.float64)) or (None, None)
