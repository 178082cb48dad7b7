"""What format a file is in, by what it holds; its name decides only where that says nothing."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Literal, get_args

from assistant.errors import UnreadableError
from assistant.ingest.decoding import decode, refuse_binary
from assistant.ingest.feed import looks_like_feed
from assistant.ingest.table import HEADER_WITHIN, delimiter_of

Format = Literal["feed", "bibtex", "ris", "csl", "jsonl", "csv", "arxiv", "medline"]
FORMATS: tuple[Format, ...] = get_args(Format)

WHOLE_LINES = 10
"""With more lines than this the last, which the end of the head may have cut, can be spared."""

LONG_LINE = 10_000
"""A line of so many characters tells nothing; the feed's reader says so and reads what follows."""

_SUFFIXES: dict[str, Format] = {
    ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".atom": "arxiv", ".nbib": "medline",
    ".medline": "medline",
}  # fmt: skip

_BIBTEX = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:string|comment|preamble)[ \t]*[{(]|\w+[ \t]*[{(][^\s,=(){}]*[ \t]*,)",
    re.MULTILINE | re.IGNORECASE,
)
FOLDER_SUFFIXES = {*_SUFFIXES, ".json", ".xml", ".txt", ".text", ""}
"""Names that files of papers have; in a folder others (code, notes, pictures) are left alone."""

_RIS = re.compile(r"^\s{0,3}TY {1,2}- ?[A-Z]", re.MULTILINE)
_MEDLINE = re.compile(r"^PMID ?- ?\d", re.MULTILINE)
_SIGNS: dict[Format, re.Pattern[str]] = {"bibtex": _BIBTEX, "ris": _RIS, "medline": _MEDLINE}
_MARKUP = re.compile(r"<(?:\?xml|!|[A-Za-z])")
_ATOM = re.compile(r"<(?:\w+:)?(?:feed|entry)\b")


def detect_format(head: bytes, name: str) -> Format:
    """Returns the format of the file ``name`` that begins with the bytes ``head``.

    Raises:
        UnreadableError: ``head`` is empty, binary, in no known encoding or in no known format.
    """
    refuse_binary(head, name)
    text = "".join(decode([head], name)).lstrip()
    if not text:
        raise UnreadableError(name, "is empty; there is nothing to read")
    found = _by_content(text, name) or _SUFFIXES.get(PurePath(name).suffix.lower())
    if found:
        return found
    # The last line may be cut anywhere by the end of the head.
    begun = text.split("\n")
    if len(text) >= LONG_LINE and len(begun) == 1:
        return "feed"
    if looks_like_feed(begun[:-1] if len(begun) > WHOLE_LINES else begun):
        return "feed"
    raise UnreadableError(
        name, f"is in no format that can be told; name it with --format ({', '.join(FORMATS)})"
    )


def _by_content(text: str, name: str) -> Format | None:
    if _MARKUP.match(text):
        if _ATOM.search(text):
            return "arxiv"
        raise UnreadableError(
            name, "is a page or XML but no Atom feed; save the records as BibTeX, RIS or MEDLINE"
        )
    if text[0] in "[{" and (found := _json(text)):
        return found
    begins = {name: match.start() for name, sign in _SIGNS.items() if (match := sign.search(text))}
    if begins:
        return min(begins, key=begins.__getitem__)
    header = [line for line in text.split("\n", 50) if line.strip()][:HEADER_WITHIN]
    return "csv" if any(map(delimiter_of, header)) else None


def _json(text: str) -> Format | None:
    if re.match(r"\[\s*(?:[{\]]|$)", text):
        return "csl"
    if not re.match(r"\{\s*(?:[\"}]|$)", text):
        return None
    first, _, rest = text.partition("\n")
    if not rest.strip():
        return "csl" if '"items"' in first[:200] else "jsonl"
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # An object over several lines, unless the next line begins another: then it is broken.
        return "jsonl" if rest.startswith("{") else "csl"
    return "jsonl"
