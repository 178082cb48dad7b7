"""The table of papers as the browser asks for it: searched, sorted and cut to one page here.

The library itself filters. A browser never gets more than ``PAGE_ROWS`` papers, whatever the
library holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from assistant import Filters, Paper

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
    """What the table shows of a paper, and the text that a search looks in."""

    paper_id: str
    title: str
    authors: str
    year: int | None
    venue: str
    keywords: tuple[str, ...]
    searched: str

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

    All words of ``search`` must be in a paper's title, authors, year, venue or keywords, in
    whatever case. ``page`` counts from 1.
    """

    search: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Column = "library"
    descending: bool = False
    page: int = 1

    @property
    def restricts(self) -> bool:
        """Whether some papers may be left out."""
        return bool(self.search or self.filters)


def read_query(data: object) -> TableQuery:
    """Returns the query that a browser sent; what cannot be read of it does not restrict."""
    fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    sort = fields.get("sort")
    venue, keyword = _text(fields.get("venue")), _text(fields.get("keyword"))
    return TableQuery(
        search=_text(fields.get("search")),
        filters=Filters(
            year_from=_whole(fields.get("year_from")),
            year_to=_whole(fields.get("year_to")),
            venues=(venue,) if venue else (),
            keywords=(keyword,) if keyword else (),
        ),
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


def find_rows(rows: Iterable[TableRow], query: TableQuery) -> list[TableRow]:
    """Returns the rows that hold what is searched for, in order; those without a value come last.

    Args:
        rows: rows that pass the filters of the query.
        query: what is searched for, and the order.
    """
    words = query.search.casefold().split()
    found = [row for row in rows if all(word in row.searched for word in words)]
    if query.sort == "library":
        return found[::-1] if query.descending else found
    column = query.sort
    with_value = [row for row in found if getattr(row, column)]
    without = [row for row in found if not getattr(row, column)]
    with_value.sort(key=lambda row: _sort_key(getattr(row, column)), reverse=query.descending)
    return with_value + without


def table_view(found: Sequence[TableRow], query: TableQuery, n_papers: int) -> dict[str, Any]:
    """Returns one page of the table as JSON types; a page beyond the last is the last.

    Args:
        found: all rows of the table, from ``find_rows``.
        query: what they answer.
        n_papers: how many papers the library has.
    """
    n_pages = max(1, -(-len(found) // PAGE_ROWS))
    page = min(query.page, n_pages)
    first = (page - 1) * PAGE_ROWS
    return {
        "query": {"sort": query.sort, "descending": query.descending, "page": page},
        "rows": [row.view() for row in found[first : first + PAGE_ROWS]],
        "first": first + 1 if found else 0,
        "n_found": len(found),
        "n_papers": n_papers,
        "n_pages": n_pages,
        "restricts": query.restricts,
    }


def suggestions(rows: Sequence[TableRow]) -> dict[str, Any]:
    """Returns what to filter by as JSON types: frequent venues and keywords, and the years."""
    years = [row.year for row in rows if row.year]
    return {
        "venues": _most_frequent(row.venue for row in rows if row.venue),
        "keywords": _most_frequent(keyword for row in rows for keyword in row.keywords),
        "years": [min(years), max(years)] if years else None,
    }


def find_filled_columns(rows: Sequence[TableRow]) -> tuple[str, ...]:
    """Returns the columns in which some paper has a value; the others need no room."""
    return tuple(
        column
        for column in get_args(Column)
        if column != "library" and any(getattr(row, column) for row in rows)
    )


def _most_frequent(texts: Iterable[str]) -> list[str]:
    return sorted(text for text, _ in Counter(texts).most_common(SUGGESTIONS))


def _sort_key(value: str | int) -> str | int:
    return value.casefold() if isinstance(value, str) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # A browser may send half a character, which has no UTF-8 to be looked for.
    return " ".join(value[:MAX_TEXT].encode(errors="replace").decode().split())


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:9])
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return cast(int, value) if is_whole and 0 <= cast(int, value) < 10**9 else None
