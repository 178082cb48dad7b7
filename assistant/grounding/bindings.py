"""Figures that the sources hold, but for something else than the claim says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from assistant.grounding.figures import Figure, agrees, figures
from assistant.grounding.places import Place, alignment, place_of
from assistant.grounding.wording import read_words

_MIN_RIVAL = 0.6
_MIN_LEAD = 0.3
"""How much better another figure's place must match. Source: measured, evals/grounding.py."""


def misbound_figures(
    claim: str, texts: Sequence[str], idf: Callable[[str], float]
) -> list[tuple[Figure, Figure]]:
    """Returns the figures of ``claim`` whose words stand around another figure in ``texts``.

    Each comes with that other figure. A figure that the texts lack is none of these.
    """
    own = _placed(claim, idf)
    stated = [placed for text in texts for placed in _placed(text, idf)]
    found = []
    for figure, place in own:
        nearest = [alignment(place, there) for other, there in stated if agrees(figure, other)]
        rivals = [
            (near, other)
            for other, there in stated
            if other.kind == figure.kind
            and not agrees(figure, other)
            and (near := alignment(place, there)) >= _MIN_RIVAL
            and not any(
                agrees(one, other) and alignment(its_place, there) >= near - _MIN_LEAD
                for one, its_place in own
            )
        ]
        if nearest and rivals:
            near, rival = max(rivals, key=lambda pair: pair[0])
            if near - max(nearest) >= _MIN_LEAD:
                found.append((figure, rival))
    return found or _swapped_pairs(claim, texts)


def _placed(text: str, idf: Callable[[str], float]) -> list[tuple[Figure, Place]]:
    words = read_words(text)
    starts = [word.start for word in words]
    placed = []
    for figure in figures(text):
        at = max(bisect_right(starts, figure.at) - 1, 0)
        # Neighbouring figures are no words that tell one place from another.
        placed.append((figure, place_of(words, at, idf, lambda word: word[:1].isdigit())))
    return placed


def _swapped_pairs(claim: str, texts: Sequence[str]) -> list[tuple[Figure, Figure]]:
    """Returns neighbouring figures of ``claim`` that a text lists in the other order.

    The words around them must not have changed places as well.
    """
    own = figures(claim)
    found = []
    for first, second in zip(own, own[1:], strict=False):
        if second.at - first.end > 6 or first.kind != second.kind or agrees(first, second):
            continue
        for text in texts:
            listed = figures(text)
            for left, right in zip(listed, listed[1:], strict=False):
                close = right.at - left.end <= 6
                if close and agrees(first, right) and agrees(second, left):
                    if not _reordered(claim, text):
                        found.append((first, left))
    return found


def _reordered(claim: str, text: str) -> bool:
    """Whether two terms that both texts hold once stand in another order in ``claim``."""
    own = [word.term for word in read_words(claim) if word.term and not word.term[0].isdigit()]
    stated = [word.term for word in read_words(text) if word.term]
    order = [stated.index(term) for term in own if stated.count(term) == 1]
    return any(a > b for a, b in zip(order, order[1:], strict=False))
