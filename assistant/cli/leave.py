"""Asks on a terminal before much is spent: on reading all papers of a list, say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.events import Event, ReadingLimited

Begin = Callable[[bool], "Generator[Event, None, None]"]
"""Begins an answer; the argument is whether all papers may be read."""


def ask_leave(begin: Begin, *, read_all: bool) -> Generator[Event, None, None]:
    """Yields the events of an answer that reads all papers where ``read_all`` or a person says so.

    Nobody is asked where no one types.
    """
    from assistant.events import ReadingLimited, Retrieved

    if read_all or not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield from begin(read_all)
        return
    with closing(begin(False)) as events:
        for event in events:
            if isinstance(event, ReadingLimited) and _agrees(event):
                break
            yield event
        else:
            return
    with closing(begin(True)) as events:
        # What was found is the same.
        yield from (event for event in events if not isinstance(event, Retrieved))


def _agrees(limited: ReadingLimited) -> bool:
    """Returns whether a person wants the rest to be read as well."""
    n, rest = limited.n_papers, limited.rest
    try:
        said = input(
            f"The LLM reads the {n:,} closest abstracts. Read the other {rest.n_papers:,} too? "
            f"That takes {rest} more [y/N] "
        )
    except EOFError:
        return False
    return said.strip().lower() in ("y", "yes")
