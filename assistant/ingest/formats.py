"""The formats that files of papers have: how each is read, and how it is told.

It is told by what the file holds; its name decides only where that says nothing. A new format is
a reader in ``readers``, its name in ``Format`` and its line in ``FILE_FORMATS``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Literal, NamedTuple, get_args

from assistant.errors import UnreadableError
from assistant.ingest.decoding import Line, decode, lines, refuse_binary
from assistant.ingest.other_texts import describe_text
from assistant.ingest.readers.arxiv_mail import read_arxiv_mail
from assistant.ingest.readers.bibtex import read_bibtex
from assistant.ingest.readers.dialects import (
    read_cochrane,
    read_refer,
    read_refworks,
    read_web_of_science,
)
from assistant.ingest.readers.feed import read_feed
from assistant.ingest.readers.feed_layout import looks_like_feed
from assistant.ingest.readers.json_records import read_json, read_jsonl
from assistant.ingest.readers.medline import read_medline
from assistant.ingest.readers.ovid import read_ovid
from assistant.ingest.readers.pubmed_text import read_pubmed_text
from assistant.ingest.readers.ris import read_ris
from assistant.ingest.readers.table import HEADER_WITHIN, delimiter_of, read_table
from assistant.ingest.readers.workbook import find_workbook, read_workbook
from assistant.ingest.readers.wrapped import looks_wrapped, read_wrapped
from assistant.ingest.readers.xml import find_what_else, read_xml
from assistant.ingest.record import Fault, Record, Remark

Format = Literal[
    "feed", "wrapped", "bibtex", "ris", "json", "csl", "jsonl", "csv", "arxiv", "arxiv-mail",
    "medline", "pubmed-text", "wos", "refer", "refworks", "ovid", "cochrane", "xml",
    "xlsx",
]  # fmt: skip
FORMATS: tuple[Format, ...] = get_args(Format)

Records = Iterator[Record | Fault | Remark]
Read = Callable[[Iterator[bytes], str], Records]
"""Reads the bytes of a file, in pieces, and is told its name."""


class FileFormat(NamedTuple):
    """How a format is read, and how it is told.

    ``sign`` is what only such a file holds, where that is a pattern; ``suffixes`` are the ends of
    names that only such files have; ``is_binary`` is whether it holds no text as it is.
    """

    read: Read
    sign: re.Pattern[str] | None = None
    suffixes: tuple[str, ...] = ()
    is_binary: bool = False


def _by_line(read: Callable[[Iterable[Line]], Records]) -> Read:
    return lambda chunks, file: read(lines(decode(chunks, file)))


def _read_json(chunks: Iterator[bytes], file: str) -> Records:
    return read_json(decode(chunks, file), file)


_BIBTEX = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:string|comment|preamble)[ \t]*[{(]|\w+[ \t]*[{(][^\s,=(){}]*[ \t]*,)",
    re.MULTILINE | re.IGNORECASE,
)
_RIS = re.compile(r"^\s{0,3}TY {1,2}- ?[A-Z]", re.MULTILINE)
# A numbered citation, and below it the number that PubMed has for it.
_PUBMED_TEXT = re.compile(r"\A\d{1,6}[.:] \S[^\n]{0,500}\n(?s:.*?)^PMID: ?\d", re.MULTILINE)
_ARXIV_MAIL = re.compile(r"^\\\\[ \t]*\n(?:arXiv|Paper) ?:", re.MULTILINE)
_MEDLINE = re.compile(r"^(?:PMID ?- ?\d|(?:OWN |STAT|FAU |TI  )- )", re.MULTILINE)
_WEB_OF_SCIENCE = re.compile(
    r"^(?:FN [^\n]*\nVR [\d.]+[ \t]*$|PT [A-Z][ \t]*\n[A-Z][A-Z0-9] )", re.MULTILINE
)
_REFER = re.compile(r"^%(?:0 [A-Z]|[AT] [^\n]*\n%\S )", re.MULTILINE)
_REFWORKS = re.compile(r"^RT [A-Z][a-z][^\n]*\n[ \t]*[A-Z][A-Z0-9] ", re.MULTILINE)
_OVID = re.compile(
    r"^[ \t]{0,3}<\d{1,9}\.? ?>[ \t]*\n"
    r"[ \t]{0,3}(?:[A-Z][A-Z0-9] {1,2}- |[A-Z][A-Za-z /-]{1,60}[ \t]*$)",
    re.MULTILINE,
)
_COCHRANE = re.compile(r"^Record #\d+ of \d+[ \t]*\n\s{0,9}[A-Z]{2,3}: ", re.MULTILINE)

FILE_FORMATS: dict[Format, FileFormat] = {
    "feed": FileFormat(_by_line(read_feed)),
    "wrapped": FileFormat(_by_line(read_wrapped)),
    "bibtex": FileFormat(_by_line(read_bibtex), _BIBTEX, (".bib", ".bibtex")),
    "ris": FileFormat(_by_line(read_ris), _RIS, (".ris",)),
    "json": FileFormat(_read_json),
    "csl": FileFormat(_read_json),  # one of the forms of "json", known by this name
    "jsonl": FileFormat(
        lambda chunks, file: read_jsonl(lines(decode(chunks, file)), file),
        suffixes=(".jsonl", ".ndjson"),
    ),
    "csv": FileFormat(_by_line(read_table), suffixes=(".csv", ".tsv", ".tab")),
    "arxiv-mail": FileFormat(_by_line(read_arxiv_mail), _ARXIV_MAIL),
    "medline": FileFormat(_by_line(read_medline), _MEDLINE, (".nbib", ".medline")),
    "pubmed-text": FileFormat(_by_line(read_pubmed_text), _PUBMED_TEXT),
    "wos": FileFormat(_by_line(read_web_of_science), _WEB_OF_SCIENCE, (".ciw", ".isi")),
    "refer": FileFormat(_by_line(read_refer), _REFER, (".enw", ".refer")),
    "refworks": FileFormat(_by_line(read_refworks), _REFWORKS),
    "ovid": FileFormat(_by_line(read_ovid), _OVID, (".ovd",)),
    "cochrane": FileFormat(_by_line(read_cochrane), _COCHRANE),
    "arxiv": FileFormat(lambda chunks, _: read_xml(chunks), suffixes=(".atom",)),
    "xml": FileFormat(lambda chunks, _: read_xml(chunks), suffixes=(".rss", ".rdf", ".mods")),
    "xlsx": FileFormat(read_workbook, suffixes=(".xlsx", ".xlsm"), is_binary=True),
}

_SUFFIXES = {suffix: name for name, known in FILE_FORMATS.items() for suffix in known.suffixes}

FOLDER_SUFFIXES = {*_SUFFIXES, ".json", ".xml", ".txt", ".text", ""}
"""Names that files of papers have; in a folder others (code, notes, pictures) are left alone."""

WHOLE_LINES = 10
"""With more lines than this the last, which the end of the head may have cut, can be spared."""

HEAD_LINES = 600
"""Lines by which plain text is told: some fifty papers of it."""

LONG_LINE = 10_000
"""A line of so many characters tells nothing; the feed's reader says so and reads what follows."""

