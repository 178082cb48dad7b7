"""PubMed's MEDLINE (NBIB) format: a tag of up to four letters, a hyphen, continuation lines.

Read here because the kept parser, Biopython's, would bring a molecular biology toolkit of
several megabytes for a format of one page.

Source: National Library of Medicine, MEDLINE/PubMed Data Element (Field) Descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.ingest.decoding import Line
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import year_in
from assistant.ingest.notices import find_notice
from assistant.ingest.readers.tagged_records import TagGrammar, split_records
from assistant.ingest.record import Fault, Record
from assistant.text.person_names import keywords, person

GRAMMAR = TagGrammar(
    tag=re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?:(?<=PMID-)|\s|$)(.*)"),
    begins=frozenset({"PMID"}),
    once=frozenset({"OWN", "TI", "BTI"}),
)
_ABBREVIATED = re.compile(r"(.*\S)\s+([A-Z]{1,3})((?: (?:Jr|Sr|2nd|3rd|4th))?)")
_SUFFIXES = {"Jr": "Jr", "Sr": "Sr", "2nd": "II", "3rd": "III", "4th": "IV"}
"""What NLM puts last in a name, after the given names, and what it is elsewhere."""
_WHENCE = re.compile(
    r"(?:(?:AAMC|AIDS|KIE|NASA|PIP|Publisher|plain-language-summary):\s*)?"
    r"(?:Abstract available from the publisher\.?\s*)?"
)
"""What NLM puts before an abstract that is not the journal's English one: who wrote it."""


def read_medline(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of a MEDLINE file in order.

    Each of PubMed's begins with its PMID; those of others, such as ERIC's, after a blank line.
    """
    for record in split_records(lines, GRAMMAR):
        yield record if isinstance(record, Fault) else _record(record.values, record.line)


def _record(values: Mapping[str, list[str]], line: int) -> Record:
    def first(*tags: str) -> str | None:
        return next((values[tag][0] for tag in tags if values.get(tag)), None)

    pmid = first("PMID")
    authors = values.get("FAU") or [
        f"{short[1]}, {short[2]}{short[3]}" if (short := _ABBREVIATED.fullmatch(name)) else name
        for name in values.get("AU", [])
    ]
    types = values.get("PT", [])
    dois = (name for tag in ("AID", "LID") for name in values.get(tag, []) if "[doi]" in name)
    return Record(
        line=line,
        key=f"pmid:{pmid}" if pmid else None,
        title=first("TI", "BTI", "TT") or "",
        abstract=first("AB") or _other_abstract(first("OAB")),
        authors=tuple(name for name in map(_person, [*authors, *values.get("CN", [])]) if name),
        year=year_in(first("DP") or "") or year_in(first("DEP") or ""),
        venue=first("JT", "TA"),
        keywords=keywords([name.replace("*", "") for name in values.get("OT", [])]),
        doi=next(dois, "").removesuffix("[doi]"),
        entry_type=read_entry_type(types),
        editors=tuple(name for name in map(person, values.get("FED", [])) if name),
        volume=first("VI"),
        issue=first("IP"),
        pages=first("PG"),
        publisher=first("PB"),
        notice=find_notice(types=types, updates=[tag for tag in values if values[tag]]),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else first("LID"),
    )


def _person(name: str) -> str:
    names, _, last = name.rpartition(" ")
    return person(f"{names}, {_SUFFIXES[last]}" if "," in names and last in _SUFFIXES else name)


def _other_abstract(text: str | None) -> str:
    """Returns an abstract that PubMed has from elsewhere, without the words that say whence."""
    return _WHENCE.sub("", text or "", count=1)
