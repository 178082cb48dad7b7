"""Quantities that have changed places: '15% for A, 70% for B' where the claim has it reversed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations, islice, product

from assistant.grounding.clause_words import read_words
from assistant.grounding.places import Place, measure_alignment, weigh_place
from assistant.grounding.quantities import Quantity, agrees, find_quantities
from assistant.grounding.quantity_index import QuantityIndex, identify

_MIN_LEAD = 0.4
"""How much better two quantities must fit each other's places. Source: measured,
evals/grounding.py."""

MAX_PLACED = 16
"""Quantities of one sentence whose places are compared: what has more is a table, and each pair
costs time."""


def find_exchanged(
    claim: str, texts: Sequence[str], idf: Callable[[str], float]
) -> list[tuple[Quantity, Quantity]]:
    """Returns the quantities of ``claim`` of which two stand in each other's places in a text.

    Each comes with the quantity that the text has in its place. Of a claim and of each text the
    first MAX_PLACED that can be meant are compared.
    """
    own = list(islice(_list_telling(claim), MAX_PLACED))
    pairs = [
        (one, other)
        for one, other in combinations(range(len(own)), 2)
        if own[one].kind == own[other].kind and not agrees(own[one], own[other])
    ]
    if not pairs:
        return []
    stated = _StatedQuantities(texts, idf)
    agreeing = [stated.find_agreeing(quantity) for quantity in own]
    places = [_weigh(claim, quantity, idf) for quantity in own]
    found = []
    for one, other in pairs:
        place, its_place = places[one], places[other]
        for text in agreeing[one]:
            for left, right in product(agreeing[one][text], agreeing[other].get(text, ())):
                if agrees(left, right):
                    continue
                there, beyond = stated.weigh(text, left), stated.weigh(text, right)
                lead = measure_alignment(place, beyond) - measure_alignment(place, there)
                its_lead = measure_alignment(its_place, there) - measure_alignment(
                    its_place, beyond
                )
                if min(lead, its_lead) > 0 and lead + its_lead >= _MIN_LEAD:
                    found.append((own[one], right))
    return found


class _StatedQuantities:
    """The quantities of several texts, found by what they agree with; places are read on demand."""

    def __init__(self, texts: Sequence[str], idf: Callable[[str], float]) -> None:
        self._texts = texts
        self._idf = idf
        self._places: dict[tuple[int, int], Place] = {}
        self._held: dict[Hashable, list[tuple[int, Quantity]]] = {}
        for number, text in enumerate(texts):
            for quantity in _list_telling(text):
                self._held.setdefault(identify(quantity), []).append((number, quantity))
        self._index = QuantityIndex(rows[0][1] for rows in self._held.values())

    def find_agreeing(self, claimed: Quantity) -> dict[int, list[Quantity]]:
        """Returns, for each text in order, its first quantities that bear ``claimed`` out."""
        keys = self._index.find_agreeing(claimed)
        found: dict[int, list[Quantity]] = {}
        for number, quantity in sorted(
            (row for key in keys for row in self._held[key]),
            key=lambda row: (row[0], row[1].at),
        ):
            own = found.setdefault(number, [])
            if len(own) < MAX_PLACED:
                own.append(quantity)
        return found

    def weigh(self, number: int, quantity: Quantity) -> Place:
        """Returns the words around a quantity of a text."""
        key = number, quantity.at
        if key not in self._places:
            self._places[key] = _weigh(self._texts[number], quantity, self._idf)
        return self._places[key]


def _list_telling(text: str) -> Iterator[Quantity]:
    """Yields the quantities of ``text``; "one" and "zero" stand for too much else."""
    quantities: Iterable[Quantity] = find_quantities(text)
    return (one for one in quantities if not (one.spelled and one.value <= 1))


def _weigh(text: str, quantity: Quantity, idf: Callable[[str], float]) -> Place:
    words = read_words(text)
    at = max(bisect_right(words, quantity.at, key=lambda word: word.start) - 1, 0)
    # Neighbouring quantities are no words that tell one place from another.
    return weigh_place(words, at, idf, lambda word: word[:1].isdigit())
