"""The filters of a library, each defined once: command line, page and store follow these rows.

A new filter is a row here and its field in ``types.Filters``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FilterKind = Literal["years", "names", "venues", "texts", "ids", "flag"]
"""How a filter is asked for and matched: a range of years, people's names of whom one must be an
author, names of venues of which one must be meant, parts of texts of which one must be there, exact
ids of which one must be the paper's, or yes."""


@dataclass(frozen=True, slots=True)
class FilterField:
    """One filter.

    ``name`` is its option of the command line, ``label`` what the page's form calls it.
    ``fields`` are its fields of ``Filters`` (first and last for years), ``column`` what of a
    paper's record is looked at, ``help`` says what it does and ``metavar`` what to give.
    """

    name: str
    kind: FilterKind
    fields: tuple[str, ...]
    column: str
    label: str
    help: str
    metavar: str = ""


FILTERS = (
    FilterField(
        "year",
        "years",
        ("year_from", "year_to"),
        "year",
        "Year",
        "Only papers of a year or range, as 2023, 2020..2024 or 2020..",
        "YEARS",
    ),
    FilterField(
        "author", "names", ("authors",), "authors", "Author", "Only papers by an author", "NAME"
    ),
    FilterField(
        "venue", "venues", ("venues",), "venue", "Venue", "Only papers of a venue", "VENUE"
    ),
    FilterField(
        "keyword",
        "texts",
        ("keywords",),
        "keywords",
        "Keyword",
        "Only papers with a keyword",
        "WORD",
    ),
    FilterField("paper", "ids", ("paper_ids",), "paper_id", "Paper", "Only this paper", "ID"),
    FilterField("has_doi", "flag", ("has_doi",), "doi", "Has a DOI", "Only papers with a DOI"),
)
