"""Figures that the sources hold, but for something else than the claim says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise, product

from assistant.grounding.figures import Figure, agrees, figures
from assistant.grounding.places import Place, alignment, place_of
from assistant.grounding.wording import read_words

_MIN_RIVAL = 0.6
_MIN_LEAD = 0.3
_MIN_PAIR_LEAD = 0.4
"""How much better another figure's place must match. Source: measured, evals/lab/grounding.py."""


_NEIGHBOURS = 6
"""Characters between figures of one list: ' and ', ', '."""

_Placed = tuple[Figure, Place, int, str]
"""A figure, the words around it, its offset and its text."""


def misbound_figures(
    claim: str, texts: Sequence[str], idf: Callable[[str], float]
) -> list[tuple[Figure, Figure]]:
    """Returns the figures of ``claim`` whose words stand around another figure in ``texts``.

    Each comes with that other figure. A figure that the texts lack is none of these.
    """
    own = _placed(claim, idf)
    stated = [placed for text in texts for placed in _placed(text, idf)]
    found = []
    for figure, place, _, _ in own:
        best_lead, rival = 0.0, None
        for other, there, at, text in stated:
            if other.kind != figure.kind or agrees(figure, other):
                continue
            near = alignment(place, there)
            if near < _MIN_RIVAL or any(agrees(one, other) for one, _, _, _ in own):
                continue
            nearest = [
                alignment(_not_shared(place, text, at, its_at, its_text), its_place)
                for same, its_place, its_at, its_text in stated
                if agrees(figure, same)
            ]
            if nearest and near - max(nearest) > best_lead:
                best_lead, rival = near - max(nearest), other
        if rival is not None and best_lead >= _MIN_LEAD:
            found.append((figure, rival))
    return found or _exchanged(own, stated) or _swapped_pairs(claim, texts)


def _exchanged(own: Sequence[_Placed], stated: Sequence[_Placed]) -> list[tuple[Figure, Figure]]:
    """Returns pairs of figures of which each fits the other's place better than its own."""
    found = []
    for (first, place, _, _), (second, its_place, _, _) in combinations(own, 2):
        if first.kind != second.kind or agrees(first, second):
            continue
        for (left, there, _, text), (right, beyond, _, its_text) in product(
            [one for one in stated if agrees(first, one[0])],
            [one for one in stated if agrees(second, one[0])],
        ):
            if text != its_text or agrees(left, right):
                continue
            lead = alignment(place, beyond) - alignment(place, there)
            its_lead = alignment(its_place, there) - alignment(its_place, beyond)
            if min(lead, its_lead) > 0 and lead + its_lead >= _MIN_PAIR_LEAD:
                found.append((first, right))
    return found


def _not_shared(place: Place, text: str, rival_at: int, at: int, its_text: str) -> Place:
    """Returns ``place`` without the terms that stand before both of two figures of one sentence.

    In "the ratios are 15% for A and 70% for B" the ratios belong to either figure.
    """
    if text != its_text or rival_at >= at:
        return place
    before = {word.term for word in read_words(text) if word.start < rival_at}
    return {term: weight for term, weight in place.items() if term not in before} or place


def _placed(text: str, idf: Callable[[str], float]) -> list[_Placed]:
    words = read_words(text)
    starts = [word.start for word in words]
    placed = []
    for figure in figures(text):
        if figure.spelled and figure.value <= 1:
            continue  # "One" and "zero" stand for too much else.
        at = max(bisect_right(starts, figure.at) - 1, 0)
        # Neighbouring figures are no words that tell one place from another.
        place = place_of(words, at, idf, lambda word: word[:1].isdigit())
        placed.append((figure, place, figure.at, text))
    return placed


def _swapped_pairs(claim: str, texts: Sequence[str]) -> list[tuple[Figure, Figure]]:
    """Returns neighbouring figures of ``claim`` that a text lists in the other order.

    The words around them must not have changed places as well.
    """
    own = figures(claim)
    found = []
    for first, second in pairwise(own):
        if (
            second.at - first.end > _NEIGHBOURS
            or first.kind != second.kind
            or agrees(first, second)
        ):
            continue
        for text in texts:
            listed = figures(text)
            for left, right in pairwise(listed):
                close = right.at - left.end <= _NEIGHBOURS
                swapped = close and agrees(first, right) and agrees(second, left)
                if swapped and not _reordered(claim, text):
                    found.append((first, left))
    return found


def _reordered(claim: str, text: str) -> bool:
    """Whether two terms that both texts hold once stand in another order in ``claim``."""
    own = [word.term for word in read_words(claim) if word.term and not word.term[0].isdigit()]
    stated = [word.term for word in read_words(text) if word.term]
    order = [stated.index(term) for term in own if stated.count(term) == 1]
    return any(a > b for a, b in pairwise(order))
