"""PubMed's MEDLINE (NBIB) format: a tag of up to four letters, a hyphen, continuation lines.

Read here because the kept parser, Biopython's, would bring a molecular biology toolkit of
several megabytes for a format of one page.

Source: National Library of Medicine, MEDLINE/PubMed Data Element (Field) Descriptions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import year_in
from assistant.ingest.notices import find_notice
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.text.person_names import keywords, person

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
_ABBREVIATED = re.compile(r"(.*\S)\s+([A-Z]{1,3})")


def read_medline(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of a MEDLINE file in order; each begins with its PMID."""
    start, values, held = 0, defaultdict[str, list[list[str]]](list), 0
    tag = ""
    for line in lines:
        found = _TAG.match(line.text)
        if found and found[1] == "PMID":
            if start:
                yield _record(values, start, held)
            start, values, held = line.number, defaultdict(list), 0
        held += MAX_RECORD_CHARS + 1 if line.cut else len(line.text)
        if not start or held > MAX_RECORD_CHARS:
            values.clear()
        elif found:
            tag = found[1]
            values[tag].append([found[2].strip()])
        elif line.text.strip() and values[tag]:
            values[tag][-1].append(line.text.strip())
    if start:
        yield _record(values, start, held)


def _record(parts: dict[str, list[list[str]]], line: int, held: int) -> Record | Fault:
    if held > MAX_RECORD_CHARS:
        return Fault(line, f"a record is longer than {MAX_RECORD_CHARS:,} characters")
    values = {tag: [" ".join(lines) for lines in told] for tag, told in parts.items()}

    def first(*tags: str) -> str | None:
        return next((values[tag][0] for tag in tags if values.get(tag)), None)

    pmid = first("PMID")
    authors = values.get("FAU") or [
        f"{short[1]}, {short[2]}" if (short := _ABBREVIATED.fullmatch(name)) else name
        for name in values.get("AU", [])
    ]
    types = values.get("PT", [])
    dois = (name for tag in ("AID", "LID") for name in values.get(tag, []) if "[doi]" in name)
    return Record(
        line=line,
        key=f"pmid:{pmid}" if pmid else None,
        title=first("TI", "BTI") or "",
        abstract=first("AB") or "",
        authors=tuple(name for name in map(person, [*authors, *values.get("CN", [])]) if name),
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
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
    )