_MARKUP = re.compile(r"<(?:\?xml|!|[A-Za-z])")
_ATOM = re.compile(r"<(?:\w+:)?(?:feed|entry)\b")
"""An Atom feed was read before other XML was, and keeps the name of its own that it had."""


def detect_format(head: bytes, name: str) -> Format:
    """Returns the format of the file ``name`` that begins with the bytes ``head``.

    Raises:
        UnreadableError: ``head`` is empty, binary, in no known encoding or in no known format.
    """
    if find_workbook(head, name):
        return "xlsx"
    refuse_binary(head, name)
    text = "".join(decode([head], name)).lstrip()
    if not text:
        raise UnreadableError(name, "is empty; there is nothing to read")
    found = _by_content(text, head, name) or _SUFFIXES.get(PurePath(name).suffix.lower())
    if found:
        return found
    # The last line may be cut anywhere by the end of the head.
    begun = text.split("\n")
    if len(text) >= LONG_LINE and len(begun) == 1:
        return "feed"
    whole = (begun[:-1] if len(begun) > WHOLE_LINES else begun)[:HEAD_LINES]
    if looks_wrapped(whole):
        return "wrapped"
    if looks_like_feed(whole):
        return "feed"
    raise UnreadableError(name, f"is in no format that can be told: it {describe_text(whole)}")


def _by_content(text: str, head: bytes, name: str) -> Format | None:
    if _MARKUP.match(text):
        if what := find_what_else(head):
            raise UnreadableError(name, f"is {what}")
        return "arxiv" if _ATOM.search(text) else "xml"
    if text[0] in "[{" and (found := _json(text)):
        return found
    begins: dict[Format, int] = {}
    for format, known in FILE_FORMATS.items():
        if known.sign and (match := known.sign.search(text)):
            begins[format] = match.start()
    if begins:
        return min(begins, key=begins.__getitem__)
    header = [line for line in text.split("\n", 50) if line.strip()][:HEADER_WITHIN]
    return "csv" if any(map(delimiter_of, header)) else None


def _json(text: str) -> Format | None:
    if re.match(r"\[\s*(?:[{\]]|\[\s*[{\]\[]|$)", text):
        return "json"
    if not re.match(r"\{\s*(?:[\"}]|$)", text):
        return None
    first, _, rest = text.partition("\n")
    if not rest.strip():
        return "json"
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # An object over several lines, unless the next line begins another: then it is broken.
        return "jsonl" if rest.startswith("{") else "json"
    return "jsonl"
