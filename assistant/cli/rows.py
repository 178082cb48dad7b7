"""Reads JSON Lines that people give: a row that cannot be read is named, the others are read."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import QuestionError
from assistant.text.half_characters import mend_all

MAX_ROW_BYTES = 1_000_000
"""The longest row that is read; a device without line ends must not fill the memory."""

_MAX_SKIPPED_PIECES = 100
_ID_FIELDS = ("id", "_id")


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One row: its id, or its line number where it has none, and its fields.

    ``where`` is its file and line; ``error`` is set where the row is no JSON object.
    """

    id: str | int
    where: str
    fields: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


def read_rows(path: Path, content: str) -> Iterator[JsonRow]:
    """Yields each row of ``path`` in order; '-' is standard input, ``content`` what it holds.

    Raises:
        QuestionError: the file cannot be read, holds nothing, or its first row is not UTF-8 text.
    """
    name = "standard input" if str(path) == "-" else str(path)
    n_rows = 0
    for number, line in enumerate(_read_lines(path, name, content), start=1):
        if line is None or line.strip():
            n_rows += 1
            yield _read_row(line, number, name, first=n_rows == 1)
    if not n_rows:
        raise QuestionError(f"{name!r} holds no {content}; write one JSON object per line")


def _read_lines(path: Path, name: str, content: str) -> Iterator[bytes | None]:
    """Yields each line, None for one that is too long."""
    try:
        source = nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb")
        with source as file:
            yield from _read_bounded(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QuestionError(f"cannot read {content} from {name!r}: {reason}") from error


def _read_bounded(file: BinaryIO) -> Iterator[bytes | None]:
    while line := file.readline(MAX_ROW_BYTES):
        if len(line) < MAX_ROW_BYTES or line.endswith(b"\n"):
            yield line
            continue
        yield None
        for _ in range(_MAX_SKIPPED_PIECES):
            rest = file.readline(MAX_ROW_BYTES)
            if not rest or rest.endswith(b"\n"):
                break
        else:
            raise ValueError("a row has no end; write one JSON object per line")


def _read_row(line: bytes | None, number: int, name: str, *, first: bool) -> JsonRow:
    where = f"{name}:{number}"
    if line is None:
        return JsonRow(number, where, error=f"{where}: longer than {MAX_ROW_BYTES:,} bytes")
    try:
        row = mend_all(json.loads(line.removeprefix(codecs.BOM_UTF8).decode()))
    except UnicodeDecodeError as error:
        if first:
            # The next rows will be no better: this is another encoding, or no text at all.
            raise QuestionError(f"{name!r} is not UTF-8 text; save it as UTF-8") from error
        return JsonRow(number, where, error=f"{where}: not UTF-8 text")
    except json.JSONDecodeError as error:
        return JsonRow(number, where, error=f"{where}: not valid JSON: {error.msg}")
    except (ValueError, RecursionError):
        fault = "not JSON that can be read: too deep or too long a number"
        return JsonRow(number, where, error=f"{where}: {fault}")
    if not isinstance(row, dict):
        return JsonRow(number, where, error=f"{where}: not a JSON object")
    return JsonRow(_find_id(row, number), where, row)


def _find_id(row: dict[str, Any], number: int) -> str | int:
    for name in _ID_FIELDS:
        value = row.get(name)
        if isinstance(value, int) or (isinstance(value, str) and value.strip()):
            return value
    return number
