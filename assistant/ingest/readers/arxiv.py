"""arXiv's Atom feeds, parsed as they arrive. XML that declares entities is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from assistant.ingest.identity import normal_arxiv_id, year_in
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.text.person_names import person
from assistant.text.repair import collapse

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ENTRY = f"{_ATOM}entry"
_TEXTS = {
    f"{_ATOM}id": "id",
    f"{_ATOM}title": "title",
    f"{_ATOM}summary": "summary",
    f"{_ATOM}content": "content",
    f"{_ATOM}published": "published",
    f"{_ATOM}name": "name",
    f"{_ARXIV}doi": "doi",
    f"{_ARXIV}journal_ref": "journal_ref",
}


def read_arxiv(chunks: Iterable[bytes]) -> Iterator[Record | Fault]:
    """Yields the entries of an Atom feed in order; XML that breaks off ends in a fault."""
    entries = _Entries()
    parser = DefusedXMLParser(target=entries, forbid_dtd=True)
    entries.locate = lambda: int(parser.parser.CurrentLineNumber)
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from entries.take()
        parser.close()
    except ParseError as exc:
        yield from entries.take()
        yield Fault(exc.position[0], f"not valid XML from here on: {exc.msg}")
    except DefusedXmlException:
        yield Fault(1, "XML with a document type or entities of its own is not read, for safety")
    except (ValueError, LookupError):
        yield Fault(1, "the encoding that the XML declares cannot be read; save it as UTF-8")
    yield from entries.take()


def _is_page(tag: str, attributes: dict[str, str]) -> bool:
    return tag == f"{_ATOM}link" and attributes.get("rel", "alternate") == "alternate"


class _Entries:
    """Receives the parser's events and keeps no more than the entry being read."""

    def __init__(self) -> None:
        self.locate: Callable[[], int] = lambda: 1
        self._done: list[Record | Fault] = []
        self._entry: dict[str, list[str]] | None = None
        self._line = 1
        self._field: str | None = None
        self._depth = 0
        self._text: list[str] = []
        self._held = 0

    def take(self) -> list[Record | Fault]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ENTRY:
            self._entry, self._line, self._held = {}, self.locate(), 0
            self._field = None
        elif self._field:
            self._depth += 1
        elif self._entry is not None and tag in _TEXTS:
            self._field, self._depth, self._text = _TEXTS[tag], 0, []
        elif self._entry is not None and _is_page(tag, attributes):
            self._entry.setdefault("link", []).append(attributes.get("href", ""))

    def data(self, text: str) -> None:
        if self._field:
            self._held += len(text)
            if self._held <= MAX_RECORD_CHARS:
                self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == _ENTRY and self._entry is not None:
            self._done.append(self._record(self._entry))
            self._entry = self._field = None
        elif self._field and self._depth:
            self._depth -= 1
        elif self._field and self._entry is not None:
            self._entry.setdefault(self._field, []).append("".join(self._text))
            self._field = None

    def close(self) -> None:
        """Nothing is left to do at the end of the document."""

    def _record(self, entry: dict[str, list[str]]) -> Record | Fault:
        if self._held > MAX_RECORD_CHARS:
            return Fault(self._line, f"an entry is longer than {MAX_RECORD_CHARS:,} characters")

        def first(*names: str) -> str | None:
            return next((collapse(entry[name][0]) for name in names if entry.get(name)), None)

        identifier = first("id") or ""
        arxiv_id = normal_arxiv_id(identifier)
        if "arxiv.org/api/errors" in identifier:
            return Fault(self._line, f"arXiv reports an error: {first('summary')!r}")
        return Record(
            line=self._line,
            key=None if arxiv_id else identifier,
            title=first("title") or "",
            abstract=first("summary", "content") or "",
            authors=tuple(name for name in map(person, entry.get("name", [])) if name),
            year=year_in(first("published") or ""),
            venue=first("journal_ref"),
            doi=first("doi"),
            arxiv_id=arxiv_id,
            url=first("link") or (identifier if arxiv_id else None),
        )
