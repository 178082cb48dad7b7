"""Formulas of rankings. Pure; None where one does not apply."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence


def recall_at_k(ranking: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Returns the share of ``relevant`` ids among the first ``k``, [0, 1]; None without any.

    Where more than ``k`` ids are relevant, the share is of the ``k`` that could be there.

    Source: Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008, 8.3 and
    8.4; the cap as BEIR's "capped recall" (Thakur et al. 2021, appendix).
    """
    _check_k(k)
    if not relevant:
        return None
    return len(set(ranking[:k]) & set(relevant)) / min(len(set(relevant)), k)


def reciprocal_rank_at_k(ranking: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Returns 1 / rank of the first relevant id, 0 if none is among the first ``k``.

    Source: Voorhees, "The TREC-8 Question Answering Track Report", 1999, section 3.
    """
    _check_k(k)
    if not relevant:
        return None
    ranks = (rank for rank, found in enumerate(ranking[:k], 1) if found in relevant)
    return 1.0 / next(ranks, math.inf)


def ndcg_at_k(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """Returns the discounted gain of the first ``k`` over that of the best order, [0, 1].

    The gain of an id is its judged grade, its discount log2(rank + 1); None where no grade is
    above 0.

    Source: Järvelin & Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", 2002,
    section 2, with the discount of trec_eval's ndcg_cut.
    """
    _check_k(k)
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k]
    if not best:
        return None
    return _discounted([max(gains.get(i, 0.0), 0.0) for i in ranking[:k]]) / _discounted(best)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _check_k(k: int) -> None:
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k!r}")
