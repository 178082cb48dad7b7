"""Options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import QuestionError
from assistant.types import Filters


def _folder(text: str) -> Path:
    # Path("") is the current folder, which no one means by an empty variable in a script.
    if not text:
        raise QuestionError("--home names no folder; give one or leave the option out")
    return Path(text)


LibraryOption = Annotated[
    str | None,
    typer.Option("--library", "-l", help="Which library to use.", metavar="NAME"),
]
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder that holds your libraries.",
        metavar="FOLDER",
        parser=_folder,
    ),
]
# A flag takes no value; without this its help would show one.
NO_VALUE = ""
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.", metavar=NO_VALUE)]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="JSON Lines of questions, one JSON line printed for each. - is standard input.",
        metavar="QUESTIONS.jsonl",
    ),
]
TopKOption = Annotated[
    int | None,
    typer.Option("-k", "--top-k", help="How many papers; else ASSISTANT_TOP_K.", metavar="K"),
]
YearOption = Annotated[
    str | None,
    typer.Option(
        "--year",
        help="Only papers of a year or range, as 2023, 2020..2024 or 2020..",
        metavar="YEARS",
    ),
]
AuthorOption = Annotated[
    list[str] | None,
    typer.Option("--author", help="Only papers by an author; may be repeated.", metavar="NAME"),
]
VenueOption = Annotated[
    list[str] | None,
    typer.Option("--venue", help="Only papers of a venue; may be repeated.", metavar="VENUE"),
]
KeywordOption = Annotated[
    list[str] | None,
    typer.Option("--keyword", help="Only papers with a keyword; may be repeated.", metavar="WORD"),
]
PaperOption = Annotated[
    list[str] | None,
    typer.Option("--paper", help="Only this paper; may be repeated.", metavar="ID"),
]

_YEARS = re.compile(r"(?P<first>\d{4})?(?P<dots>\.\.)?(?P<last>\d{4})?")


def make_filters(
    years: str | None,
    authors: list[str] | None,
    venues: list[str] | None,
    keywords: list[str] | None,
    papers: list[str] | None,
) -> Filters:
    """Returns the filters that the options ask for.

    Raises:
        QuestionError: the years are not a year or a range.
    """
    first, last = parse_years(years) if years is not None else (None, None)
    return Filters(
        year_from=first,
        year_to=last,
        authors=tuple(authors or ()),
        venues=tuple(venues or ()),
        keywords=tuple(keywords or ()),
        paper_ids=tuple(papers or ()),
    )


def parse_years(years: str) -> tuple[int | None, int | None]:
    """Returns the first and last year of ``2023``, ``2020..2024``, ``2020..`` or ``..2024``.

    Raises:
        QuestionError: ``years`` is none of these, or the range is empty.
    """
    match = _YEARS.fullmatch(years.strip())
    if not match or not (match["first"] or match["last"]):
        raise QuestionError(f"--year {years!r} is not a year or range; write 2023 or 2020..2024")
    if not match["dots"]:
        if match["last"]:
            raise QuestionError(f"--year {years!r} is not a year; write 2020..2024 for a range")
        return int(match["first"]), int(match["first"])
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    if first is not None and last is not None and first > last:
        raise QuestionError(f"--year {years!r} is empty; write the earlier year first")
    return first, last
