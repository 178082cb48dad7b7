"""Golden files: JSON Lines of questions, conversations and poisoned papers, checked row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from assistant_evals.errors import GoldenError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

GOLDEN_FOLDER = Path(__file__).parent / "golden"

Fact = Annotated[tuple[str, ...], Field(min_length=1)]
"""One needed item: any of its spellings, found in the answer whatever its case."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldenQuestion(_Row):
    """A question and what its answer rests on.

    ``papers`` are all papers that belong in the answer, ``must`` those without which it is wrong;
    an unanswerable question has none of either, but ``closest`` ones. ``sentences`` are the
    numbers, from 1, of those of the only paper's sentences that answer by themselves.
    """

    id: str
    question: Annotated[str, Field(min_length=1)]
    answerable: bool = True
    papers: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    closest: tuple[str, ...] = ()
    sentences: tuple[Annotated[int, Field(ge=1)], ...] = ()
    facts: tuple[Fact, ...] = ()
    answer: str = ""
    kind: str = ""
    style: str = ""
    why: str = ""


class GoldenTurn(_Row):
    """One turn of a conversation; without papers it must be declined."""

    question: str
    papers: tuple[str, ...]
    facts: tuple[Fact, ...]


class ReadTurn(_Row):
    """One turn and what it is read as.

    ``holds`` and ``lacks`` are what the question that is asked must and must not hold, where
    "<1.2>" is the title that the answer to the first turn labels [2]. ``unchanged`` says that the
    turn is asked as typed, ``again`` that it asks once more what the turn of that number asked.
    """

    question: str
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    unchanged: bool = False
    again: int | None = None
    max_sentences: int | None = None


class ReadChat(_Row):
    """A conversation over the starter library, each turn with what it is read as."""

    id: str
    turns: tuple[ReadTurn, ...]


class GoldenChat(_Row):
    """A conversation whose later turns need the earlier ones."""

    id: str
    turns: tuple[GoldenTurn, ...]


class PoisonedPaper(_Row):
    """An abstract with instructions in it, a question that finds it, and what must not be said.

    An ``unseen`` one was written before it was tried, and nothing is mended by it.
    """

    id: str
    title: str
    abstract: str
    question: str
    attack: str
    bad: tuple[str, ...]
    unseen: bool = False


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the rows of a golden file, each with its place, as 'golden.jsonl:3'.

    Empty lines and those that begin with // are passed over.

    Raises:
        GoldenError: the file cannot be read, or a line is not a JSON object.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise GoldenError(f"golden file {path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(b"//"):
            continue
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line.decode())
        except UnicodeDecodeError:
            raise GoldenError(f"{place}: not UTF-8 text; save the file as UTF-8") from None
        except json.JSONDecodeError as error:
            raise GoldenError(
                f"{place}: not valid JSON at column {error.colno} ({error.msg}); mend the line"
            ) from None
        if not isinstance(row, dict):
            raise GoldenError(f"{place}: not a JSON object; write {{...}} on one line")
        yield place, row


def parse_row(model: type[_AnyRow], row: dict[str, Any], place: str) -> _AnyRow:
    """Returns a row as what ``model`` says it is.

    Raises:
        GoldenError: it is not; the message names place and field.
    """
    try:
        return model.model_validate(row, strict=False)
    except ValidationError as error:
        raise GoldenError(f"{place}: {tell_fault(error)}; mend the row") from None


def tell_fault(error: ValidationError, whole: str = "") -> str:
    """Returns the first fault as 'field: what is wrong'; ``whole`` stands for a lacking field."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, fault["loc"])) or whole
    return f"{where}: {fault['msg'].lower()}"
