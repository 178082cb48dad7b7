"""Which of the papers found an LLM is shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.evidence.gathering import ScoredEvidence

SHOWN_TOKENS = 6_000
"""Tokens of abstracts that an LLM is shown, at most: 13 to 26 papers.
Source: measured on seven fields, evals/lab/shown.py: the paper that a question describes is among
the first four found in .90 to .99, among as many as these tokens hold in .96 to 1."""

MAX_SHOWN = 50
"""Papers looked at for it; of shorter abstracts 6,000 tokens hold no more."""

MAX_NEW = 10
"""Papers that a second look adds to those shown before."""


def order_papers(scored: ScoredEvidence, rows: Sequence[int]) -> list[int]:
    """Returns ``rows``, papers in the order of a search, with those scored first, likeliest first.

    Those whose sentences were scored are the search's first; the others follow as they came.
    """
    likeliest = np.argsort(-scored.papers, kind="stable").tolist()
    first = [scored.evidence.papers[k].candidate.row for k in likeliest]
    return [*first, *(row for row in rows if row not in set(first))]


def take_in_turn(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Returns the rows of several searches, the first of each, then the second of each, once."""
    longest = max(map(len, rankings), default=0)
    in_turn = (rows[n] for n in range(longest) for rows in rankings if n < len(rows))
    return list(dict.fromkeys(in_turn))
