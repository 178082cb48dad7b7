"""Which paper of a library a record is of, and which sources list it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from assistant.ingest.identity import dedupe_keys, text_keys
from assistant.ingest.matching import is_copy, is_revision
from assistant.ingest.source_names import UNNAMED, is_same_source
from assistant.types import Paper

MAX_CANDIDATES = 10
"""Papers of one title that a record is compared with: thousands may be called alike, and equal
texts are found by keys of their own."""

_FROM = "from:"
"""Begins the keys that say which sources list a paper, where there is more than one."""


class Library(Protocol):
    """What is asked of a library that is being written; see ``store.writer.Writer``."""

    def paper(self, paper_id: str) -> Paper | None:
        """Returns a paper."""

    def find_papers(self, key: str, limit: int = -1) -> tuple[str, ...]:
        """Returns the ids of the papers that have ``key``, at most ``limit`` of them."""

    def keys(self, paper_id: str) -> tuple[str, ...]:
        """Returns the keys of a paper."""

    def keys_beginning(self, prefix: str) -> tuple[str, ...]:
        """Returns the keys that begin with ``prefix``."""

    def sources(self) -> tuple[str, ...]:
        """Returns where the papers were read from."""

    def papers_of_source(self, source: str) -> tuple[str, ...]:
        """Returns the ids of the papers that were read from ``source``."""


class KnownPapers:
    """The papers of a library as records are looked up among them."""

    def __init__(self, library: Library, is_open: Callable[[str], bool]) -> None:
        """``is_open`` says of a paper's id whether no record of this run was of it yet."""
        self._library = library
        self._is_open = is_open
        self._numbers: dict[str, int] = {}

    def find(self, incoming: Paper) -> Paper | None:
        """Returns the paper that ``incoming`` is a record of, whatever its source."""
        own = self._library.paper(incoming.paper_id)
        # Who makes papers in a program gives them ids of their own.
        if own and own.source is incoming.source is None and self._is_open(own.paper_id):
            return own
        keys = (*text_keys(incoming)[:1], *dedupe_keys(incoming))
        found = (self._library.find_papers(key, MAX_CANDIDATES) for key in keys)
        ids = dict.fromkeys(chain([incoming.paper_id], chain.from_iterable(found)))
        papers = map(self._library.paper, ids)
        return next((one for one in papers if one is not None and is_copy(one, incoming)), None)

    def find_revised(self, incoming: Paper) -> Paper | None:
        """Returns the paper that ``incoming`` may be the new text of, or None.

        It is of its source, which has not listed it in this run, and has its key, whatever number
        was put to that here, or else its abstract or title.
        """
        for same_key, ids in ((True, self._list_own(incoming)), (False, self._list_like(incoming))):
            for paper_id in ids:
                known = self._library.paper(paper_id)
                if (
                    known is not None
                    and self._is_open(paper_id)
                    and is_same_source(known.source, incoming.source)
                    and is_revision(known, incoming, same_key=same_key)
                ):
                    return known
        return None

    def find_free_id(self, wanted: str) -> str:
        """Returns ``wanted``, or its first numbered form that no paper has."""
        if self._library.paper(wanted) is None:
            return wanted
        # Where the last search ended: records that all have one key are no quadratic work.
        number = self._numbers.get(wanted, 2)
        while self._library.paper(f"{wanted}-{number}") is not None:
            number += 1
        self._numbers[wanted] = number + 1
        return f"{wanted}-{number}"

    def list_listing(self, paper: Paper) -> frozenset[str]:
        """Returns the named sources that list a paper."""
        keys = self._library.keys(paper.paper_id)
        listing = (key.removeprefix(_FROM) for key in keys if key.startswith(_FROM))
        own = [paper.source] if paper.source and paper.source != UNNAMED else []
        return frozenset([*own, *listing])

    def list_sources(self) -> list[str]:
        """Returns the sources that list papers of the library, sorted."""
        listing = (key.removeprefix(_FROM) for key in self._library.keys_beginning(_FROM))
        return sorted({*self._library.sources(), *listing})

    def list_papers(self, source: str) -> list[str]:
        """Returns the ids of the papers that ``source`` lists."""
        first = self._library.papers_of_source(source)
        return [*dict.fromkeys((*first, *self._library.find_papers(f"{_FROM}{source}")))]

    def _list_own(self, incoming: Paper) -> Iterator[str]:
        yield incoming.paper_id
        for number in range(2, MAX_CANDIDATES):
            yield f"{incoming.paper_id}-{number}"

    def _list_like(self, incoming: Paper) -> Iterator[str]:
        for key in (*text_keys(incoming)[1:], *dedupe_keys(incoming)[-1:]):
            yield from self._library.find_papers(key, MAX_CANDIDATES)


def make_keys(paper: Paper, listing: frozenset[str]) -> tuple[str, ...]:
    """Returns the keys of ``paper`` in the library; ``listing`` are the sources that list it."""
    several = sorted(listing) if len(listing) > 1 else []
    return (*dedupe_keys(paper), *text_keys(paper), *(f"{_FROM}{source}" for source in several))
