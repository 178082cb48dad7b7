"""Files of tagged lines, cut into their records one at a time.

Half of the field's programs write a tag, then its value, and further lines of it below: they
differ in how a tag looks and in where a record begins. A ``TagGrammar`` says both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from assistant.ingest.decoding import Line
from assistant.ingest.record import MAX_RECORD_CHARS, Fault

LINE_COST = 64
"""Characters that a line counts for besides its own: many short lines take more than their text."""


class TagGrammar(NamedTuple):
    """How a kind of tagged file is written.

    ``tag`` matches a line that begins a field: group 1 is the tag, group 2 its value; other lines
    go on with the field before. A record begins with each of the tags ``begins``. Where not
    all files have these, a record also begins after a blank line with whatever tag, if a tag of
    ``once`` comes again thereafter: so a blank line within a record parts nothing. A tag of
    ``ends`` closes a record, and a file that breaks off before it has lost a part of its last one.
    Of tags in ``listed`` each line is a value, of others a piece of the one value.
    """

    tag: re.Pattern[str]
    begins: frozenset[str]
    once: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()


class TaggedRecord(NamedTuple):
    """A record's first line, counted from 1, and its values in order, by tag."""

    line: int
    values: Mapping[str, list[str]]

    def first(self, *tags: str) -> str | None:
        """Returns the first value of the first of ``tags`` that has one."""
        values = (value for tag in tags for value in self.values.get(tag, ()))
        return next((value for value in values if value), None)

    def all(self, *tags: str) -> list[str]:
        """Returns the values of the first of ``tags`` that has any."""
        return next((found for tag in tags if (found := self.values.get(tag))), [])


def split_records(lines: Iterable[Line], grammar: TagGrammar) -> Iterator[TaggedRecord | Fault]:
    """Yields the records of a file in order, and a fault for each that is too long or broken off.

    Memory is that of one record, time grows with the file's length alone.
    """
    record: _OpenRecord | None = None
    after_blank = False
    for line in lines:
        if not line.text.strip():
            after_blank = True
            continue
        found = grammar.tag.match(line.text)
        tag = found[1] if found else None
        if tag is None:
            if record:
                record.go_on(line)
        elif tag in grammar.ends:
            if record:
                yield record.close()
            record = None
        elif tag in grammar.begins or (grammar.once and record is None):
            if record:
                yield record.close()
            record = _OpenRecord(grammar, line)
        elif record and grammar.once and after_blank:
            if record.is_too_long:
                yield record.close()
                record = _OpenRecord(grammar, line)
            record.begin_block(line)
        if found and record and tag is not None:
            if record.has_before_block(tag):
                block = record.split_off_block()
                yield record.close()
                record = block
            record.add(tag, found[2], line)
        after_blank = False
    if record and grammar.ends:
        [end] = grammar.ends
        yield Fault(record.line, f"the file ends within this record: no {end!r} closes it")
    elif record:
        yield record.close()


class _OpenRecord:
    """A record that is being read, and in it the block since the last blank line.

    Of one that is too long nothing is kept.
    """

    def __init__(self, grammar: TagGrammar, line: Line) -> None:
        self.line = line.number
        self._grammar = grammar
        self._fields: list[tuple[str, list[str]]] = []
        self._n_chars = 0
        self._block_line = line.number
        self._block_at = 0
        self._n_chars_before = 0
        self._once: set[str] = set()
        self._once_before: set[str] = set()

    @property
    def is_too_long(self) -> bool:
        return self._n_chars > MAX_RECORD_CHARS

    def add(self, tag: str, value: str | None, line: Line) -> None:
        if tag in self._grammar.once:
            self._once.add(tag)
        if self._hold(line):
            self._fields.append((tag, [value.strip()] if value else []))

    def go_on(self, line: Line) -> None:
        if self._hold(line) and self._fields:
            self._fields[-1][1].append(line.text.strip())

    def _hold(self, line: Line) -> bool:
        """Counts a line, and returns whether it is kept."""
        self._n_chars += MAX_RECORD_CHARS + 1 if line.cut else len(line.text) + LINE_COST
        if self.is_too_long:
            self._fields = []
        return not self.is_too_long

    def begin_block(self, line: Line) -> None:
        self._block_line, self._block_at = line.number, len(self._fields)
        self._n_chars_before = self._n_chars
        self._once_before |= self._once

    def has_before_block(self, tag: str) -> bool:
        return tag in self._once_before

    def split_off_block(self) -> _OpenRecord:
        """Returns the block as a record of its own, which this one no longer has."""
        block = _OpenRecord(self._grammar, Line(self._block_line, ""))
        block._fields = self._fields[self._block_at :]
        block._n_chars = self._n_chars - self._n_chars_before
        block._once = {tag for tag, _ in block._fields} & self._grammar.once
        del self._fields[self._block_at :]
        return block

    def close(self) -> TaggedRecord | Fault:
        if self.is_too_long:
            return Fault(self.line, f"a record is longer than {MAX_RECORD_CHARS:,} characters")
        values: dict[str, list[str]] = defaultdict(list)
        for tag, pieces in self._fields:
            listed = tag in self._grammar.listed
            values[tag].extend(pieces if listed else [" ".join(pieces)])
        return TaggedRecord(self.line, values)
