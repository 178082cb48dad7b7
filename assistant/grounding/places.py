"""Where a word stands: the words around it, and how alike two such places are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.grounding.clause_words import ClauseWord

REACH = 7
"""Words looked at on either side."""

_OTHER_CLAUSE = 0.35
"""Words beyond a comma or an 'and' belong to the place less."""
_HALVING = 3.0
"""So many words away, a word weighs half."""
_MIN_STATED = 0.35
"""A shared word counts this much at least, however far from the place in the source."""

Place = Mapping[str, float]
"""Terms with their weights, > 0."""


def weigh_place(
    words: Sequence[ClauseWord],
    at: int,
    idf: Callable[[str], float],
    skipped: Callable[[str], object] | None = None,
) -> Place:
    """Returns the terms around ``words[at]``, the nearer the heavier.

    Words of which ``skipped`` is true are left out.
    """
    place: dict[str, float] = {}
    for other in range(max(at - REACH, 0), min(at + REACH + 1, len(words))):
        word = words[other]
        if other == at or word.term is None or (skipped and skipped(word.folded)):
            continue
        weight = idf(word.term) / (1.0 + abs(other - at) / _HALVING)
        if word.clause != words[at].clause:
            weight *= _OTHER_CLAUSE
        place[word.term] = max(place.get(word.term, 0.0), weight)
    return place


def measure_alignment(claimed: Place, stated: Place) -> float:
    """Returns how much of a claim's place is in a source's, [0, 1]; 0 for an empty place."""
    total = sum(claimed.values())
    if total <= 0:
        return 0.0
    shared = sum(
        min(weight, max(stated[term], _MIN_STATED * weight))
        for term, weight in claimed.items()
        if term in stated
    )
    return shared / total
