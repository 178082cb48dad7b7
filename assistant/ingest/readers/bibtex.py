"""BibTeX, parsed by bibtexparser one entry at a time, so that a broken entry costs only itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
)

from assistant.accounts import find_kind
from assistant.ingest.decoding import Line
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import year_in
from assistant.ingest.notices import find_notice
from assistant.ingest.pages import normal_pages
from assistant.ingest.readers.crossrefs import Crossrefs
from assistant.ingest.readers.journal_macros import PLAIN_STRINGS, spell_journal
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.ingest.titles import join_title
from assistant.text.latex import decode
from assistant.text.name_lists import whole_names
from assistant.text.person_names import NameParts, keyword_list
from assistant.text.repair import collapse

# What bibtexparser says of a broken entry is reported with the file and line instead.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)

SPARE_CHARS = 1_000_000
"""What names of strings may add to a file besides as many characters as it has itself."""

_ENTRY_START = re.compile(r"\s*@\s*\w+\s*[{(]")
_NOTES = ("annote", "annotation", "note")
_PUBLISHERS = ("publisher", "school", "institution", "organization")
_SERIES = frozenset({"book", "proceedings", "report", "thesis", "masters-thesis"})
"""What appears in a series rather than in a journal or a book."""
_LOOSE_TYPES = ("type", "pubstate", "entrysubtype", "howpublished")
"""Where entries that have no type of their own, such as @misc, say what they are."""

_NAME_PART = re.compile(r"(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)
_VENUES = ("journal", "journaltitle", "booktitle")
_DATES = ("year", "date", "issue_date", "early-access-date", "earlyaccessdate")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords")
_KEY = re.compile(r"\s*@\w+\s*[{(]\s*([^\s,{}]+)")


def read_bibtex(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the entries of a BibTeX file in order, and a fault for each that is broken."""
    strings = _Strings()
    crossrefs = Crossrefs[tuple[Entry, int]]()
    for line, text in _entries(lines):
        if text is None:
            yield Fault(line, f"an entry is longer than {MAX_RECORD_CHARS:,} characters")
            continue
        library = parse_string(text, parse_stack=[])
        strings.n_spare += len(text)
        for string in library.strings:
            if reason := strings.define(string.key, string.value):
                yield Fault(line + (string.start_line or 0), reason)
        for found in library.blocks:
            block: Block | None = found
            at = line + (found.start_line or 0)
            if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
                block = block.ignore_error_block
            if isinstance(block, Entry):
                try:
                    fields = _fields(block, strings)
                except _RefusedStringError as refusal:
                    yield Fault(at, f"the entry {block.key!r} {refusal}")
                    continue
                whole = crossrefs.take(block.key, block.entry_type, fields, (block, at))
                for (entry, begin), own in whole:
                    yield _record(entry, begin, own)
            elif isinstance(block, ParsingFailedBlock):
                key = _KEY.match(block.raw or text)
                name = f"the entry {key[1]!r}" if key else "an entry"
                yield Fault(at, f"{name} is broken: a brace, quote or comma is missing")
    for (entry, begin), own in crossrefs.rest():
        yield _record(entry, begin, own)


def _entries(lines: Iterable[Line]) -> Iterator[tuple[int, str | None]]:
    """Yields the text from each line that begins an entry to the next; None if it is too long."""
    start, parts, held = 0, list[str](), 0
    for line in lines:
        if _ENTRY_START.match(line.text):
            if start:
                yield start, None if held > MAX_RECORD_CHARS else "\n".join(parts)
            start, parts, held = line.number, [], 0
        if start:
            held += MAX_RECORD_CHARS + 1 if line.cut else len(line.text) + 1
            if held > MAX_RECORD_CHARS:
                parts = []
            else:
                parts.append(line.text)
    if start:
        yield start, None if held > MAX_RECORD_CHARS else "\n".join(parts)


def _fields(entry: Entry, strings: _Strings) -> dict[str, str]:
    raw: dict[str, str] = {}
    for field in entry.fields:
        if (name := field.key.lower()) not in raw:
            raw[name] = strings.fill_in(field.value)
    return raw


def _record(entry: Entry, line: int, raw: dict[str, str]) -> Record:
    def text(*names: str) -> str | None:
        found = next((raw[name] for name in names if raw.get(name)), None)
        return None if found is None else decode(collapse(found), braces=True)

    notes = (text("note") or "").split(";")
    if raw.get("subtitle"):
        raw["title"] = join_title(raw.get("title"), raw["subtitle"])
    raw |= {name: spell_journal(raw[name]) for name in _VENUES if raw.get(name)}
    eprint_is_arxiv = raw.get("archiveprefix", raw.get("eprinttype", "arxiv")).lower() == "arxiv"
    entry_type = read_entry_type([entry.entry_type])
    if entry_type in ("thesis", "report"):
        entry_type = read_entry_type([entry.entry_type, text("type")])
    elif entry_type is None:
        entry_type = read_entry_type([*(text(name) for name in _LOOSE_TYPES), *notes])
        if entry_type is None and raw.get("eprint") and eprint_is_arxiv:
            entry_type = "preprint"
    return Record(
        line=line,
        key=entry.key or None,
        title=text("title") or "",
        raw_title=raw.get("title"),
        abstract=text("abstract") or "",
        raw_abstract=raw.get("abstract"),
        authors=_authors(raw.get("author", "")),
        year=next((year for name in _DATES if (year := year_in(raw.get(name) or ""))), None),
        venue=text(*_VENUES)
        or (text("series") if entry_type in _SERIES else None)
        or text("howpublished"),
        keywords=keyword_list(text(*_KEYWORDS) or ""),
        doi=_verbatim(raw.get("doi", "")),
        arxiv_id=raw.get("eprint") if eprint_is_arxiv else None,
        url=_verbatim(raw.get("url", "")),
        text_kind=find_kind(raw.get(name, "") for name in _NOTES),
        entry_type=entry_type,
        editors=_authors(raw.get("editor", "")),
        volume=text("volume"),
        issue=text("number", "issue"),
        pages=normal_pages(text("pages", "eid")),
        publisher=text(*_PUBLISHERS),
        notice=find_notice(types=(*notes, text("pubstate"))),
    )


