"""Citation markers in a model's words, found while the words still come.

Models asked for [A2] also write [A2, B1], [A2][B1], (A2), a pair of black lenticular brackets, or
a range, and sometimes numbers of their own. A marker is taken out of the text and its labels are
given apart; what might still become a marker is held back until it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

MAX_MARKER_CHARS = 80
"""What is longer is no marker: eight labels with commas are 40 characters."""

_PAIRS = {"[": "]", "(": ")", "\u3010": "\u3011"}
_OPENERS = re.compile(r"[\[(\u3010]")
_LABEL = re.compile(r"([A-Z]{1,2})\s?(\d{1,3})")
_RANGE = r"(?:-|\u2013|\u2014|\u2026|\.\.+|to|through)"
_ITEM = rf"(?:[A-Z]{{1,2}}\s?\d{{1,3}}(?:\s*{_RANGE}\s*(?:[A-Z]{{1,2}}\s?)?\d{{1,3}})?|\d{{1,3}})"
_LEAD = r"(?:(?:sources?|sentences?|labels?|refs?\.?|see|cf\.?|from|citations?)\s*:?\s*)?"
_MARKER = re.compile(
    rf"\W*{_LEAD}{_ITEM}(?:\s*(?:[,;/&+|]|and|\]\s*\[)\s*(?:and\s*)?{_LEAD}{_ITEM})*[\s.†]*\W?",
    re.IGNORECASE,
)
_ITEMS = re.compile(_ITEM)
_RANGE_PARTS = re.compile(
    rf"([A-Z]{{1,2}})\s?(\d{{1,3}})\s*{_RANGE}\s*(?:([A-Z]{{1,2}})\s?)?(\d{{1,3}})", re.IGNORECASE
)
_PAPER_ONLY = re.compile(r"[A-Z]{1,2}(?:\s*[,;&]\s*[A-Z]{1,2})*")


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation marker: the labels that are known, in order, and how many are not."""

    labels: tuple[str, ...]
    n_unknown: int


class MarkerFilter:
    """Takes markers out of text that comes in pieces.

    ``labels`` are those that exist; ``literal`` is the text that was shown, whose own bracketed
    figures, as an interval, are no markers.
    """

    def __init__(self, labels: Collection[str], literal: str = "") -> None:
        self._labels = frozenset(labels)
        self._letters = frozenset(label.rstrip("0123456789") for label in labels)
        self._literal = literal
        self._words: dict[str, bool] = {}
        self._held = ""

    def feed(self, piece: str) -> Iterator[str | Marker]:
        """Yields the text and markers that are sure after ``piece``."""
        self._held += piece
        yield from self._drain(final=False)

    def finish(self) -> Iterator[str | Marker]:
        """Yields what was held back; an unclosed marker counts as one, for no label is shown."""
        yield from self._drain(final=True)

    def _drain(self, final: bool) -> Iterator[str | Marker]:
        while self._held:
            opener = _OPENERS.search(self._held)
            if opener is None:
                yield self._take(len(self._held))
                return
            if opener.start():
                yield self._take(opener.start())
            closer = _PAIRS[self._held[0]]
            end = self._held.find(closer)
            again = _OPENERS.search(self._held, 1)
            if end < 0 or (again and again.start() < end):
                # Not closed before the next one opens: plain text, unless more may come.
                limit = again.start() if again else len(self._held)
                if not final and not again and limit <= MAX_MARKER_CHARS:
                    return
                marker = self._parse_marker(self._held[1:limit]) if final and not again else None
                if marker:
                    self._take(limit)
                    yield marker
                else:
                    yield self._take(limit if again else 1)
                continue
            marker = self._parse_marker(self._held[1:end]) if end <= MAX_MARKER_CHARS else None
            if marker is None:
                yield self._take(1)
                continue
            self._take(end + 1)
            yield marker

    def _take(self, n: int) -> str:
        taken, self._held = self._held[:n], self._held[n:]
        return taken

    def _parse_marker(self, inner: str) -> Marker | None:
        """Returns the marker that ``inner``, the text between brackets, is; None for plain text."""
        opener = self._held[0]
        inner = inner.strip()
        if opener != "(" and _PAPER_ONLY.fullmatch(inner) and inner[0] in self._letters:
            letters = re.split(r"\W+", inner)
            if set(letters) <= self._letters:
                return Marker((), len(letters))
        if not _MARKER.fullmatch(inner):
            return None
        labels, n_unknown, n_numbers = self._read(inner)
        if opener == "(":
            # Text has brackets of its own, as "(F1)": only labels that exist make a marker, and
            # none that is a word of the text shown.
            words = not n_unknown and any(self._is_word(label) for label in labels)
            return Marker(tuple(labels), n_unknown) if labels and not (n_unknown or words) else None
        if not labels and n_unknown == n_numbers and f"[{inner}]" in self._literal:
            return None
        return Marker(tuple(labels), n_unknown)

    def _is_word(self, label: str) -> bool:
        """Whether the text shown has ``label`` otherwise than as a label of its own."""
        if label not in self._words:
            found = re.search(rf"(?<![\[\w]){label}(?!\w)", self._literal)
            self._words[label] = found is not None
        return self._words[label]

    def _read(self, inner: str) -> tuple[dict[str, None], int, int]:
        """Returns the known labels, the number of unknown ones, and of those without a letter."""
        labels: dict[str, None] = {}
        n_unknown = n_numbers = 0
        for item in _ITEMS.findall(inner):
            span = _RANGE_PARTS.fullmatch(item)
            single = _LABEL.fullmatch(item)
            if span and (span[3] or span[1]) == span[1]:
                first, last = sorted((int(span[2]), int(span[4])))
                found = [f"{span[1]}{i}" for i in range(first, min(last, first + 99) + 1)]
            elif span:
                found = [f"{span[1]}{int(span[2])}", f"{span[3]}{int(span[4])}"]
            elif single:
                found = [f"{single[1]}{int(single[2])}"]
            else:
                found, n_numbers = [item], n_numbers + 1
            known = [label for label in found if label in self._labels]
            labels.update(dict.fromkeys(known))
            # A range may run past the last sentence; it is unknown only where none of it exists.
            n_unknown += not known if span else len(found) - len(known)
        return labels, n_unknown, n_numbers
