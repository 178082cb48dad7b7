"""What a reader hands on: a record as its file has it, or the place where none could be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from assistant.types import EntryType, PaperNotice

MAX_RECORD_CHARS = 16_000_000
"""A record longer than this is not held in memory: it is reported and reading goes on."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, its fields decoded from the file's format and otherwise untouched.

    ``line`` is where it begins, counted from 1. ``key`` is the file's own name for it.
    ``raw_title`` and ``raw_abstract`` are the file's own text where decoding changed it;
    ``text_kind`` and ``title_kind`` are what it says its abstract and its title are. The fields
    from ``entry_type`` on are as in ``types.Paper``, ``entry_type`` and ``notice`` among the values
    there.
    """

    line: int | None
    title: str = ""
    abstract: str = ""
    key: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    keywords: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    url: str | None = None
    raw_title: str | None = None
    raw_abstract: str | None = None
    text_kind: str = "abstract"
    title_kind: str = "given"
    entry_type: EntryType | None = None
    editors: tuple[str, ...] = ()
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    notice: PaperNotice | None = None


class Fault(NamedTuple):
    """A place in a file where a record was expected and could not be read, and why.

    ``n_records`` is None where it is all that is left of the list.
    """

    line: int | None
    reason: str
    n_records: int | None = 1


class Remark(NamedTuple):
    """What a user should know of a file although no record of it was left out."""

    text: str
