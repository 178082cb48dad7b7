"""JSON Lines: one object a line, in our own fields, BEIR's or another program's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.fields import record_from
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record


def read_jsonl(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of a JSON Lines file, and a fault for each line that holds none."""
    for line in lines:
        if line.cut:
            yield Fault(line.number, f"the line is longer than {MAX_RECORD_CHARS:,} characters")
        elif line.text.strip():
            yield parse_object(line.text, line.number)


def parse_object(text: str, line: int) -> Record | Fault:
    """Returns the record in one JSON object, or what is wrong with it."""
    try:
        values = json.loads(text)
    except json.JSONDecodeError as exc:
        return Fault(line + exc.lineno - 1, f"not valid JSON: {exc.msg} at column {exc.colno}")
    except (ValueError, RecursionError):
        return Fault(line, "not readable as JSON: a number is too long or the nesting too deep")
    if not isinstance(values, dict):
        return Fault(line, f"a JSON object was expected, not {text.strip()[:40]!r}")
    return record_from(values, line)
