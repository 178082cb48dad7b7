"""Statistics over cases, of which each is a row of an array. Pure; None without a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from assistant_evals.metrics.roc import auroc
from numpy.typing import NDArray

Array = NDArray[np.float64]


def mean(rows: Array) -> float | None:
    """Returns the mean of the only column."""
    return float(rows[:, 0].mean()) if len(rows) else None


def ratio(rows: Array) -> float | None:
    """Returns the sum of the first column over that of the second; None where that is 0."""
    below = rows[:, 1].sum()
    return float(rows[:, 0].sum() / below) if below else None


def per_hundred(rows: Array) -> float | None:
    """Returns ``ratio`` times 100."""
    found = ratio(rows)
    return None if found is None else 100 * found


def total(rows: Array) -> float | None:
    """Returns the sum of the only column."""
    return float(rows[:, 0].sum())


def tenth_percentile(rows: Array) -> float | None:
    """Returns the value that a tenth lies below, interpolated between neighbours.

    Source: Hyndman & Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7.
    """
    return float(np.quantile(rows[:, 0], 0.1)) if len(rows) else None


def area_under_roc(rows: Array) -> float | None:
    """Returns how often a positive scores above a negative; columns: score, 1 for a positive."""
    is_positive = rows[:, 1] == 1
    return auroc(rows[is_positive, 0], rows[~is_positive, 0])


def risk_coverage(rows: Array) -> Array:
    """Returns the risk among the k surest questions at each coverage k / n: shape (n, 2).

    Columns of ``rows``: confidence, and 1 where answering is a mistake. Equally sure questions
    share the mean risk of their block, so that their order does not matter.

    Source: El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", 2010,
    section 2; the curve over all thresholds as in Geifman & El-Yaniv, "Selective Classification
    for Deep Neural Networks", 2017.
    """
    n = len(rows)
    order = np.argsort(-rows[:, 0], kind="stable")
    confidence, losses = rows[order, 0], rows[order, 1]
    _, starts, counts = np.unique(-confidence, return_index=True, return_counts=True)
    means = np.add.reduceat(losses, starts) / counts if n else losses
    covered = np.arange(1, n + 1)
    return np.column_stack((covered / n, np.cumsum(np.repeat(means, counts)) / covered))


def area_under_risk_coverage(rows: Array) -> float | None:
    """Returns the mean risk over all coverages, [0, 1], lower is better.

    Source: Geifman et al., "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    2019, section 2 (AURC).
    """
    return float(risk_coverage(rows)[:, 1].mean()) if len(rows) else None


def as_array(rows: Any) -> Array:
    """Returns rows as an array of shape (n, width)."""
    found = [tuple(row) for row in rows]
    return np.array(found, dtype=np.float64) if found else np.empty((0, 2))


def mean_of(values: Sequence[float | None]) -> tuple[float | None, int]:
    """Returns the mean of the values that apply, and their number."""
    applicable = [value for value in values if value is not None]
    return (sum(applicable) / len(applicable) if applicable else None), len(applicable)
