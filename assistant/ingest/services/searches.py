"""Papers by words: arXiv's search and listings, and the services that page by cursors."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import IngestError
from assistant.ingest.services.client import ServiceClient, find_inside, say_garbled
from assistant.ingest.services.pages import Page, Pages

ARXIV_QUERY = "/api/query"
PAGE_RECORDS = 100
"""Records in one reply: what OpenAlex, Crossref and Europe PMC all give, and arXiv gives soon."""

_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*(\d{1,12})\s*<")
_HEAD_BYTES = 20_000
_FIELD = re.compile(r"(?<!\w)(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_WORD = re.compile(r'"[^"]*"|\S+')
_JOINING = frozenset({"AND", "OR", "ANDNOT"})


@dataclass(frozen=True, slots=True)
class CursorSearch:
    """How a service is searched: the names of its parameters, and where its reply says what."""

    path: str
    words: str
    size: str
    cursor: str
    results: tuple[str, ...]
    following: tuple[str, ...]
    total: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...] = ()


SEARCHES: dict[str, CursorSearch] = {
    "openalex": CursorSearch(
        path="/works",
        words="search",
        size="per_page",
        cursor="cursor",
        results=("results",),
        following=("meta", "next_cursor"),
        total=("meta", "count"),
    ),
    "crossref": CursorSearch(
        path="/works",
        words="query",
        size="rows",
        cursor="cursor",
        results=("message", "items"),
        following=("message", "next-cursor"),
        total=("message", "total-results"),
    ),
    "europepmc": CursorSearch(
        path="/europepmc/webservices/rest/search",
        words="query",
        size="pageSize",
        cursor="cursorMark",
        results=("resultList", "result"),
        following=("nextCursorMark",),
        total=("hitCount",),
        fixed=(("format", "json"), ("resultType", "core")),
    ),
}
"""The searches by the names of their services.

Source: developers.openalex.org/guides/page-through-results,
api.crossref.org/swagger-ui (/works), europepmc.org/RestfulWebService (search).
"""


def search_by_cursor(name: str, words: str, limit: int, client: ServiceClient) -> Pages:
    """Yields what the service ``name`` finds for ``words``, best first, ``limit`` at most.

    Raises:
        ServiceError: it cannot be asked, or answers with something else.
    """
    search = SEARCHES[name]
    cursor: str | None = "*"
    n_taken, n_total = 0, 1
    while cursor and n_taken < min(limit, n_total):
        found = client.get_json(
            name,
            search.path,
            {
                **dict(search.fixed),
                search.words: words,
                search.size: min(PAGE_RECORDS, limit - n_taken),
                search.cursor: cursor,
            },
        )
        reply, told = found or (None, None)
        results, total = find_inside(told, *search.results), find_inside(told, *search.total)
        if reply is None or not isinstance(results, list) or not isinstance(total, int):
            raise say_garbled(name)
        if not results:
            return
        n_taken, n_total = n_taken + len(results), total
        yield Page(reply.content, None, len(results), n_total)
        last, following = cursor, find_inside(told, *search.following)
        cursor = following if isinstance(following, str) and following != last else None


def search_arxiv(words: str, limit: int, client: ServiceClient) -> Pages:
    """Yields what arXiv finds for ``words``, best first, ``limit`` at most.

    All of the words must be there, unless they say otherwise in arXiv's own language, as in
    ``au:ames AND ti:herons``.

    Raises:
        IngestError: arXiv does not accept the words.
        ServiceError: arXiv cannot be asked.
    """
    yield from _page_arxiv(
        {"search_query": _write_expression(words), "sortBy": "relevance"}, limit, client
    )


def list_arxiv(listing: str, limit: int, client: ServiceClient) -> Pages:
    """Yields the papers of an arXiv listing, last submitted first, ``limit`` at most.

    Args:
        listing: category and period as in the listing's address, such as "cs.CL 2022-03"; those
            that are no year or month, such as "recent", are read as the newest papers.
        limit: papers at most.
        client: by which arXiv is asked.

    Raises:
        IngestError: there is no such month.
        ServiceError: arXiv cannot be asked.
    """
    category, _, period = listing.partition(" ")
    # An archive without a dot has categories, such as cs, or is one itself, such as hep-th.
    wanted = f"cat:{category}" if "." in category else f"(cat:{category} OR cat:{category}.*)"
    if span := _read_period(period):
        wanted += f" AND submittedDate:[{span[0]} TO {span[1]}]"
    yield from _page_arxiv({"search_query": wanted, "sortBy": "submittedDate"}, limit, client)


def count_arxiv(content: bytes) -> tuple[int, int | None]:
    """Returns the entries of arXiv's Atom, and how many it found in all; None: it does not say."""
    total = _TOTAL.search(content[:_HEAD_BYTES])
    return len(re.findall(rb"<entry[\s>]", content)), int(total[1]) if total else None


def _page_arxiv(asked: dict[str, str], limit: int, client: ServiceClient) -> Pages:
    """Yields arXiv's pages; one that is empty before the end is arXiv's fault and asked again."""
    n_taken, n_total = 0, 1
    while n_taken < min(limit, n_total):
        size = min(PAGE_RECORDS, limit - n_taken)
        paging: dict[str, str | int] = {
            "sortOrder": "descending",
            "start": n_taken,
            "max_results": size,
        }
        reply = client.get("arxiv", ARXIV_QUERY, {**asked, **paging}, is_whole=_is_whole(n_taken))
        n_entries, total = count_arxiv(reply.content) if reply else (0, None)
        if reply is None or total is None:
            raise say_garbled("arxiv")
        if not n_entries:
            return
        n_taken, n_total = n_taken + n_entries, total
        yield Page(reply.content, "arxiv", n_entries, total)


def _is_whole(n_taken: int) -> Callable[[bytes], bool]:
    def check(content: bytes) -> bool:
        n_entries, total = count_arxiv(content)
        return n_entries > 0 or total is None or total <= n_taken

    return check


def _write_expression(words: str) -> str:
    """Returns words in arXiv's language: as they are where they are in it, else all of them."""
    parts = _WORD.findall(words)
    if _FIELD.search(words) or _JOINING.intersection(parts):
        return words
    return " AND ".join(f"all:{part}" for part in parts)


def _read_period(period: str) -> tuple[str, str] | None:
    """Returns the first and last minute of a listing's year or month, as arXiv writes them.

    A year is 22 or 2022; a month 2203, 202203 or 2022-03. Four digits are a month where they can
    be one.

    Source: arxiv-browse, year_month.
    """
    digits = period.replace("-", "")
    if not digits.isdecimal():
        return None
    year, month = digits, "00"
    if len(digits) == 6 or (len(digits) == 4 and "01" <= digits[2:] <= "12"):
        year, month = digits[:-2], digits[-2:]
    if len(year) == 2:
        year = f"{19 if year >= '91' else 20}{year}"
    if len(year) != 4 or month > "12":
        raise IngestError(f"arXiv has no listing of {period!r}; give a month, such as 2022-03")
    if month == "00":
        return f"{year}01010000", f"{year}12312359"
    last = calendar.monthrange(int(year), int(month))[1]
    return f"{year}{month}010000", f"{year}{month}{last:02}2359"
