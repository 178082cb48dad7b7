"""CSL-JSON: an array of items, cut into its objects so that a file of any size can be read.

A list under a key such as 'items' and objects one after another are read as well. A parser of
streams such as ijson would end at the first broken item, and could not say in which line it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.ingest.readers.jsonl import parse_object
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record

_STRUCTURE = re.compile(r'["{}\[\]\n]')
_IN_STRING = re.compile(r'["\\\n]')
_WRAPPED = re.compile(r'\s*\{[^{}\[\]]*"(?:items|references|papers|records|entries|data|docs|'
                      r'documents|results|bibliography)"\s*:\s*\[')  # fmt: skip


def read_csl(texts: Iterable[str]) -> Iterator[Record | Fault]:
    """Yields the items of a CSL-JSON file in order, and a fault for each that is broken."""
    for line, text in _objects(texts):
        if text is None:
            yield Fault(line, f"an item is longer than {MAX_RECORD_CHARS:,} characters")
        else:
            yield parse_object(text, line)


def _objects(texts: Iterable[str]) -> Iterator[tuple[int, str | None]]:
    """Yields each record's first line and JSON text; None if it is too long to be held."""
    splitter: _Splitter | None = None
    for text in texts:
        if splitter is None:
            splitter = _Splitter(outside=_outside(text))
        yield from splitter.feed(text)
    if splitter:
        yield from splitter.rest()


def _outside(head: str) -> int:
    """Returns how many brackets enclose a record: an array, an object with an array, none."""
    if head.lstrip().startswith("["):
        return 1
    return 2 if _WRAPPED.match(head) else 0


MAX_DEPTH = 1_000
"""Of brackets deeper than this only the number is kept; no parser would follow them."""


class _Splitter:
    """Follows brackets outside strings. A string ends with its line at the latest, as JSON wants,
    and an object that begins where none can is the next record, so that a lost quotation mark or
    brace does not turn the rest of the file inside out.
    """

    def __init__(self, outside: int) -> None:
        self._outside = outside
        self._open: list[str] = []
        self._n_deeper = 0
        self._before = ""
        self._in_string = False
        self._escaped = False
        self._line = 1
        self._start_line = 0
        self._parts: list[str] = []
        self._held = 0

    def feed(self, text: str) -> Iterator[tuple[int, str | None]]:
        position = 1 if self._escaped and text else 0
        self._escaped = False
        begin = 0
        while found := (_IN_STRING if self._in_string else _STRUCTURE).search(text, position):
            sign, position = found.group(), found.end()
            if sign == "\n":
                self._line += 1
                self._in_string = False
            elif sign == "\\":
                self._escaped = position == len(text)
                position += 1
            elif sign == '"':
                self._in_string = not self._in_string
            elif sign in "{[":
                if sign == "{" and self._is_misplaced(text, found.start()):
                    yield self._take(text[begin : found.start()])
                    del self._open[self._outside :]
                    self._n_deeper = 0
                if sign == "{" and len(self._open) == self._outside:
                    self._start_line, begin = self._line, found.start()
                if len(self._open) < MAX_DEPTH:
                    self._open.append(sign)
                else:
                    self._n_deeper += 1
            elif self._n_deeper:
                self._n_deeper -= 1
            elif self._open:
                self._open.pop()
                if self._start_line and len(self._open) <= self._outside:
                    yield self._take(text[begin:position])
        if self._start_line:
            self._keep(text[begin:])
        self._before = text[-1:].strip() or text.rstrip()[-1:] or self._before

    def _is_misplaced(self, text: str, place: int) -> bool:
        """Whether the brace at ``place`` opens an object where a record's next key must come."""
        if not self._start_line or self._open[-1] != "{":
            return False
        place -= 1
        while place >= 0 and text[place].isspace():
            place -= 1
        return (text[place] if place >= 0 else self._before) != ":"

    def rest(self) -> Iterator[tuple[int, str | None]]:
        if self._start_line:
            yield self._take("")

    def _keep(self, text: str) -> None:
        self._held += len(text)
        if self._held > MAX_RECORD_CHARS:
            self._parts = []
        else:
            self._parts.append(text)

    def _take(self, end: str) -> tuple[int, str | None]:
        self._keep(end)
        text = None if self._held > MAX_RECORD_CHARS else "".join(self._parts)
        line = self._start_line
        self._start_line, self._parts, self._held = 0, [], 0
        return line, text
