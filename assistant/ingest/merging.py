"""Two records of one paper become one: the first stays, what it lacks comes from the second."""

from __future__ import annotations

import dataclasses

from assistant.types import Paper

_FILLED = (
    "authors", "year", "venue", "keywords", "doi", "arxiv_id", "url", "entry_type", "editors",
    "volume", "issue", "pages", "publisher", "notice",
)  # fmt: skip


def merge(first: Paper, second: Paper) -> Paper:
    """Returns ``first`` with the fields it lacks taken from ``second``.

    Id, title, abstract and source are always the first's: texts that were quoted stay quotable.
    A text that either record calls an account is one, for a file may have lost that.
    """
    missing = {
        name: getattr(second, name)
        for name in _FILLED
        if not getattr(first, name) and getattr(second, name)
    }
    if first.abstract == second.abstract and second.text_kind != first.text_kind:
        missing["text_kind"] = "account"
    return dataclasses.replace(first, **missing) if missing else first
