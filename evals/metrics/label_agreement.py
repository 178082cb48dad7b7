"""How far scores and verdicts agree with labels. Pure; None where a measure does not apply.

The formulas are scikit-learn's. What it answers with a warning, or with a number that means
nothing, is None here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from assistant_evals.metrics.resampling import percentile_interval, resample_counts
from numpy.typing import NDArray
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    precision_recall_curve,
    precision_recall_fscore_support,
)

N_BINS = 10


def precision_recall_f1(
    said: Sequence[int], labels: Sequence[int]
) -> tuple[float | None, float | None, float | None]:
    """Returns precision, recall and their harmonic mean for 1, [0, 1]; None where undefined."""
    if not any(said) and not any(labels):
        return None, None, None
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, said, average="binary", zero_division=0.0
    )
    return (
        float(precision) if any(said) else None,
        float(recall) if any(labels) else None,
        float(f1),
    )


def balanced_accuracy(said: Sequence[int], labels: Sequence[int]) -> float | None:
    """Returns the mean of the shares of either label that were said right, [0, 1].

    None where a label is missing; 0.5 is chance.
    """
    return float(balanced_accuracy_score(labels, said)) if len(set(labels)) == 2 else None


def cohen_kappa(a: Sequence[int], b: Sequence[int]) -> float | None:
    """Returns the agreement of two judges beyond chance, [-1, 1]; 1 is perfect, 0 chance.

    None without pairs, and where both judges say one and the same thing throughout.

    Raises:
        ValueError: the lengths differ.
    """
    return float(cohen_kappa_score(a, b)) if len({*a, *b}) > 1 else None


def reliability(scores: Sequence[float], labels: Sequence[int]) -> list[dict[str, Any]]:
    """Returns ten bins of equal width: their mean score beside the share of label 1 among them.

    A bin holds its low end and not its high one, but the last holds 1.0; scikit-learn's
    ``calibration_curve`` has it the other way round, and does not count. Means are None in empty
    bins.

    Raises:
        ValueError: a score is not in [0, 1].

    Source: DeGroot & Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
    """
    values, right = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    bins = _bins(values)
    held = [bins == place for place in range(N_BINS)]
    return [
        {
            "low": place / N_BINS,
            "high": (place + 1) / N_BINS,
            "n": int(inside.sum()),
            "mean_score": float(values[inside].mean()) if inside.any() else None,
            "share_right": float(right[inside].mean()) if inside.any() else None,
        }
        for place, inside in enumerate(held)
    ]


def expected_calibration_error(
    scores: Sequence[float], labels: Sequence[int], weights: Sequence[float] | None = None
) -> float | None:
    """Returns how far the bins' mean scores are from their shares of label 1, weighed by size.

    In [0, 1], 0 is calibrated; None without scores. ``weights`` say what each score counts for, all
    the same where None.

    Raises:
        ValueError: a score is not in [0, 1].

    Source: Naeini, Cooper & Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", 2015, section 3.
    """
    if not len(scores):
        return None
    values = np.asarray(scores, dtype=np.float64)
    share = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    gaps = np.bincount(_bins(values), weights=share * (values - np.asarray(labels)))
    return float(np.abs(gaps).sum() / share.sum())


def threshold_for_precision(
    scores: Sequence[float], labels: Sequence[int], wanted: float
) -> float | None:
    """Returns the lowest score from which on upwards at least ``wanted`` of the labels are 1.

    One of ``scores``; None where no score reaches that. The lowest keeps the most recall.

    Source: Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008, 8.4: a
    point of the precision-recall curve.
    """
    if not any(labels):
        return None
    precision, _, thresholds = precision_recall_curve(labels, scores)
    reached = thresholds[precision[:-1] >= wanted]
    return float(reached[0]) if len(reached) else None


def balanced_accuracy_interval(
    said: Sequence[int], labels: Sequence[int], *, seed: int = 0
) -> tuple[float, float] | None:
    """Returns the 95 % bootstrap interval of the balanced accuracy, pairs drawn anew.

    None where a label is missing.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    if len(set(labels)) < 2:
        return None
    counts = resample_counts(len(labels), seed=seed)
    truth, right = np.array(labels), np.array(said) == np.array(labels)
    with np.errstate(invalid="ignore"):
        shares = [
            (counts * (right & (truth == label))).sum(axis=1)
            / (counts * (truth == label)).sum(axis=1)
            for label in (0, 1)
        ]
    return percentile_interval((shares[0] + shares[1]) / 2)


def _bins(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns the bin of each score; the last also holds 1.0."""
    wrong = ~((scores >= 0) & (scores <= 1))
    if wrong.any():
        raise ValueError(f"a score must be in [0, 1], not {float(scores[wrong][0])!r}")
    return np.minimum((scores * N_BINS).astype(np.int64), N_BINS - 1)
