"""Records of tagged files, whichever dialect they are in.

A dialect is a grammar and a table of which tags hold what; each has its own in ``dialects`` and
``ovid``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from assistant.accounts import find_kind
from assistant.ingest.decoding import Line
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import find_arxiv_id, year_in
from assistant.ingest.notices import find_notice
from assistant.ingest.pages import join_pages
from assistant.ingest.readers.tagged_records import TaggedRecord, TagGrammar, split_records
from assistant.ingest.record import Fault, Record
from assistant.text.person_names import MAX_NAME_CHARS, keyword_list, keywords, person


class Dialect(NamedTuple):
    """A kind of tagged file: its grammar, and which tags hold what, the best ones first.

    ``pages`` are whole ("11-19") or else from ``start_page`` to ``end_page``. Names in one value
    are parted by one of ``name_ends``. ``read_name`` takes away what the dialect adds to them;
    ``read_source`` says what the ``source`` tells, where that is a citation ("Moss J. 3(2):11-19,
    2011."). Where a tag of its own holds the same, that counts.
    """

    grammar: TagGrammar
    fields: Mapping[str, tuple[str, ...]]
    name_ends: str = ";"
    read_name: Callable[[str], str] = person
    read_source: Callable[[str], Mapping[str, str]] = lambda _: {}


_IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
"""What is no part of a name: "Larch, Ida [Inventor]"."""


def read_dialect(lines: Iterable[Line], dialect: Dialect) -> Iterator[Record | Fault]:
    """Yields the records of a file of ``dialect`` in order, and a fault for each that is broken."""
    for record in split_records(lines, dialect.grammar):
        yield record if isinstance(record, Fault) else _record(record, dialect)


def _record(record: TaggedRecord, dialect: Dialect) -> Record:
    tags = dialect.fields
    source = dialect.read_source(record.first(*tags.get("source", ())) or "")

    def first(field: str) -> str | None:
        return record.first(*tags.get(field, ())) or source.get(field)

    def names(field: str) -> tuple[str, ...]:
        values = record.all(*tags.get(field, ()))
        bare = (_IN_BRACKETS.sub("", value) for value in values)
        parts = [part for value in bare for part in re.split(f"[{dialect.name_ends}]", value)]
        short = (part.strip() for part in parts if len(part) <= MAX_NAME_CHARS)
        return tuple(name for name in map(dialect.read_name, short) if name)

    types = [kind for tag in tags.get("entry_type", ()) for kind in record.values.get(tag, ())]
    pages = (first("start_page"), first("end_page"))
    notes = record.all(*tags.get("notes", ()))
    whole_pages = first("pages") or ""
    if "pagination" in whole_pages.lower():
        whole_pages = ""
    return Record(
        line=record.line,
        key=(first("key") or "").rstrip(".") or None,
        title=first("title") or "",
        abstract=first("abstract") or "",
        authors=names("authors"),
        year=next((year for year in map(year_in, _dates(record, tags, source)) if year), None),
        venue=first("venue"),
        keywords=_keywords(record.all(*tags.get("keywords", ()))),
        doi=first("doi"),
        arxiv_id=find_arxiv_id(first("article_number"), *notes),
        url=first("url"),
        text_kind=find_kind(notes),
        entry_type=read_entry_type(types),
        editors=names("editors"),
        volume=first("volume"),
        issue=first("issue"),
        pages=whole_pages or join_pages(*pages) or first("article_number"),
        publisher=first("publisher"),
        notice=find_notice(types=types),
    )


def _dates(
    record: TaggedRecord, tags: Mapping[str, tuple[str, ...]], source: Mapping[str, str]
) -> list[str]:
    told = [value for tag in tags["year"] for value in record.values.get(tag, ())]
    return [*told, source.get("year", "")]


def _keywords(values: list[str]) -> tuple[str, ...]:
    """Returns the keywords, without the star of a main one; a single value lists them all."""
    listed = [part for value in values for part in value.split(";")]
    parts = keyword_list(listed[0]) if len(listed) == 1 else listed
    return keywords([part.strip().removeprefix("*").removesuffix(".") for part in parts])


_INITIALS_LAST = re.compile(r"([^,]*\S)\s+((?:[A-Z]\.?-?){1,4})")


def turn_initials(name: str) -> str:
    """Returns a name whose initials come last ('Moss RB') the way round that all are read."""
    found = _INITIALS_LAST.fullmatch(name)
    return person(f"{found[1]}, {found[2]}" if found else name)
