"""What the records say, in words: one line, and a line for each paper with its label."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.accounts import describe_notice
from assistant.answer.records.asked import Wanted
from assistant.evidence.injection import show_title
from assistant.types import Paper

MAX_NAMED = 5
"""Authors that a line of a list names; an answer to who wrote a paper names all."""

FIELDS = {"author": "authors", "year": "years", "venue": "venues"}
"""What a paper may have on record, each and in the plural."""


def say_field_missing(wanted: str) -> str:
    """Returns that no paper of the library has an author, a year or a venue on record."""
    return f"The papers of this library have no {FIELDS[wanted]} on record."


def say_nobody(name: str) -> str:
    """Returns that the library has no author of a name."""
    return f"No paper in this library has an author named {name}."


def say_fact(paper: Paper, wanted: Wanted) -> str:
    """Returns who wrote the paper labelled 1, when or where it was published, in a sentence."""
    title = f"\u201c{show_title(paper)}\u201d"
    if wanted == "author" and paper.authors:
        return f"{title} is by {join_names(paper.authors)} [1]."
    if wanted == "year" and paper.year is not None:
        return f"{title} is from {paper.year} [1]."
    if wanted == "venue" and paper.venue:
        return f"{title} appeared in {paper.venue} [1]."
    return f"{title} has no {wanted} on record [1]."


def say_list(heading: str, papers: Sequence[Paper]) -> str:
    """Returns ``heading`` and a line for each paper, with its number in the list as its label."""
    lines = [f"- {say_paper(paper)} [{n}]" for n, paper in enumerate(papers, start=1)]
    return "\n".join([heading, *lines])


def say_paper(paper: Paper) -> str:
    """Returns 'Title. Authors (year). Venue. Retracted', without what is not on record."""
    named = list(paper.authors[:MAX_NAMED])
    if len(paper.authors) > MAX_NAMED:
        n_others = len(paper.authors) - MAX_NAMED
        named.append("1 other" if n_others == 1 else f"{n_others} others")
    year = f"({paper.year})" if paper.year is not None else ""
    who = " ".join(filter(None, (join_names(named), year)))
    notice = describe_notice(paper.notice).capitalize()
    parts = (show_title(paper), who, paper.venue or "", notice)
    return ". ".join(part.rstrip(". ") for part in parts if part)


def join_names(names: Sequence[str]) -> str:
    """Returns 'A', 'A and B', or 'A, B and C'."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def count_papers(n: int) -> str:
    """Returns '1 paper' or '1,200 papers'."""
    return f"{n:,} paper{'' if n == 1 else 's'}"
