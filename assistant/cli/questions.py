"""Reads files of questions: JSON Lines with ``question``, ``query`` or ``text``, and an id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.cli.rows import read_rows

_TEXT_FIELDS = ("question", "query", "text")


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
    for row in read_rows(path, "questions"):
        texts = (row.fields.get(name) for name in _TEXT_FIELDS)
        text = next((text for text in texts if isinstance(text, str)), None)
        error = row.error
        if error is None and text is None:
            error = f"{row.where}: no text under question, query or text"
        yield Row(row.id, text or "", error)
