"""Reads files of questions: JSON Lines with ``question``, ``query`` or ``text``, and an id."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import QuestionError

_TEXT_FIELDS = ("question", "query", "text")
_ID_FIELDS = ("id", "_id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file of questions; ``error`` is set where the row cannot be asked."""

    id: Any
    question: str
    error: str | None = None


def read_questions(path: Path) -> Iterator[Row]:
    """Yields each row of ``path`` in order; rows without an id get their line number.

    Raises:
        QuestionError: the file cannot be read.
    """
    name = "standard input" if str(path) == "-" else str(path)
    n_rows = 0
    for number, line in enumerate(_lines(path, name), start=1):
        if line.strip():
            n_rows += 1
            yield _read_row(line, number, name)
    if not n_rows:
        raise QuestionError(f"{name} holds no questions; write one JSON object per line")


def _lines(path: Path, name: str) -> Iterator[str]:
    try:
        if str(path) == "-":
            yield from sys.stdin
        else:
            with path.open(encoding="utf-8-sig") as file:
                yield from file
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QuestionError(f"cannot read questions from {name!r}: {reason}") from error


def _read_row(line: str, number: int, name: str) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return Row(number, "", f"{name}:{number}: not valid JSON: {error.msg}")
    if not isinstance(row, dict):
        return Row(number, "", f"{name}:{number}: not a JSON object")
    row_id = next((row[field] for field in _ID_FIELDS if field in row), number)
    text = next((row[field] for field in _TEXT_FIELDS if isinstance(row.get(field), str)), None)
    if text is None:
        return Row(row_id, "", f"{name}:{number}: no text under question, query or text")
    return Row(row_id, text)
