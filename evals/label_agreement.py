"""How far scores and verdicts agree with labels. Pure; None where a measure does not apply."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from assistant_evals.resampling import percentile_interval, resample_counts

N_BINS = 10


def precision_recall_f1(
    said: Sequence[int], labels: Sequence[int]
) -> tuple[float | None, float | None, float | None]:
    """Returns precision, recall and their harmonic mean for 1, [0, 1]; None where undefined.

    Source: van Rijsbergen, "Information Retrieval", 1979, chapter 7.
    """
    right = sum(a and b for a, b in zip(said, labels, strict=True))
    n_said, n_true = sum(said), sum(labels)
    return (
        right / n_said if n_said else None,
        right / n_true if n_true else None,
        2 * right / (n_said + n_true) if n_said + n_true else None,
    )


def balanced_accuracy(said: Sequence[int], labels: Sequence[int]) -> float | None:
    """Returns the mean of the shares of either label that were said right, [0, 1].

    None where a label is missing; 0.5 is chance.

    Source: Brodersen et al., "The Balanced Accuracy and Its Posterior Distribution", 2010.
    """
    right = _shares_right(said, labels)
    return None if right is None else sum(right) / 2


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """Returns the agreement of two judges beyond chance, [-1, 1]; 1 is perfect, 0 chance.

    None without pairs, and where both judges say one and the same thing throughout.

    Raises:
        ValueError: the lengths differ.

    Source: Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
    """
    agreed = sum(x == y for x, y in zip(a, b, strict=True))
    n = len(a)
    by_chance = sum(a.count(label) * b.count(label) for label in set(a))
    if not n or by_chance == n * n:
        return None
    return (agreed / n - by_chance / n**2) / (1 - by_chance / n**2)


def reliability(scores: Sequence[float], labels: Sequence[int]) -> list[dict[str, Any]]:
    """Returns ten bins of equal width: their mean score beside the share of label 1 among them.

    A bin holds its low end and not its high one, but the last holds 1.0. Means are None in
    empty bins.

    Raises:
        ValueError: a score is not in [0, 1].

    Source: DeGroot & Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
    """
    bins: list[list[tuple[float, int]]] = [[] for _ in range(N_BINS)]
    for score, label in zip(scores, labels, strict=True):
        if not 0 <= score <= 1:
            raise ValueError(f"a score must be in [0, 1], not {score!r}")
        bins[min(int(score * N_BINS), N_BINS - 1)].append((score, label))
    return [
        {
            "low": place / N_BINS,
            "high": (place + 1) / N_BINS,
            "n": len(held),
            "mean_score": sum(s for s, _ in held) / len(held) if held else None,
            "share_right": sum(y for _, y in held) / len(held) if held else None,
        }
        for place, held in enumerate(bins)
    ]


def expected_calibration_error(scores: Sequence[float], labels: Sequence[int]) -> float | None:
    """Returns how far the bins' mean scores are from their shares of label 1, weighed by size.

    In [0, 1], 0 is calibrated; None without scores.

    Raises:
        ValueError: a score is not in [0, 1].

    Source: Naeini, Cooper & Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", 2015, section 3.
    """
    if not scores:
        return None
    rows = [row for row in reliability(scores, labels) if row["n"]]
    gaps = sum(row["n"] * abs(row["share_right"] - row["mean_score"]) for row in rows)
    return float(gaps / len(scores))


def threshold_for_precision(
    scores: Sequence[float], labels: Sequence[int], wanted: float
) -> float | None:
    """Returns the lowest score from which on upwards at least ``wanted`` of the labels are 1.

    One of ``scores``; None where no score reaches that. The lowest keeps the most recall.

    Source: Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008, 8.4: a
    point of the precision-recall curve.
    """
    order = sorted(zip(scores, labels, strict=True), reverse=True)
    best, right = None, 0
    for n, (score, label) in enumerate(order, start=1):
        right += label
        # Equal scores stand or fall together.
        last = n == len(order) or order[n][0] != score
        if last and right >= wanted * n:
            best = score
    return best


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


def _shares_right(said: Sequence[int], labels: Sequence[int]) -> tuple[float, float] | None:
    n_true = sum(labels)
    n_false = len(labels) - n_true
    if not n_true or not n_false:
        return None
    right = [label for verdict, label in zip(said, labels, strict=True) if verdict == label]
    return (len(right) - sum(right)) / n_false, sum(right) / n_true
