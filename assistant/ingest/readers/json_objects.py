"""JSON cut into its objects, so that a file of any size can be read and a broken one too.

An object is handed on whole where it can be held. One that cannot is opened: what it holds is
handed on instead, object by object. A parser of streams such as ijson would end at the first
broken place, and could not say in which line it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.ingest.fields import SYNONYMS, has_paper_fields, plain_name
from assistant.ingest.readers.json_fields import PATHS
from assistant.ingest.record import MAX_RECORD_CHARS

MAX_DEPTH = 1_000
"""Of brackets deeper than this only the number is kept; no parser would follow them."""

MAX_WRAPPERS = 8
"""Lists of papers are wrapped two or three deep; what is deeper is not opened to look for them."""

EARLY_CHARS = 50_000
"""After so much of an object it is looked at for the first time, and opened if it is no paper."""

_STRUCTURE = re.compile(r'["{}\[\]\n]')
_IN_STRING = re.compile(r'["\\\n]')
_COLON = re.compile(r"\s*:")
_FIELDS = frozenset(name for names in SYNONYMS.values() for name in names)
_NAME_CHARS = 300
_NAME_BEFORE = re.compile(r'"([^"\\\n]{1,200})"\s{0,50}:\s{0,50}\Z')


class JsonObject(NamedTuple):
    """The text of an object, None if it is too long to be held, and the line where it begins.

    ``name`` is its name in the object around it, None where it is an element of an array or stands
    alone; ``place`` is a number that objects beside each other have in common.
    """

    line: int
    text: str | None
    name: str | None = None
    place: int = 0


def split_objects(texts: Iterable[str]) -> Iterator[JsonObject]:
    """Yields the outermost objects of a JSON text, those that can be held."""
    splitter = _Splitter()
    for text in texts:
        yield from splitter.feed(text)
    yield from splitter.rest()


def open_object(text: str, line: int) -> Iterator[JsonObject]:
    """Yields the objects in the object ``text``, which begins in ``line``."""
    splitter = _Splitter(line, inside=True)
    yield from splitter.feed(text[1:])
    yield from splitter.rest()


def names_title(text: str) -> bool:
    """Whether the object ``text``, valid or not, has a field whose name is a title's."""
    return any(depth == 1 and name in PATHS["title"] for depth, name in _names(text))


def _wraps_papers(text: str) -> bool:
    """Whether an object that begins with ``text`` shows no paper's fields, but one in it does."""
    inner = set()
    for depth, name in _names(text):
        if depth == 1 and name in _FIELDS:
            return False
        inner.add(name)
    return has_paper_fields(list(inner))


def _names(text: str) -> Iterator[tuple[int, str]]:
    """Yields each name in an object and in those in it, and how deep it is."""
    depth = position = 0
    while found := _STRUCTURE.search(text, position):
        sign, position = found.group(), found.end()
        if sign == '"':
            end = _end_of_string(text, position)
            if _COLON.match(text, end):
                yield depth, plain_name(text[position : min(end - 1, position + _NAME_CHARS)])
            position = end
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1


def _end_of_string(text: str, position: int) -> int:
    while found := _IN_STRING.search(text, position):
        if found.group() != "\\":
            return found.end()
        position = found.end() + 1
    return len(text)


class _Splitter:
    """Follows brackets outside strings. A string ends with its line at the latest, as JSON wants,
    and an object that begins where none can is the next record, so that a lost quotation mark or
    brace does not turn the rest of the file inside out.
    """

    def __init__(self, line: int = 1, *, inside: bool = False) -> None:
        self._open = ["{"] if inside else []
        self._places = [1] if inside else []
        self._n_places = 1
        self._n_deeper = 0
        self._before = ""
        self._tail = ""
        self._in_string = False
        self._escaped = False
        self._line = line
        self._depth: int | None = None
        self._start_line = 0
        self._name: str | None = None
        self._parts: list[str] = []
        self._held = 0
        self._too_long = False
        self._looked = False

    def feed(self, text: str) -> Iterator[JsonObject]:
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
                if sign == "{" and self._depth is None:
                    self._begin(text, found.start())
                    begin = found.start()
                self._push(sign)
            elif self._n_deeper:
                self._n_deeper -= 1
            elif self._open:
                self._open.pop()
                self._places.pop()
                if self._depth is not None and len(self._open) <= self._depth:
                    yield self._take(text[begin:position])
        if self._depth is not None:
            self._keep(text[begin:])
        self._before = text[-1:].strip() or text.rstrip()[-1:] or self._before
        self._tail = (self._tail + text[-_NAME_CHARS:])[-_NAME_CHARS:]
        if self._held > (MAX_RECORD_CHARS if self._looked else EARLY_CHARS):
            yield from self._look()

    def rest(self) -> Iterator[JsonObject]:
        if self._depth is not None:
            yield self._take("")

    def _begin(self, text: str, place: int) -> None:
        self._depth, self._start_line, self._name = len(self._open), self._line, None
        if self._open and self._open[-1] == "{":
            before = text[max(0, place - _NAME_CHARS) : place]
            named = _NAME_BEFORE.search((self._tail + before)[-_NAME_CHARS:])
            self._name = named[1] if named else ""

    def _push(self, sign: str) -> None:
        if len(self._open) < MAX_DEPTH:
            self._open.append(sign)
            self._n_places += 1
            self._places.append(self._n_places)
        else:
            self._n_deeper += 1

    def _is_misplaced(self, text: str, place: int) -> bool:
        """Whether the brace at ``place`` opens an object where a record's next key must come."""
        if self._depth is None or self._open[-1] != "{":
            return False
        place -= 1
        while place >= 0 and text[place].isspace():
            place -= 1
        return (text[place] if place >= 0 else self._before) != ":"

    def _keep(self, text: str) -> None:
        self._held += len(text)
        if not self._too_long:
            self._parts.append(text)

    def _look(self) -> Iterator[JsonObject]:
        """Opens the object that is held, if it wraps papers or cannot be held any longer."""
        if self._too_long:
            return
        text, depth = "".join(self._parts), self._depth or 0
        self._parts = [text]
        self._looked = True
        if self._held <= MAX_RECORD_CHARS:
            if not _wraps_papers(text):
                return
        elif names_title(text):
            self._too_long = True
        if depth >= MAX_WRAPPERS:
            self._too_long = self._held > MAX_RECORD_CHARS
        elif not self._too_long:
            yield from self._open_held(text, depth)
        if self._too_long:
            self._parts = []

    def _open_held(self, text: str, depth: int) -> Iterator[JsonObject]:
        del self._open[depth:], self._places[depth:]
        self._push("{")
        self._line, self._depth, self._held, self._n_deeper = self._start_line, None, 0, 0
        self._before = self._tail = ""
        self._parts = []
        self._looked = self._in_string = self._escaped = False
        yield from self.feed(text[1:])

    def _take(self, end: str) -> JsonObject:
        """Ends the object that is held, and all that is open in it."""
        self._keep(end)
        text = None if self._too_long else "".join(self._parts)
        depth = self._depth or 0
        del self._open[depth:], self._places[depth:]
        place = self._places[-1] if self._places else 0
        taken = JsonObject(self._start_line, text, self._name, place)
        self._depth, self._parts, self._held, self._n_deeper = None, [], 0, 0
        self._too_long = self._looked = False
        return taken
