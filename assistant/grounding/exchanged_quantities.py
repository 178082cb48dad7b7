"""Quantities that have changed places: '15% for A, 70% for B' where the claim has it reversed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import combinations, product

from assistant.grounding.clause_words import read_words
from assistant.grounding.places import Place, measure_alignment, weigh_place
from assistant.grounding.quantities import Quantity, agrees, find_quantities

_MIN_LEAD = 0.4
"""How much better two quantities must fit each other's places. Source: measured,
evals/grounding.py."""


def find_exchanged(
    claim: str, texts: Sequence[str], idf: Callable[[str], float]
) -> list[tuple[Quantity, Quantity]]:
    """Returns the quantities of ``claim`` of which two stand in each other's places in a text.

    Each comes with the quantity that the text has in its place.
    """
    stated = [_place_quantities(text, idf) for text in texts]
    found = []
    for (first, place), (second, its_place) in combinations(_place_quantities(claim, idf), 2):
        if first.kind != second.kind or agrees(first, second):
            continue
        for placed in stated:
            for (left, there), (right, beyond) in product(
                [one for one in placed if agrees(first, one[0])],
                [one for one in placed if agrees(second, one[0])],
            ):
                if agrees(left, right):
                    continue
                lead = measure_alignment(place, beyond) - measure_alignment(place, there)
                its_lead = measure_alignment(its_place, there) - measure_alignment(
                    its_place, beyond
                )
                if min(lead, its_lead) > 0 and lead + its_lead >= _MIN_LEAD:
                    found.append((first, right))
    return found


def _place_quantities(text: str, idf: Callable[[str], float]) -> list[tuple[Quantity, Place]]:
    """Returns the quantities of ``text`` with the words around them."""
    words = read_words(text)
    starts = [word.start for word in words]
    placed = []
    for quantity in find_quantities(text):
        if quantity.spelled and quantity.value <= 1:
            continue  # "One" and "zero" stand for too much else.
        at = max(bisect_right(starts, quantity.at) - 1, 0)
        # Neighbouring quantities are no words that tell one place from another.
        placed.append((quantity, weigh_place(words, at, idf, lambda word: word[:1].isdigit())))
    return placed
