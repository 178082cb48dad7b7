"""PubMed's format 'Abstract (text)': numbered citations, each with its paragraphs, for reading.

The paragraphs have no names. They come in a fixed order: the citation, the title, the authors,
their addresses and related articles under headings, the abstract, the rights, the identifiers.

Source: National Library of Medicine, PubMed User Guide, "Save citations", format Abstract (text).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.placeholders import is_placeholder
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.text.person_names import person

_BEGIN = re.compile(r"(\d{1,6})[.:] \S")
_CITATION = re.compile(
    r"\d+[.:] (?P<venue>[^\n]{1,300}?)[.;] (?P<year>(?:1[89]|20)\d\d)\b(?P<rest>.*)", re.DOTALL
)
_PLACE = re.compile(
    r"[^;:]{0,40}[;:]\s?(?P<volume>[\w-]{1,20})?(?:\((?P<issue>[^)]{1,40})\))?"
    r"(?::(?P<pages>[\w-]{1,30}(?:, [\w-]{1,30}){0,4}))?"
)
_IDENTIFIER = re.compile(r"(DOI|PMCID|PMID): ?(\S+)")
_MARKS = re.compile(r"\(\d+\)|\(#\)|\u200b")
_SHORT_NAME = re.compile(r"(.*[^\W\d_].*?)\s+([^\W\d_a-z]{1,5})(?:\s+(Jr|Sr|2nd|3rd|II|III|IV))?")

_NOT_ABSTRACT = re.compile(
    r"Author information:|Collaborators?(?: \(\d+\))?:|Contributed equally|\[Article in [A-Z]"
    r"|(?:Comment|Erratum|Update|Retraction|Republished|Corrected|Original|Summary|Expression of"
    r" concern|Reprint|Retracted|Partial retraction)s? (?:in|on|of|from|for|and republished)\b"
    r"|Conflict of interest|Copyright|\u00a9|\(c\) \d{4}|Publisher: |Published by "
    r"|Trial registration:|Crown copyright|This article is protected|PMID:|PMCID:|DOI:",
    re.IGNORECASE,
)


def read_pubmed_text(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the records of a text that PubMed made for reading."""
    record = _Paragraphs(1)
    for line in lines:
        text = line.text.strip()
        found = _BEGIN.match(text) if record.awaits_next else None
        if found:
            if record.is_begun:
                yield record.make()
            record = _Paragraphs(line.number)
        record.add(text, cut=line.cut)
    if record.is_begun:
        yield record.make()


class _Paragraphs:
    """The paragraphs of one record."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._paragraphs: list[list[str]] = []
        self._is_open = False
        self._has_pmid = False
        self._held = 0

    @property
    def is_begun(self) -> bool:
        """Whether there is a record: its first paragraph is a citation with a number."""
        return bool(self._paragraphs) and bool(_BEGIN.match(self._paragraphs[0][0]))

    @property
    def awaits_next(self) -> bool:
        """Whether a number may begin the next record: after a blank line and a PMID."""
        return not self._is_open and (self._has_pmid or not self.is_begun)

    def add(self, text: str, *, cut: bool) -> None:
        self._held += MAX_RECORD_CHARS + 1 if cut else len(text) + 1
        if self._held > MAX_RECORD_CHARS:
            self._paragraphs = self._paragraphs[:1]
        elif not text:
            pass
        elif self._is_open:
            self._paragraphs[-1].append(text)
        else:
            self._paragraphs.append([text])
        self._is_open = bool(text)
        self._has_pmid = self._has_pmid or text.startswith("PMID:")

    def make(self) -> Record | Fault:
        if self._held > MAX_RECORD_CHARS:
            return Fault(self._line, f"a record is longer than {MAX_RECORD_CHARS:,} characters")
        whole = [" ".join(lines) for lines in self._paragraphs]
        identifiers: dict[str, str] = {}
        for lines in self._paragraphs[1:]:
            for found in filter(None, map(_IDENTIFIER.match, lines)):
                identifiers.setdefault(found[1], found[2])
        cited = _CITATION.match(whole[0])
        place = _PLACE.match(cited["rest"]) if cited else None
        doi = re.search(r"doi: ?(10\.\S+?)\.?(?:\s|$)", whole[0])
        pmid = identifiers.get("PMID")
        texts = [text for text in whole[2:] if not _NOT_ABSTRACT.match(text)]
        authors = _names(texts[0]) if texts else ()
        if authors or (texts and is_placeholder(texts[0])):
            texts = texts[1:]
        return Record(
            line=self._line,
            key=f"pmid:{pmid}" if pmid else None,
            title=whole[1] if len(whole) > 1 else "",
            abstract=" ".join(texts),
            authors=authors,
            year=int(cited["year"]) if cited else None,
            venue=cited["venue"] if cited else None,
            doi=identifiers.get("DOI") or (doi[1] if doi else None),
            url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
            volume=place["volume"] if place else None,
            issue=place["issue"] if place else None,
            pages=place["pages"] if place else None,
        )


def _names(text: str) -> tuple[str, ...]:
    """Returns the authors in a paragraph of them, or none if it is another paragraph."""
    parts = [part.strip() for part in re.split(r"[,;]", _MARKS.sub("", text).rstrip(" .")) if part]
    short = [_SHORT_NAME.fullmatch(part) for part in parts if part]
    if not short or 2 * sum(map(bool, short)) < len(short) or len(text) > 60 * len(short) + 60:
        return ()
    names = [
        person(", ".join(filter(None, (found[1], found[2], found[3])))) if found else person(part)
        for part, found in zip(parts, short, strict=False)
    ]
    return tuple(name for name in names if name)
