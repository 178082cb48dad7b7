"""RIS, parsed by rispy one record at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import rispy
from rispy.config import LIST_TYPE_TAGS

from assistant.accounts import find_kind
from assistant.ingest.decoding import Line
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import find_arxiv_id, year_in
from assistant.ingest.notices import find_notice
from assistant.ingest.pages import join_pages
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.text.person_names import keywords, person

# Exporters differ in the spaces around the hyphen; rispy wants exactly two before it.
_TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9]) {1,2}-(?: |$)")
_TITLES = ("title", "primary_title", "translated_title", "short_title")
_ABSTRACTS = ("abstract", "notes_abstract")
_AUTHORS = ("authors", "first_authors")
_YEARS = ("year", "publication_year", "date")
_VENUES = (
    "journal_name", "alternate_title3", "secondary_title", "alternate_title1", "alternate_title2",
)  # fmt: skip

_WORK_TYPES = ("type_of_work", "note")
"""The tags M3 and M1, where programs write what RIS has no type for."""

_QUOTE = re.compile(r"\[\d+\] \u201c")
"""How a note begins that holds an answer's quote, which may name other papers' ids."""


def read_ris(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of a RIS file in order, and a fault for each that is broken."""
    for start, text, ended in _records(lines):
        if text is None:
            yield Fault(start, f"a record is longer than {MAX_RECORD_CHARS:,} characters")
        elif not ended:
            yield Fault(start, "the file ends within this record: no 'ER  -' closes it")
        else:
            yield _record(text, start)


def _records(lines: Iterable[Line]) -> Iterator[tuple[int, str | None, bool]]:
    """Yields each record's first line, its text (None if too long), and whether it is closed."""
    start, parts, held = 0, list[str](), 0
    told = ""

    def text() -> str | None:
        return None if held > MAX_RECORD_CHARS else "".join([*parts, "\nER  - "])

    for line in lines:
        tag = _TAG.match(line.text)
        name = tag[1] if tag else ""
        if name == "TY":
            if start:
                yield start, text(), True
            start, parts, held = line.number, [], 0
        elif name == "ER" and start:
            yield start, text(), True
            start = 0
        if start:
            held += MAX_RECORD_CHARS + 1 if line.cut else len(line.text) + 1
            if held > MAX_RECORD_CHARS:
                parts = []
            elif tag:
                told = name
                parts.append(f"\n{name}  - {line.text[tag.end() :]}")
            else:
                # rispy would copy the whole text for each further line of it.
                parts.append(f"\n   {line.text}" if told in LIST_TYPE_TAGS else f" {line.text}")
    if start:
        yield start, text(), False


def _record(text: str, line: int) -> Record | Fault:
    try:
        parsed = rispy.loads(text, delimiter_tags_mapping={})
    except (KeyError, TypeError, AttributeError):
        return Fault(line, "this record is broken: its tags contradict each other")
    if not parsed:
        return Fault(line, "this record is broken: it has no type")
    values: dict[str, Any] = parsed[0]

    def first(*names: str) -> str | None:
        found = (values.get(name) for name in names)
        value = next((value for value in found if value), None)
        return value[0] if isinstance(value, list) else value

    entry_type = read_entry_type(
        [values.get("type_of_reference"), *(values.get(name) for name in _WORK_TYPES)]
    )
    venue = first(*_VENUES)
    if not venue and entry_type == "conference-paper":
        venue = first("custom3")
    notes: list[str] = values.get("notes", [])
    editors = values.get("unknown_tag", {}).get("ED") or values.get("secondary_authors") or []
    authors: list[str] = next((values[name] for name in _AUTHORS if values.get(name)), [])
    return Record(
        line=line,
        key=first("id"),
        title=first(*_TITLES) or "",
        abstract=first(*_ABSTRACTS) or "",
        authors=tuple(name for name in map(person, authors) if name),
        year=next((year for name in _YEARS if (year := year_in(first(name) or ""))), None),
        venue=venue,
        keywords=keywords(values.get("keywords", [])),
        doi=first("doi"),
        arxiv_id=find_arxiv_id(*(n for n in notes if not _QUOTE.match(n))),
        url=first("urls", "link_to_pdf"),
        text_kind=find_kind(notes),
        entry_type=entry_type,
        editors=tuple(name for name in map(person, editors) if name),
        volume=first("volume"),
        issue=first("number"),
        pages=join_pages(first("start_page"), first("end_page")),
        publisher=first("publisher"),
        notice=find_notice(types=notes),
    )
