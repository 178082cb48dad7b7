"""The table of papers as the browser asks for it: found, sorted and cut to one page here.

A browser never gets more than ``PAGE_ROWS`` papers, whatever the library holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from assistant import Paper

PAGE_ROWS = 100
"""Papers on one page of the table."""

SUGGESTIONS = 100
"""Venues and keywords that are offered to filter by: the most frequent ones."""

MAX_TEXT = 200
"""Characters of a search or filter that are read."""

Column = Literal["library", "title", "authors", "year", "venue"]
"""What the table is sorted by; ``library`` is the order in which papers were added."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """What the table shows of a paper, and the texts that it is found and sorted by."""

    paper_id: str
    title: str
    authors: str
    year: int | None
    venue: str
    keywords: tuple[str, ...]
    found_by: str

    def view(self) -> dict[str, Any]:
        """Returns the row as JSON types."""
        return {
            "paper_id": self.paper_id,
            "title": self.title,
            "authors": self.authors,
            "year": self.year,
            "venue": self.venue,
        }


@dataclass(frozen=True, slots=True)
class TableQuery:
    """Which papers are shown, in which order; empty fields do not restrict.

    All words of ``search`` must be in a paper's title, authors, year, venue or keywords;
    ``venue`` and ``keyword`` must be part of its own. Case never matters. ``page`` counts from 1.
    """

    search: str = ""
    year_from: int | None = None
    year_to: int | None = None
    venue: str = ""
    keyword: str = ""
    sort: Column = "library"
    descending: bool = False
    page: int = 1

    @property
    def restricts(self) -> bool:
        """Whether some papers may be left out."""
        years = (self.year_from, self.year_to)
        return bool(self.search or self.venue or self.keyword) or years != (None, None)


def query_from(data: object) -> TableQuery:
    """Returns the query that a browser sent; what cannot be read of it does not restrict."""
    fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    sort = fields.get("sort")
    return TableQuery(
        search=_text(fields.get("search")),
        year_from=_whole(fields.get("year_from")),
        year_to=_whole(fields.get("year_to")),
        venue=_text(fields.get("venue")),
        keyword=_text(fields.get("keyword")),
        sort=cast(Column, sort) if sort in get_args(Column) else "library",
        descending=fields.get("descending") is True,
        page=max(1, _whole(fields.get("page")) or 1),
    )


def table_row(paper: Paper) -> TableRow:
    """Returns the row of a paper."""
    parts = (paper.title, *paper.authors, str(paper.year or ""), paper.venue, *paper.keywords)
    return TableRow(
        paper.paper_id,
        paper.title,
        short_authors(paper.authors),
        paper.year,
        paper.venue or "",
        paper.keywords,
        " ".join(part for part in parts if part).casefold(),
    )


def short_authors(authors: Sequence[str]) -> str:
    """Returns 'A', 'A and B' or 'A et al.'."""
    if len(authors) > 2:
        return f"{authors[0]} et al."
    return " and ".join(authors)


def matching(rows: Iterable[TableRow], query: TableQuery) -> list[TableRow]:
    """Returns the rows that the query allows, in its order; papers that lack a value come last."""
    words = query.search.casefold().split()
    venue, keyword = query.venue.casefold(), query.keyword.casefold()
    found = [
        row
        for row in rows
        if all(word in row.found_by for word in words)
        and _is_within(row.year, query.year_from, query.year_to)
        and (not venue or venue in row.venue.casefold())
        and (not keyword or any(keyword in own.casefold() for own in row.keywords))
    ]
    if query.sort == "library":
        return found[::-1] if query.descending else found
    column = query.sort
    with_value = [row for row in found if getattr(row, column)]
    without = [row for row in found if not getattr(row, column)]
    with_value.sort(key=lambda row: _sort_key(getattr(row, column)), reverse=query.descending)
    return with_value + without


def table_view(rows: Sequence[TableRow], query: TableQuery) -> dict[str, Any]:
    """Returns one page of the table as JSON types, with the query that it answers.

    A page beyond the last is the last.
    """
    found = matching(rows, query)
    n_pages = max(1, -(-len(found) // PAGE_ROWS))
    page = min(query.page, n_pages)
    first = (page - 1) * PAGE_ROWS
    return {
        "query": {**asdict(query), "page": page},
        "rows": [row.view() for row in found[first : first + PAGE_ROWS]],
        "first": first + 1 if found else 0,
        "n_found": len(found),
        "n_papers": len(rows),
        "n_pages": n_pages,
        "restricts": query.restricts,
    }


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What there is to filter by."""

    venues: tuple[str, ...]
    keywords: tuple[str, ...]
    years: tuple[int, int] | None

    def view(self) -> dict[str, Any]:
        """Returns them as JSON types."""
        return {
            "venues": list(self.venues),
            "keywords": list(self.keywords),
            "years": list(self.years) if self.years else None,
        }


def suggestions(rows: Sequence[TableRow]) -> Suggestions:
    """Returns the most frequent venues and keywords, and the first and last year."""
    years = [row.year for row in rows if row.year]
    return Suggestions(
        _most_frequent(row.venue for row in rows if row.venue),
        _most_frequent(keyword for row in rows for keyword in row.keywords),
        (min(years), max(years)) if years else None,
    )


def filled_columns(rows: Sequence[TableRow]) -> tuple[str, ...]:
    """Returns the columns in which some paper has a value; the others need no room."""
    return tuple(
        column
        for column in get_args(Column)
        if column != "library" and any(getattr(row, column) for row in rows)
    )


def _most_frequent(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(text for text, _ in Counter(texts).most_common(SUGGESTIONS)))


def _is_within(year: int | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    return year is not None and (first is None or first <= year) and (last is None or year <= last)


def _sort_key(value: str | int) -> str | int:
    return value.casefold() if isinstance(value, str) else value


def _text(value: object) -> str:
    return " ".join(value[:MAX_TEXT].split()) if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:9])
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return cast(int, value) if is_whole and 0 <= cast(int, value) < 10**9 else None
