"""What a BibTeX entry takes from the entry that its ``crossref`` names, before it or after it.

BibTeX wants the parent after its children and other programs put it before them. So entries that
are made to be parents are remembered, and children wait for a parent that has not come yet; both
only so many, for a file may be of any size.

Source: Oren Patashnik, BibTeXing, on cross-references; biblatex's manual, on data inheritance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_PARENTS = 10_000
"""Entries that are remembered as parents; of each a few short fields."""

MAX_WAITING_CHARS = 4_000_000
"""What children that wait may hold together; beyond it the first go without their parent."""

ENTRY_CHARS = 1_000
"""What an entry takes beside its texts."""

MAX_FIELD_CHARS = 2_000

_PARENT_TYPES = frozenset({
    "proceedings", "mvproceedings", "book", "mvbook", "collection", "mvcollection", "periodical",
    "reference", "mvreference", "conference", "journal",
})  # fmt: skip

_INHERITED = (
    "year", "date", "month", "journal", "journaltitle", "publisher", "organization", "institution",
    "editor", "volume", "number", "series", "edition", "address", "location", "isbn", "issn",
)  # fmt: skip

Fields = dict[str, str]


class Crossrefs(Generic[T]):
    """The parents and the waiting children of one file; keys are compared without their case."""

    def __init__(self) -> None:
        self._parents: dict[str, Fields] = {}
        self._waiting: dict[str, list[tuple[T, Fields]]] = {}
        self._n_chars = 0

    def take(
        self, key: str, entry_type: str, fields: Fields, entry: T
    ) -> Iterator[tuple[T, Fields]]:
        """Yields the entries that are whole now, with their fields: this one, or its children."""
        key, wanted = key.lower(), fields.get("crossref", "").strip().lower()
        parent = self._parents.get(wanted)
        if not wanted or wanted == key or parent:
            yield entry, inherit(fields, parent or {})
        else:
            self._waiting.setdefault(wanted, []).append((entry, fields))
            self._n_chars += _size(fields)
        if key in self._waiting or entry_type.lower() in _PARENT_TYPES:
            heritage = _heritage(fields)
            if len(self._parents) < MAX_PARENTS:
                self._parents[key] = heritage
            yield from self._release(key, heritage)
        while self._n_chars > MAX_WAITING_CHARS:
            yield from self._release(next(iter(self._waiting)), {})

    def rest(self) -> Iterator[tuple[T, Fields]]:
        """Yields the entries whose parent never came, as they are."""
        for wanted in list(self._waiting):
            yield from self._release(wanted, {})

    def _release(self, key: str, heritage: Fields) -> Iterator[tuple[T, Fields]]:
        for entry, fields in self._waiting.pop(key, []):
            self._n_chars -= _size(fields)
            yield entry, inherit(fields, heritage)


def _size(fields: Fields) -> int:
    return ENTRY_CHARS + sum(map(len, fields.values()))


def _heritage(fields: Fields) -> Fields:
    own = {name: text for name in _INHERITED if (text := fields.get(name))}
    book = fields.get("booktitle") or fields.get("title")
    if book:
        own["booktitle"] = book
    return {name: text for name, text in own.items() if len(text) <= MAX_FIELD_CHARS}


def inherit(fields: Fields, parent: Fields) -> Fields:
    """Returns ``fields`` with what they lack taken from ``parent``."""
    if {"year", "date"} & {name for name, text in fields.items() if text}:
        parent = {name: text for name, text in parent.items() if name not in {"year", "date"}}
    return {**parent, **{name: text for name, text in fields.items() if text}}
