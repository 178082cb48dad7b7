"""Scores of several kinds for each candidate paper -> one ranking. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns ``scores`` (n,) with mean 0 and standard deviation 1; all 0 where they are equal."""
    if scores.size == 0:
        return scores
    centred = scores - scores.mean()
    spread = centred.std()
    # Equal scores carry no preference; dividing their rounding error by itself would invent one.
    tiny = np.finfo(np.float32).eps * max(1.0, float(np.abs(scores).max()))
    return np.zeros_like(centred) if spread <= tiny else centred / spread


def fuse(*sides: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns the mean of all sides' standardised scores, (n,), higher is better.

    Each side holds the true score of every candidate, whichever side proposed it. Equal weights:
    weights fitted on some collections gained nothing on the others (evals/lab/fit_ranking.py).
    """
    return np.asarray(np.mean([standardise(side) for side in sides], axis=0), dtype=np.float32)


def find_top_rows(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Returns the positions of the ``n`` highest scores, best first, earlier first when equal."""
    if n < scores.size:
        # Whatever equals the n-th score is kept until the stable sort has ordered it.
        nth = np.partition(scores, scores.size - n)[scores.size - n]
        positions = np.flatnonzero(scores >= nth)
    else:
        positions = np.arange(scores.size)
    order = np.argsort(-scores[positions], kind="stable")[:n]
    return positions[order].astype(np.int64)
