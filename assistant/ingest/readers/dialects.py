"""Tagged text of Web of Science, EndNote (which is refer's), RefWorks and the Cochrane Library.

rispy's reader of Web of Science would take a whole file at once, and none of the others; what
differs between them are the names of their fields and a few habits.

Source: Clarivate, "Web of Science Core Collection Field Tags"; EndNote, "EndNote Import" (the tags
of refer with EndNote's own); RefWorks, "RefWorks Tagged Format"; Cochrane Library, plain text of
"Export selected citations".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.readers.tagged import Dialect, read_dialect, turn_initials
from assistant.ingest.readers.tagged_records import TagGrammar
from assistant.ingest.record import Fault, Record

WEB_OF_SCIENCE = Dialect(
    TagGrammar(
        tag=re.compile(r"([A-Z][A-Z0-9])(?:[ \t](.*)|$)"),
        begins=frozenset({"PT"}),
        ends=frozenset({"ER"}),
        listed=frozenset({"AU", "AF", "BA", "BF", "BE", "CA", "GP", "ED"}),
    ),
    {
        "key": ("UT",),
        "title": ("TI",),
        "abstract": ("AB",),
        "authors": ("AF", "AU", "BF", "BA", "CA", "GP"),
        "year": ("PY", "EY", "EA", "PD"),
        "venue": ("SO", "JI", "J9"),
        "keywords": ("DE", "ID"),
        "doi": ("DI", "D2"),
        "entry_type": ("DT", "PT"),
        "editors": ("BE", "ED"),
        "volume": ("VL",),
        "issue": ("IS",),
        "start_page": ("BP",),
        "end_page": ("EP",),
        "pages": ("PS",),
        "article_number": ("AR",),
        "publisher": ("PU",),
    },
    read_name=turn_initials,
)

REFER = Dialect(
    TagGrammar(
        tag=re.compile(r"%(\S)(?:\s(.*)|$)"),
        begins=frozenset("0"),
        once=frozenset("T"),
        listed=frozenset("AEK"),
    ),
    {
        "key": ("F",),
        "title": ("T",),
        "abstract": ("X",),
        "authors": ("A", "Q"),
        "year": ("D", "8"),
        "venue": ("J", "B"),
        "keywords": ("K",),
        "doi": ("R",),
        "url": ("U",),
        "notes": ("Z", "O"),
        "entry_type": ("0", "9"),
        "editors": ("E",),
        "volume": ("V",),
        "issue": ("N",),
        "pages": ("P",),
        "publisher": ("I",),
    },
)

REFWORKS = Dialect(
    TagGrammar(
        # Only these: a line that begins with other capitals goes on with the text before.
        tag=re.compile(
            r"(A[1-6BDNV]|C[1-9LNR]|D[BOS]|ED|FD|I[DPS]|J[FO]|K1|L[AKL]|N[OT]|O[LPT]|P[BMP]|R[DTP]|"
            r"S[FLNPRT]|T[1-3]|U[1-9L]|U1[0-5]|VO|W[PTV]|YR)(?:[ \t](.*)|$)"
        ),
        begins=frozenset({"RT"}),
    ),
    {
        "key": ("ID",),
        "title": ("T1",),
        "abstract": ("AB",),
        "authors": ("A1",),
        "year": ("YR", "FD"),
        "venue": ("JF", "JO", "T2"),
        "keywords": ("K1",),
        "doi": ("DO",),
        "url": ("UL", "LK"),
        "notes": ("NO",),
        "entry_type": ("RT",),
        "editors": ("A2",),
        "volume": ("VO",),
        "issue": ("IS",),
        "start_page": ("SP",),
        "end_page": ("OP",),
        "publisher": ("PB",),
    },
)

COCHRANE = Dialect(
    TagGrammar(
        tag=re.compile(
            r"(Record(?= #\d+ of \d+)|(?:AB|AU|CC|DOI|ID|KY|NO|PB|PG|PM|PT|SN|SO|TI|US|VL|XR|YR)"
            r"(?=:))[: ](.*)"
        ),
        begins=frozenset({"Record"}),
    ),
    {
        "key": ("ID",),
        "title": ("TI",),
        "abstract": ("AB",),
        "authors": ("AU",),
        "year": ("YR",),
        "venue": ("SO",),
        "keywords": ("KY",),
        "doi": ("DOI",),
        "url": ("US",),
        "entry_type": ("PT",),
        "volume": ("VL",),
        "issue": ("NO",),
        "pages": ("PG",),
        "publisher": ("PB",),
    },
    name_ends=";,",
    read_name=turn_initials,
)


def read_web_of_science(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of Web of Science's plain text (.txt, .ciw) in order."""
    return read_dialect(lines, WEB_OF_SCIENCE)


def read_refer(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of EndNote's tagged text (.enw), which is refer's, in order."""
    return read_dialect(lines, REFER)


def read_refworks(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of RefWorks' tagged text in order."""
    return read_dialect(lines, REFWORKS)


def read_cochrane(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of the Cochrane Library's plain text in order."""
    return read_dialect(lines, COCHRANE)
