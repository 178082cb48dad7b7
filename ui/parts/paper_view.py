"""A paper as JSON for the browser, its abstract cut where sentences of an answer quote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from assistant_ui.parts.links import paper_link

from assistant import Paper, Source, describe_paper, list_suspect

MAX_AUTHORS = 6
"""Authors named on a card; further ones are counted."""


def paper_view(paper: Paper, quotes: Iterable[tuple[int, int, int]] = ()) -> dict[str, Any]:
    """Returns the paper as JSON types: what ``parts/static/paper_card.js`` draws.

    Args:
        paper: the paper.
        quotes: ``(start, end, sentence index)`` of each quote; characters of the abstract.
    """
    suspect = list_suspect(paper)
    return {
        **reference_view(paper),
        "keywords": list(paper.keywords),
        "abstract": cut_at_quotes(
            paper.abstract,
            quotes,
            [(one.start, one.end) for one in suspect if one.sentence],
        ),
        "suspect": [one.reason for one in suspect],
    }


def reference_view(paper: Paper | Source) -> dict[str, Any]:
    """Returns what names a paper, as JSON types: all that a card shows but its abstract.

    ``told`` is what else must be known of the paper, such as that it was retracted or that the
    abstract is an account, which ``is_account`` says too.
    """
    link = paper_link(paper)
    return {
        "paper_id": paper.paper_id,
        "title": paper.title,
        "authors": authors_line(paper.authors),
        "year": paper.year,
        "venue": paper.venue,
        "link": link,
        "url": None if link else paper.url,
        "told": describe_paper(paper),
        "is_account": paper.text_kind == "account",
    }


def authors_line(authors: tuple[str, ...]) -> str:
    """Returns 'A, B and 4 more'."""
    if len(authors) > MAX_AUTHORS:
        return f"{', '.join(authors[:MAX_AUTHORS])} and {len(authors) - MAX_AUTHORS} more"
    return " and ".join(part for part in (", ".join(authors[:-1]), *authors[-1:]) if part)


def cut_at_quotes(
    text: str,
    quotes: Iterable[tuple[int, int, int]],
    suspect: Sequence[tuple[int, int]] = (),
) -> list[dict[str, Any]]:
    """Returns ``text`` in pieces, each with the indexes of the sentences that quote it.

    A piece of one of ``suspect``, sentences that read like orders, says so.

    Joined, the pieces are the text. Offsets are in Python's characters, which a browser counts
    otherwise; so the cutting is done here.
    """
    quotes = [(start, end, index) for start, end, index in quotes if 0 <= start < end <= len(text)]
    places = [*(quote[:2] for quote in quotes), *suspect]
    cuts = sorted({0, len(text), *(cut for place in places for cut in place)})
    pieces: list[dict[str, Any]] = [
        {
            "text": text[start:end],
            "cited_by": sorted({i for first, last, i in quotes if first <= start and end <= last}),
        }
        for start, end in pairwise(cuts)
    ]
    for piece, (start, end) in zip(pieces, pairwise(cuts), strict=True):
        if any(first <= start and end <= last for first, last in suspect):
            piece["suspect"] = True
    return pieces
