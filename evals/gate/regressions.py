"""Metrics that fell below the baseline by more than noise.

The same cases are drawn again and again and the metric is taken of both runs each time; it has
fallen where it did in nearly every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from assistant_evals.cases.cases import Case
from assistant_evals.cases.suites import Suite
from assistant_evals.errors import GoldenError
from assistant_evals.gate.gates import Breach, Gate
from assistant_evals.metrics.metric import Metric, Row, Values
from assistant_evals.metrics.resampling import draw_indices

_LEAST = 1e-9
_SHOWN = 5


def hold_regressions(
    suite: Suite,
    metrics: Sequence[Metric],
    cases: Sequence[Case],
    values: Sequence[Values],
    baseline: Mapping[str, Any],
    seed: int,
) -> Gate:
    """Returns which figures fell below the baseline over the cases of both.

    Raises:
        GoldenError: a metric that is to be held is unknown.
    """
    by_name = {metric.name: metric for metric in metrics}
    gate = Gate()
    n_missing = len(set(baseline["cases"]) - {case.id for case in cases})
    if n_missing:
        gate.notes.append(f"{n_missing} cases of the baseline were not asked in this run.")
    for name in suite.regressions.metrics:
        if name not in by_name:
            raise GoldenError(f"suite {suite.name} holds {name!r}, which is no figure")
        metric = by_name[name]
        now = metric.take_rows(cases, values)
        before = {key: tuple(row) for key, row in baseline["rows"].get(name, {}).items()}
        asked = {case.id for case in cases}
        breach = find_regression(
            metric,
            now,
            {k: v for k, v in before.items() if k in asked},
            suite.regressions.level,
            seed,
        )
        if breach:
            gate.breaches.append(breach)
    return gate


def find_regression(
    metric: Metric,
    now: Mapping[str, Row],
    before: Mapping[str, Row],
    level: float,
    seed: int,
) -> Breach | None:
    """Returns the breach where a metric is worse than before by more than noise; else None.

    The bootstrap is paired: both runs are drawn with the same cases. A case that the metric
    applies to in one run only counts in that run, as an answer that is now declined does.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 16; paired by
    case as in Koehn, "Statistical Significance Tests for Machine Translation Evaluation", 2004.
    """
    names = sorted(set(now) | set(before))
    if not names or not before:
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    new, old = _sparse(names, now), _sparse(names, before)

    def change(chosen: Any) -> float | None:
        after, ahead = _taken(metric, new, chosen), _taken(metric, old, chosen)
        return None if after is None or ahead is None else sign * (after - ahead)

    whole = change(np.arange(len(names)))
    if whole is None:
        return Breach(metric.name, f"{metric.title} has no value any more.", tuple(before)[:_SHOWN])
    if whole > -_LEAST:
        return None
    drawn = [change(chosen) for chosen in draw_indices(len(names), seed)]
    held = [found for found in drawn if found is not None]
    if not held or np.quantile(held, level) > -_LEAST:
        return None
    was = _taken(metric, old, np.arange(len(names)))
    got = _taken(metric, new, np.arange(len(names)))
    return Breach(
        metric.name,
        f"{metric.title} went from {was:.3f} to {got:.3f}, which noise does not explain "
        f"({level:.0%} of draws are worse than the baseline).",
        tuple(list_worse(metric, now, before)),
    )


def list_worse(metric: Metric, now: Mapping[str, Row], before: Mapping[str, Row]) -> list[str]:
    """Returns the ids of the cases whose own value of a metric went down, or went away."""
    sign = 1.0 if metric.higher_is_better else -1.0
    return [
        name
        for name in sorted(set(before) | set(now))
        if sign * (_alone(now.get(name)) - _alone(before.get(name))) < 0
    ]


def _alone(row: Sequence[float] | None) -> float:
    """Returns the value of one case: its share where the row is a pair of counts."""
    if row is None:
        return 0.0
    return row[0] / row[1] if len(row) == 2 and row[1] > 1 else row[0]


def _sparse(names: Sequence[str], rows: Mapping[str, Row]) -> tuple[Any, Any]:
    """Returns the rows in the order of ``names``, and which of the names have one."""
    width = max((len(row) for row in rows.values()), default=1)
    array = np.array([rows.get(name, (0.0,) * width) for name in names], dtype=np.float64)
    return array, np.array([name in rows for name in names])


def _taken(metric: Metric, rows: tuple[Any, Any], chosen: Any) -> float | None:
    array, held = rows
    kept = array[chosen][held[chosen]]
    return metric.statistic(kept) if len(kept) else None
