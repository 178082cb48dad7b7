"""Papers of several fields with the questions asked over each.

A field is a folder with papers.jsonl, in BEIR's form, and questions.jsonl. The starter library with
the questions of golden/natural.jsonl is one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant_evals.lab.flat_library import papers_of, read_rows

from assistant.starter.papers import locate_starter
from assistant.types import Paper

NATURAL = "natural"
"""The name of the field that is the starter library."""


@dataclass(frozen=True, slots=True)
class FieldSet:
    """The papers of a field and the questions over them, as they were written, in file order.

    A question's ``papers``, ``must`` and ``closest`` are ids of ``papers``.
    """

    name: str
    papers: list[Paper]
    questions: list[dict[str, Any]]


def read_fields(folder: Path) -> dict[str, FieldSet]:
    """Returns the fields of the measuring data in ``folder`` by name, the starter library first.

    Each is ``folder``/fields/NAME; the starter library's questions are golden/natural.jsonl.
    """
    natural = FieldSet(
        NATURAL, papers_of(locate_starter()), read_rows(folder / "golden" / "natural.jsonl")
    )
    found = (
        FieldSet(place.parent.name, papers_of(place), read_rows(place.with_name("questions.jsonl")))
        for place in sorted((folder / "fields").glob("*/papers.jsonl"))
    )
    return {field.name: field for field in (natural, *found)}
