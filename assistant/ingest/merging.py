"""Two records of one paper become one: the first stays, what it lacks comes from the second."""

from __future__ import annotations

import dataclasses
from typing import Any

from assistant.ingest.notices import find_notice
from assistant.types import Paper

_PUBLICATION = (
    "entry_type", "venue", "editors", "volume", "issue", "pages", "publisher",
)  # fmt: skip
"""What is said of one publication: never partly of a preprint and partly of the journal."""

_FILLED = (
    "authors", "year", "venue", "keywords", "doi", "arxiv_id", "url", "entry_type", "editors",
    "volume", "issue", "pages", "publisher",
)  # fmt: skip


_TITLE = ("title", "original_title", "title_kind")
_ABSTRACT = ("abstract", "original_abstract", "text_kind")


def merge(first: Paper, second: Paper) -> Paper:
    """Returns ``first`` with the fields it lacks taken from ``second``.

    Id, title, abstract and source are the first's, where it has them: texts that were quoted stay
    quotable.
    A text that either record calls an account is one, for a file may have lost that. A preprint
    that the second record knows as published is cited as published, and of two notices the graver
    counts.
    """
    missing: dict[str, Any] = {
        name: getattr(second, name)
        for name in _FILLED
        if not getattr(first, name) and getattr(second, name)
    }
    if (notice := find_notice(types=(first.notice, second.notice))) != first.notice:
        missing["notice"] = notice
    if first.entry_type == "preprint" and second.entry_type not in (None, "preprint"):
        missing |= {name: getattr(second, name) for name in _PUBLICATION}
        missing["year"] = second.year or first.year
    if first.title_kind != "given" and second.title_kind == "given":
        missing |= {name: getattr(second, name) for name in _TITLE}
    if not first.abstract and second.abstract:
        missing |= {name: getattr(second, name) for name in _ABSTRACT}
    elif first.abstract == second.abstract and second.text_kind != first.text_kind:
        missing["text_kind"] = "account"
    if not set(second.family_names) <= set(first.family_names):
        # Where one record parts a name, the other's spelling of it is parted too.
        missing["family_names"] = tuple(sorted({*first.family_names, *second.family_names}))
    return dataclasses.replace(first, **missing) if missing else first
