"""Scores of several kinds for each candidate paper -> one ranking. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.5
"""Source: measured, evals/retrieval.py; .4 to .6 are within noise on every collection."""


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns ``scores`` (n,) with mean 0 and standard deviation 1; all 0 where they are equal."""
    if scores.size == 0:
        return scores
    centred = scores - scores.mean()
    spread = centred.std()
    # Equal scores carry no preference; dividing their rounding error by itself would invent one.
    tiny = np.finfo(np.float32).eps * max(1.0, float(np.abs(scores).max()))
    return np.zeros_like(centred) if spread <= tiny else centred / spread


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns the weighted sum of both sides' standardised scores, (n,), higher is better.

    Both hold the true score of every candidate, whichever side proposed it.
    """
    return DENSE_WEIGHT * standardise(dense) + (1 - DENSE_WEIGHT) * standardise(lexical)


def top_rows(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Returns the positions of the ``n`` highest scores, best first, earlier first when equal."""
    if n < scores.size:
        # Whatever equals the n-th score is kept until the stable sort has ordered it.
        nth = np.partition(scores, scores.size - n)[scores.size - n]
        positions = np.flatnonzero(scores >= nth)
    else:
        positions = np.arange(scores.size)
    order = np.argsort(-scores[positions], kind="stable")[:n]
    return positions[order].astype(np.int64)
