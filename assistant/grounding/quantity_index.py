"""Which of many quantities bear one out, found without comparing it with all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator

from assistant.grounding.quantities import Quantity, agrees

_TWICE = {50.0: 2.0, 2.0: 50.0}
"""What halves and what doubles: the only shares and factors that agree."""


class QuantityIndex:
    """The quantities of some texts, sorted by their numbers.

    Numbers that agree with one lie around it without a gap, since rounding keeps their order. So
    where its nearest neighbours do not agree, none does; the time is logarithmic in their number.
    """

    def __init__(self, stated: Iterable[Quantity]) -> None:
        distinct = {identify(quantity): quantity for quantity in stated}
        self._by_text: dict[str, list[Quantity]] = {}
        by_field: dict[tuple[str, str], list[tuple[float, Quantity]]] = {}
        for quantity in distinct.values():
            self._by_text.setdefault(quantity.text, []).append(quantity)
            by_field.setdefault((quantity.kind, "value"), []).append((quantity.value, quantity))
            by_field.setdefault((quantity.kind, "raw"), []).append((quantity.raw, quantity))
        self._sorted: list[tuple[str, str, list[float], list[Quantity]]] = []
        for (kind, field), rows in by_field.items():
            rows.sort(key=lambda row: row[0])
            numbers, quantities = [row[0] for row in rows], [row[1] for row in rows]
            self._sorted.append((kind, field, numbers, quantities))

    def holds(self, claimed: Quantity) -> bool:
        """Returns whether any of the quantities bears ``claimed`` out."""
        return any(True for _ in self._find(claimed))

    def find_agreeing(self, claimed: Quantity) -> frozenset[Hashable]:
        """Returns what ``identify`` gives for each quantity that bears ``claimed`` out."""
        return frozenset(map(identify, self._find(claimed)))

    def _find(self, claimed: Quantity) -> Iterator[Quantity]:
        if "^" in claimed.text:
            same = self._by_text.get(claimed.text.replace("^", ""), ())
            yield from (quantity for quantity in same if agrees(claimed, quantity))
        for kind, field, numbers, quantities in self._sorted:
            for number in _convert(claimed, kind, field):
                at = bisect_left(numbers, number)
                for run in (range(at, len(numbers)), range(at - 1, -1, -1)):
                    for place in run:
                        if not agrees(claimed, quantities[place]):
                            break
                        yield quantities[place]


def identify(quantity: Quantity) -> Hashable:
    """Returns what two quantities share that agree with the same ones."""
    return quantity.kind, quantity.value, quantity.raw, quantity.text


def _convert(claimed: Quantity, kind: str, field: str) -> Iterator[float]:
    """Yields the numbers of a kind that ``claimed`` may be."""
    if field == "raw":
        if claimed.kind != kind:
            yield claimed.raw
        return
    yield claimed.value
    if (claimed.kind, kind) == ("percent", "plain"):
        yield claimed.value / 100
    elif (claimed.kind, kind) == ("plain", "percent"):
        yield claimed.value * 100
    elif {claimed.kind, kind} == {"percent", "times"} and claimed.value in _TWICE:
        yield _TWICE[claimed.value]
