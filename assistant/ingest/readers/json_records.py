"""JSON of any service or program: its papers, wherever in it they are.

There is no list of services here. An object that describes a paper is one; an object that does
not is opened, and what it holds is looked at in the same way. So a paper stands alone, in an
array, under its key in an object, below any names that wrap it, or one a line.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

from assistant.errors import UnreadableError
from assistant.ingest.decoding import Line
from assistant.ingest.readers.json_fields import plain_fields, read_text
from assistant.ingest.readers.json_objects import (
    MAX_WRAPPERS,
    JsonObject,
    names_title,
    open_object,
    split_objects,
)
from assistant.ingest.readers.json_shapes import (
    INSTEAD,
    describe_error,
    describe_other,
    find_papers,
)
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record

MAX_HELD = 1_000
"""Objects without a paper that are held until one beside them tells that they should have one."""

_KEYS = ("paperid", "id", "key")
_MAX_KEY_CHARS = 200


class _Lacking(NamedTuple):
    """An object without a paper in it: what is said of it, beside papers and alone."""

    record: Record
    reason: str


_Reading = Generator[Record | Fault, None, _Lacking | None]
"""Yields records and faults; returns what the first object lacked where it yielded nothing."""


def read_json(texts: Iterable[str], file: str) -> Iterator[Record | Fault]:
    """Yields the papers of a JSON file in order, and a fault for each object that is broken.

    Raises:
        UnreadableError: it is JSON, and no paper is in it.
    """
    yield from _refuse_other(split_objects(texts), file)


def read_jsonl(lines: Iterable[Line], file: str) -> Iterator[Record | Fault]:
    """Yields the papers of a JSON Lines file, and a fault for each line that is broken.

    Raises:
        UnreadableError: it is JSON, and no paper is in it.
    """
    yield from _refuse_other(map(_line_object, filter(_is_filled, lines)), file)


def _is_filled(line: Line) -> bool:
    return line.cut or bool(line.text.strip())


def _line_object(line: Line) -> JsonObject | Fault:
    if line.cut:
        return Fault(line.number, f"the line is longer than {MAX_RECORD_CHARS:,} characters")
    return JsonObject(line.number, line.text)


def _refuse_other(objects: Iterable[JsonObject | Fault], file: str) -> Iterator[Record | Fault]:
    lacking = yield from _read_all(objects, 0)
    if lacking:
        raise UnreadableError(file, lacking.reason)


def _read_all(objects: Iterable[JsonObject | Fault], depth: int) -> _Reading:
    """Reads objects; one without a paper counts as a broken record beside papers only."""
    place: int | None = None
    found = found_here = False
    held: list[Record] = []
    first: _Lacking | None = None
    for one in objects:
        if isinstance(one, Fault):
            found = True
            yield one
            continue
        if one.place != place:
            place, found_here, held = one.place, False, []
        reading = _read_object(one, depth)
        try:
            item = next(reading)
        except StopIteration as end:
            first = first or end.value
            if found_here and end.value:
                yield end.value.record
            elif end.value and one.name is None and len(held) < MAX_HELD:
                held.append(end.value.record)
            continue
        found = found_here = True
        yield from held
        held = []
        yield item
        yield from reading
    return None if found else first


def _read_object(one: JsonObject, depth: int) -> _Reading:
    if one.text is None:
        reason = f"an object is longer than {MAX_RECORD_CHARS:,} characters; save one a line"
        yield Fault(one.line, reason)
        return None
    text = one.text.lstrip()
    try:
        values = json.loads(text)
    except json.JSONDecodeError as exc:
        reason = f"not valid JSON: {exc.msg} at column {exc.colno}"
        return (yield from _read_broken(one, Fault(one.line + exc.lineno - 1, reason), depth))
    except (ValueError, RecursionError):
        reason = "not readable as JSON: a number is too long or the nesting too deep"
        yield Fault(one.line, reason)
        return None
    if not isinstance(values, dict):
        yield Fault(one.line, f"a JSON object was expected, not {text.strip()[:40]!r}")
        return None
    plain = plain_fields(values)
    other = describe_other(plain)
    records = None if other else find_papers(plain, one.line, one.name)
    if records is not None:
        yield from records
        return None
    if not other and depth < MAX_WRAPPERS:
        found = False
        for item in _read_all(open_object(text, one.line), depth + 1):
            found = True
            yield item
        if found:
            return None
    key = next((said for name in _KEYS if (said := read_text(plain.get(name)))), None)
    names = ", ".join(repr(name[:40]) for name in list(values)[:6])
    what = (
        f"is JSON, but nothing in it has a title or an abstract, only {names or 'an empty object'}"
    )
    reason = other or describe_error(plain) or f"{what}; {INSTEAD}"
    return _Lacking(Record(one.line, key=key and key[:_MAX_KEY_CHARS]), reason)


def _read_broken(one: JsonObject, fault: Fault, depth: int) -> _Reading:
    """Reads what an object that is not valid JSON holds, unless the object is a paper itself."""
    text = (one.text or "").lstrip()
    found = told = False
    if depth < MAX_WRAPPERS and text.startswith("{") and not names_title(text):
        for item in _read_all(open_object(text, one.line), depth + 1):
            found, told = True, told or isinstance(item, Fault)
            yield item
    if not (found and told):
        yield fault
    return None
