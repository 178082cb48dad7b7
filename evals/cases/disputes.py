"""Rated sentences: the rows of ``disputes.jsonl``, which the page writes and the evals read.

A sentence that somebody disputed, or praised, with everything needed to judge it again: question,
answer, and the abstracts that it cites as they were on that day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from assistant_evals.cases.golden_rows import tell_fault
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import StoreError

DISPUTES_FILE = "disputes.jsonl"
"""The file's name in the home folder; all libraries share it."""

DISPUTES_SCHEMA = 1
"""The format of a row; raised whenever an older reader would misread it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DisputedQuote(_Part):
    """A quote of the sentence, by the characters of its paper's abstract."""

    label: str
    paper_id: str
    quote: str
    start: int
    end: int


class DisputedSentence(_Part):
    """The sentence as the answer had it."""

    text: str
    verdict: str
    score: float
    citations: tuple[DisputedQuote, ...] = ()


class DisputedSource(_Part):
    """A paper that the answer cites, with its abstract as it was then."""

    paper_id: str
    title: str
    abstract: str


class Dispute(_Part):
    """A sentence of an answer that somebody rated; ``answer`` is ``Answer.to_dict()``."""

    schema_: Literal[1] = Field(alias="schema")
    created: datetime
    rating: Literal["up", "down"]
    comment: str
    library: str
    question: str
    standalone_question: str
    sentence: DisputedSentence
    sentence_index: int = Field(ge=0)
    sources: tuple[DisputedSource, ...]
    answer: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Returns the row as JSON types."""
        return self.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True, slots=True)
class Disputes:
    """The rows of a file in order, and a sentence for each line that is none."""

    rows: tuple[Dispute, ...] = ()
    faults: tuple[str, ...] = ()


def read_disputes(folder: Path) -> Disputes:
    """Returns what was rated so far, by the file in the home folder; nothing where there is none.

    Raises:
        StoreError: the file is there and cannot be read.
    """
    rows: list[Dispute] = []
    faults: list[str] = []
    try:
        with (folder / DISPUTES_FILE).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    rows.append(read_dispute(line))
                except ValueError as error:
                    faults.append(f"{DISPUTES_FILE}:{number}: {error}; remove or mend the line")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StoreError(f"{DISPUTES_FILE} cannot be read: {error.strerror}") from error
    return Disputes(tuple(rows), tuple(faults))


def read_dispute(line: bytes) -> Dispute:
    """Returns the dispute that is written as one line.

    Raises:
        ValueError: it is none, or one of a newer release; the message says which in a few words.
    """
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON ({error.msg})") from None
    except (ValueError, RecursionError):
        raise ValueError("not JSON that can be read") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if row.get("schema") != DISPUTES_SCHEMA:
        raise ValueError(
            f"has schema {row.get('schema')!r} where this release reads {DISPUTES_SCHEMA}"
        )
    try:
        return Dispute.model_validate(row)
    except ValidationError as error:
        raise ValueError(f"not a rating: {tell_fault(error)}") from None
