"""Ovid's exports of MEDLINE, Embase, PsycINFO and others: tagged, or each field below its name.

Source: Ovid, the field guides of its databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from assistant.ingest.decoding import Line
from assistant.ingest.readers.tagged import Dialect, read_dialect, turn_initials
from assistant.ingest.readers.tagged_records import TagGrammar
from assistant.ingest.record import Fault, Record
from assistant.text.person_names import person

_KIND = re.compile(r"\s*\[[A-Z][A-Za-z ,&/-]{2,40}\]\.?\s*")
_MARK = re.compile(r"[\d,*+#^~()-]+")
_DEGREES = frozenset({
    "bsc", "dphil", "edd", "faan", "facsm", "mbbs", "md", "mph", "msc", "phd", "psyd", "rn",
})  # fmt: skip


def _drop_kind(title: str) -> str:
    """Returns a title without what Ovid writes after it: "[Review]", "[References]."."""
    begin = title.rfind(" [" if " [" in title else "[")
    return title[:begin].rstrip() if begin > 0 and _KIND.fullmatch(title, begin) else title


def _read_name(name: str) -> str:
    """Returns a name without the marks of its affiliation and degrees."""
    family, comma, given = name.partition(",")
    words = given.split() if comma else family.split()
    n_kept = len(words)
    while n_kept and (
        _MARK.fullmatch(words[n_kept - 1]) or (n_kept > 1 and _is_degree(words[n_kept - 1]))
    ):
        n_kept -= 1
    if comma:
        words = [word if len(word) < 4 else word.rstrip(".") for word in words[:n_kept]]
        return person(f"{family}, {' '.join(words).strip(',')}")
    bare = " ".join(words[:n_kept])
    return "" if _is_degree(bare) else turn_initials(bare)


def _is_degree(word: str) -> bool:
    return word.replace(".", "").strip(",").lower() in _DEGREES


_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)"
_JOURNAL_ENDS = re.compile(rf"\.(?:\s|$)|,?\s+(?:{_MONTHS}[a-z]*\b.{{0,20}}?)?(?:Vol\b\.? ?)?\d|$")
_BOOK = re.compile(r"\((?:1[89]|20)\d\d\)\. ?")
"""What stands between the editors of a book and its title."""

_ISSUE = re.compile(r"\b(\d{1,6}) ?\(([^()]{1,40})\)")
_PAGES = re.compile(r"(?:\) ?:|\d:|\bpp\.?) ?([A-Za-z]?\d+(?:-[A-Za-z]?\d+)?)\b")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MAX_SOURCE = 2_000


def _read_source(text: str) -> dict[str, str]:
    """Returns what a citation of Ovid tells of the journal; its year is the last one there."""
    text = " ".join(text[:_MAX_SOURCE].split())
    years = _YEAR.findall(text)
    if book := _BOOK.search(text):
        text = text[book.end() :]
    ends = _JOURNAL_ENDS.search(text)
    told = {"venue": text[: ends.start()] if ends else text}
    rest = text[len(told["venue"]) :]
    if issue := _ISSUE.search(rest):
        told |= {"volume": issue[1], "issue": issue[2]}
    if pages := _PAGES.search(rest):
        told["pages"] = pages[1]
    if years:
        told["year"] = years[-1]
    return told


_HEAD = 20
"""Lines by which the two forms are told apart."""

_NUMBER = r"<(?=\d{1,9}\.? ?>\s{0,9}$)"
_LABELS = TagGrammar(
    tag=re.compile(rf"({_NUMBER}|[A-Z][A-Za-z/&()' -]{{0,60}}[A-Za-z)](?=\s{{0,9}}$))(.*)"),
    begins=frozenset("<"),
)
OVID = Dialect(
    TagGrammar(
        tag=re.compile(rf"\s{{0,3}}({_NUMBER}|[A-Z][A-Z0-9](?= {{1,2}}-(?:\s|$)))[ -]*(.*)"),
        begins=frozenset("<"),
    ),
    {
        "key": ("UI", "AN", "Unique Identifier", "Accession Number"),
        "title": ("TI", "Title", "Article Title", "Book Title"),
        "abstract": ("AB", "Abstract"),
        "authors": ("FA", "AU", "Authors Full Name", "Author", "Authors", "Author/s"),
        "year": ("YR", "DP", "DY", "Year of Publication", "Publication Year",
                 "Date of Publication", "Status"),
        "source": ("SO", "Source", "BT"),
        "venue": ("JN", "JT", "Journal Name", "Journal Title"),
        "keywords": ("KW", "KF", "ID", "DE", "MH", "Author Keywords", "Keyword Heading",
                     "Keywords", "Key Concepts", "MeSH Subject Headings"),
        "doi": ("DO", "DI", "DOI Number", "DOI", "Digital Object Identifier"),
        "entry_type": ("PT", "DT", "Publication Type", "Document Type"),
        "editors": ("ED", "Editor", "Editors"),
        "volume": ("VO", "VI", "Volume"),
        "issue": ("IP", "Issue", "Issue/Part"),
        "pages": ("PG", "Page", "Pages"),
        "publisher": ("PB", "PU", "Publisher"),
    },
    read_name=_read_name,
    read_source=_read_source,
)  # fmt: skip


def read_ovid(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of Ovid's exports in order: tagged, or each field below its name."""
    lines = iter(lines)
    begun = list(islice(lines, _HEAD))
    found = (OVID.grammar.tag.match(line.text) for line in begun)
    tagged = any(match and match[1] != "<" for match in found)
    dialect = OVID if tagged else OVID._replace(grammar=_LABELS)
    for record in read_dialect(chain(begun, lines), dialect):
        if isinstance(record, Record):
            yield replace(record, title=_drop_kind(record.title), raw_title=record.title)
        else:
            yield record
