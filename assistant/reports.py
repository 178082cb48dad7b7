"""What is told of a library: what an ingestion did to it, and what it holds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not taken, and why; ``n_records`` is None for a whole file or all that is left.

    Where ``lacks_abstract``, it is taken with ``keep_without_abstract``.
    """

    file: str
    line: int | None
    reason: str
    n_records: int | None = 1
    lacks_abstract: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """A record that went into a paper which another record of the same ingestion is of.

    ``title`` is the record's own, ``paper_title`` that of the paper with ``paper_id``.
    """

    title: str
    paper_id: str
    paper_title: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion changed: paper ids by outcome, records that are copies, and skipped ones.

    ``n_copies`` counts the copies, of which the first thousand are named.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[str, ...] = ()
    copies: tuple[Copied, ...] = ()
    n_copies: int = 0

    @property
    def n_papers(self) -> int:
        """The papers that the records are of."""
        return len(self.added) + len(self.updated) + len(self.unchanged)

    @property
    def n_records(self) -> int:
        """The records that the sources hold: one for each paper, the copies, and those skipped."""
        return self.n_papers + self.n_copies + sum(s.n_records or 0 for s in self.skipped)

    @property
    def n_skipped(self) -> int:
        """The records skipped; a file counts as one."""
        return sum(s.n_records or 1 for s in self.skipped)

    def to_dict(self) -> dict[str, Any]:
        """Returns the report as JSON types."""
        return {
            "added": list(self.added),
            "updated": list(self.updated),
            "unchanged": list(self.unchanged),
            "removed": list(self.removed),
            "skipped": [dataclasses.asdict(s) for s in self.skipped],
            "n_skipped": self.n_skipped,
            "notices": list(self.notices),
            "copies": [dataclasses.asdict(copy) for copy in self.copies],
            "n_copies": self.n_copies,
            "n_records": self.n_records,
        }


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What a library holds and how it was built.

    ``digest`` is the SHA-256 of the papers, whatever their order; ``dimension`` that of the
    embedder's vectors; ``schema`` the version of the library's layout on disk.
    """

    library: str
    papers: int
    passages: int
    version: int
    digest: str
    embedder: str
    dimension: int
    schema: int

    def to_dict(self) -> dict[str, Any]:
        """Returns the statistics as JSON types."""
        return dataclasses.asdict(self)
