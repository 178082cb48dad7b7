"""Reads files of questions: JSON Lines with ``question``, ``query`` or ``text``, and an id."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.errors import QuestionError

MAX_ROW_BYTES = 1_000_000
"""The longest row that is read; a device without line ends must not fill the memory."""

_MAX_SKIPPED_PIECES = 100
_TEXT_FIELDS = ("question", "query", "text")
_ID_FIELDS = ("id", "_id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file of questions; ``error`` is set where the row cannot be asked."""

    id: str | int
    question: str
    error: str | None = None


def read_questions(path: Path) -> Iterator[Row]:
    """Yields each row of ``path`` in order; rows without an id get their line number.

    Raises:
        QuestionError: the file cannot be read, or its first row is not UTF-8 text.
    """
    name = "standard input" if str(path) == "-" else str(path)
    n_rows = 0
    for number, line in enumerate(_lines(path, name), start=1):
        if line is None or line.strip():
            n_rows += 1
            yield _read_row(line, number, name, first=n_rows == 1)
    if not n_rows:
        raise QuestionError(f"{name!r} holds no questions; write one JSON object per line")


def _lines(path: Path, name: str) -> Iterator[bytes | None]:
    """Yields each line, None for one that is too long."""
    try:
        source = nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb")
        with source as file:
            yield from bounded_lines(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QuestionError(f"cannot read questions from {name!r}: {reason}") from error


def bounded_lines(file: BinaryIO) -> Iterator[bytes | None]:
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


def _read_row(line: bytes | None, number: int, name: str, *, first: bool) -> Row:
    where = f"{name}:{number}"
    if line is None:
        return Row(number, "", f"{where}: longer than {MAX_ROW_BYTES:,} bytes")
    try:
        row = json.loads(line.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        if first:
            # The next rows will be no better: this is another encoding, or no text at all.
            raise QuestionError(f"{name!r} is not UTF-8 text; save it as UTF-8") from error
        return Row(number, "", f"{where}: not UTF-8 text")
    except json.JSONDecodeError as error:
        return Row(number, "", f"{where}: not valid JSON: {error.msg}")
    except (ValueError, RecursionError):
        return Row(number, "", f"{where}: not JSON that can be read: too deep or too long a number")
    if not isinstance(row, dict):
        return Row(number, "", f"{where}: not a JSON object")
    text = next((row[field] for field in _TEXT_FIELDS if isinstance(row.get(field), str)), None)
    if text is None:
        return Row(_id(row, number), "", f"{where}: no text under question, query or text")
    return Row(_id(row, number), text)


def _id(row: dict[str, object], number: int) -> str | int:
    for field in _ID_FIELDS:
        value = row.get(field)
        if isinstance(value, int) or (isinstance(value, str) and value.strip()):
            return value
    return number