def _verbatim(raw: str) -> str:
    """Returns a link or DOI without the backslashes and braces that some exporters add to it."""
    raw = re.sub(r"\{?\\(?:textasciitilde|sim)(?:\{\})?\}?|\$\\sim\$|\\~(?:\{\})?", "~", raw)
    return re.sub(r"\\url\s*(?=\{)|\\(?=[%&#_$])|[{}]", "", raw)


def _authors(raw: str) -> tuple[str, ...]:
    names = split_multiple_persons_names(collapse(raw))
    return whole_names([_author(name) for name in names if name != "others"])


def _author(raw: str) -> str:
    if _NAME_PART.match(raw):
        return _join_name_parts(raw)
    parts = _split_commas(raw)
    if len(parts) == 1 and "{" in raw and _is_one_group(raw):
        return f"{_plain(raw)},"
    if len(parts) == 1 and "{" in raw:
        # Braces hold the words of a family name together.
        try:
            found = parse_single_name_into_parts(raw, strict=False)
        except InvalidNameError:
            return _plain(raw)
        parts = [" ".join([*found.von, *found.last]), " ".join(found.first)]
    return ", ".join(map(_plain, parts))


def _plain(raw: str) -> str:
    return decode(raw, braces=True).replace(",", " ")


def _join_name_parts(raw: str) -> str:
    """Returns the name whose parts have names: 'family=Ames, given=Rhea, prefix=de'.

    Source: the biblatex manual, section 'Name lists', on the extended name format.
    """
    told: dict[str, str] = {}
    for part in _split_commas(raw, quotes=True):
        name, _, value = part.partition("=")
        told[name.strip().lower()] = _plain(value).strip().strip('"')
    family = " ".join(filter(None, (told.get("prefix"), told.get("family"))))
    given = told.get("given") or told.get("given-i", "")
    return NameParts(family, given, told.get("suffix", "")).turned if family else given


def _split_commas(raw: str, *, quotes: bool = False) -> list[str]:
    """Returns what commas part outside braces and, where ``quotes`` hold values, outside those."""
    parts, depth, start, quoted = list[str](), 0, 0, False
    for found in re.finditer(r'\\.|[{},"]', raw, re.DOTALL):
        sign = found.group()
        depth += (sign == "{") - (sign == "}")
        if sign == '"' and depth == 0 and quotes:
            quoted = raw.find('"', found.end()) >= 0 and not quoted
        elif sign == "," and depth <= 0 and not quoted:
            parts.append(raw[start : found.start()].strip())
            start = found.end()
    return [*parts, raw[start:].strip()]


def _is_one_group(raw: str) -> bool:
    """Whether the first brace of ``raw`` is closed by the last sign of it."""
    depth = 0
    for found in re.finditer(r"\\.|[{}]", raw, re.DOTALL):
        depth += (found.group() == "{") - (found.group() == "}")
        if depth == 0 and len(found.group()) == 1:
            return raw.startswith("{") and found.end() == len(raw)
    return False


class _RefusedStringError(ValueError):
    """A value is not filled in; the text is what follows its owner's name in a sentence."""


class _Strings:
    """A file's strings by name. Each may stand for several others, so that a few lines could fill
    any memory: what they add is counted before it is made.
    """

    def __init__(self) -> None:
        self.n_spare = SPARE_CHARS
        self._texts: dict[str, str | None] = dict(PLAIN_STRINGS)

    def define(self, name: str, raw: str) -> str | None:
        """Takes a string; returns why not where it is refused, and so is what uses it."""
        try:
            self._texts[name.lower()] = self.fill_in(raw)
        except _RefusedStringError as refusal:
            self._texts[name.lower()] = None
            return f"the string {name!r} {refusal}"
        return None

    def fill_in(self, raw: str) -> str:
        """Returns a value: braces or quotes taken off, names of strings looked up, joined.

        Raises:
            _RefusedStringError: a string of it is refused, or they add too much to the file.
        """
        parts: list[str] = []
        n_added = 0
        for part in _concatenate(raw):
            enclosed = len(part) > 1 and (part[0], part[-1]) in (("{", "}"), ('"', '"'))
            text = part[1:-1] if enclosed else self._texts.get(part.lower(), part)
            if text is None:
                raise _RefusedStringError(f"uses the string {part!r}, which is refused")
            parts.append(text)
            n_added += 0 if enclosed else len(text)
        if n_added > self.n_spare:
            raise _RefusedStringError(
                f"would be filled in with {n_added:,} characters of strings, more than the file "
                "may gain by them; write the text out"
            )
        self.n_spare -= n_added
        return "".join(parts)


def _concatenate(raw: str) -> Iterator[str]:
    """Yields the operands of BibTeX's ``#``, which counts only outside braces and quotes."""
    depth, quoted, start = 0, False, 0
    for found in re.finditer(r'\\.|[{}"#]', raw, re.DOTALL):
        sign = found.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            yield raw[start : found.start()].strip()
            start = found.end()
    yield raw[start:].strip()
