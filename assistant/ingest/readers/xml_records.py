"""XML cut into the elements of its records as it arrives, so that a file of any size can be read.

A record begins where its element does, however deep and under whichever root: feeds, harvests and
the answers of services wrap the same records in one another. XML that declares entities is refused;
a document type is not, for PubMed and publishers name theirs, and it is never fetched.
"""

from __future__ import annotations

import html.entities
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record

ReadElement = Callable[[Element, int], Record | Fault | None]
"""Reads a record's element, which begins in a line; None where it holds none."""

MAX_DEPTH = 100
"""Elements within one another in a record; real ones have less than twenty."""

ELEMENT_CHARS = 64
"""What an element is counted for beside its text: so much of the memory is its own."""

_NAMESPACES = {
    "http://purl.org/dc/elements/": "dc.",
    "http://purl.org/dc/terms/": "dcterms.",
    "http://prismstandard.org/namespaces/": "prism.",
    "http://www.prismstandard.org/namespaces/": "prism.",
    "http://purl.org/rss/1.0/modules/content/": "content.",
    "http://arxiv.org/schemas/atom": "arxiv.",
    "http://www.openarchives.org/OAI/2.0/oai_dc": "oai_dc.",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf.",
    "http://xmlns.com/foaf/": "foaf.",
    "http://purl.org/net/biblio": "bib.",
    "http://www.zotero.org/namespaces/export": "z.",
    "http://www.w3.org/XML/1998/namespace": "xml.",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/": "",
    "http://purl.org/rss/1.0/": "",
    "http://backend.userland.com/": "",
    "http://www.openarchives.org/OAI/": "",
    "http://arxiv.org/OAI/": "",
    "http://www.loc.gov/mods/": "",
    "http://www.crossref.org/": "",
    "http://www.ncbi.nlm.nih.gov/JATS": "",
    "http://jats.nlm.nih.gov": "",
    "https://jats.nlm.nih.gov": "",
    "http://www.tei-c.org/": "",
    "http://www.w3.org/1998/Math/MathML": "",
    "http://www.w3.org/1999/xhtml": "",
    "http://www.w3.org/TR/": "",
}
"""The beginnings of the namespaces that are read, and the prefix that their names have here."""

# Parts of records that are long, or name other papers than the record's own.
_LEFT_OUT = frozenset({
    "AffiliationInfo", "CommentsCorrectionsText", "ReferenceList", "ref-list", "aff", "affiliation",
    "affiliations", "bio", "author-comment", "contrib-id", "citation_list", "encodingDesc",
    "revisionDesc", "pdf-urls", "attached-files", "standoff", "Identifier", "ORCID", "idno-list",
    "trans-abstract", "sub-article", "response", "custom-meta-group", "funding-group", "roleName",
})  # fmt: skip

_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_ENTITIES = {
    name[:-1]: letters for name, letters in html.entities.html5.items() if name.endswith(";")
}


class _Begun(NamedTuple):
    read: ReadElement
    line: int


class _Ended(NamedTuple):
    read: ReadElement
    line: int
    element: Element


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Returns an element's or an attribute's name with a short prefix in its namespace's place.

    Those that are not read have the prefix 'other.', so that a feed's picture is not its paper.
    """
    namespace, brace, local = name[1:].rpartition("}")
    if not brace:
        return name
    return next(
        (f"{short}{local}" for start, short in _NAMESPACES.items() if namespace.startswith(start)),
        f"other.{local}",
    )


class RecordCutter:
    """Receives a parser's events and keeps no more than the record being read.

    ``find_reader`` is asked which reader an element outside records has, of the root's name and
    its own. A record has its parent's attributes too: what an article's front matter is of stands
    on the article. ``root`` is the name of the document's first element, '' before it.
    """

    def __init__(self, find_reader: Callable[[str, str], ReadElement | None]) -> None:
        self.locate: Callable[[], int] = lambda: 1
        self.root = ""
        self.has_records = False
        self._find_reader = find_reader
        self._done: list[_Ended | Fault] = []
        self._outer: list[dict[str, str]] = []
        self._begun: _Begun | None = None
        self._builder = TreeBuilder()
        self._depth = 0
        self._left_out = 0
        self._held = 0

    def take(self) -> list[Record | Fault]:
        """Returns the records that ended since it was last called."""
        done, self._done = self._done, []
        read = (one if isinstance(one, Fault) else one.read(one.element, one.line) for one in done)
        return [record for record in read if record is not None]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Receives the beginning of an element."""
        name = plain_name(tag)
        attributes = {plain_name(key): value for key, value in attributes.items()}
        if self._begun is None:
            self.root = self.root or name
            read = self._find_reader(self.root, name)
            if read is None:
                self._outer.append(attributes)
                return
            self.has_records = True
            self._begun = _Begun(read, self.locate())
            self._builder, self._depth, self._left_out, self._held = TreeBuilder(), 0, 0, 0
            attributes = (self._outer[-1] if self._outer else {}) | attributes
        self._depth += 1
        self._held += ELEMENT_CHARS + sum(map(len, attributes.values()))
        if self._depth > MAX_DEPTH:
            self._held = MAX_RECORD_CHARS + 1
        if not self._left_out and (name in _LEFT_OUT or self._held > MAX_RECORD_CHARS):
            self._left_out = self._depth
        if not self._left_out:
            self._builder.start(name, attributes)

    def data(self, text: str) -> None:
        """Receives a piece of text."""
        if self._begun and not self._left_out:
            self._held += len(text)
            if self._held <= MAX_RECORD_CHARS:
                self._builder.data(text)

    def end(self, tag: str) -> None:
        """Receives the end of an element."""
        if self._begun is None:
            self._outer.pop()
            return
        if not self._left_out:
            self._builder.end(plain_name(tag))
        elif self._left_out == self._depth:
            self._left_out = 0
        self._depth -= 1
        if not self._depth:
            self._done.append(self._ended(self._begun))
            self._begun = None

    def close(self) -> None:
        """Receives the end of the document, where nothing is left to do."""

    def _ended(self, begun: _Begun) -> _Ended | Fault:
        if self._held > MAX_RECORD_CHARS:
            return Fault(
                begun.line,
                f"a record is longer than {MAX_RECORD_CHARS:,} characters, or has more than "
                f"{MAX_DEPTH} elements within one another",
            )
        return _Ended(*begun, self._builder.close())


def cut_records(chunks: Iterable[bytes], cutter: RecordCutter) -> Iterator[Record | Fault]:
    """Yields the records of XML in order; where it breaks off, a fault comes last."""
    parser = _open_parser(cutter)
    n_fed = 0
    for chunk in chain(_printable(chunks), [None]):
        fault = _feed(parser, chunk)
        yield from cutter.take()
        n_fed += len(chunk or b"")
        if fault is None and chunk is None:
            return
        # The parser reads a tag again from its beginning with each piece that comes.
        if fault is None and n_fed - int(parser.parser.CurrentByteIndex) > MAX_RECORD_CHARS:
            fault = Fault(cutter.locate(), f"a tag is longer than {MAX_RECORD_CHARS:,} characters")
        if fault is not None:
            yield fault
            return


def _feed(parser: DefusedXMLParser, chunk: bytes | None) -> Fault | None:
    """Gives the parser a piece, or the end where it is None; returns why it cannot go on."""
    try:
        if chunk is None:
            parser.close()
        else:
            parser.feed(chunk)
    except ParseError as exc:
        return Fault(exc.position[0], f"not valid XML from here on: {exc.msg}")
    except DefusedXmlException:
        return Fault(1, "XML with entities of its own is not read, for safety")
    except (ValueError, LookupError):
        return Fault(1, "the encoding that the XML declares cannot be read; save it as UTF-8")
    return None


def look_at(head: bytes, cutter: RecordCutter) -> bool:
    """Returns whether ``head``, which may end anywhere, is sound XML; gives it to ``cutter``.

    Raises:
        ValueError: it declares entities, or an encoding that cannot be read.
    """
    try:
        for chunk in _printable([head]):
            _open_parser(cutter).feed(chunk)
    except ParseError:
        return False
    except LookupError as exc:
        raise ValueError(str(exc)) from exc
    return True


def _open_parser(cutter: RecordCutter) -> DefusedXMLParser:
    parser = DefusedXMLParser(target=cutter)
    # Names such as &nbsp; stand in feeds without any declaration, and in DBLP's by one that is not
    # fetched: each is one letter or two.
    parser.parser.UseForeignDTD(True)
    parser.entity.update(_ENTITIES)
    cutter.locate = lambda: int(parser.parser.CurrentLineNumber)
    return parser


def _printable(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yields the bytes from the first mark on, without control characters, which XML forbids.

    Programs copy them from PDFs into abstracts; a parser would stop at the first.
    """
    begun, is_wide = False, False
    for chunk in chunks:
        if not begun:
            is_wide = b"\0" in chunk[:4]
            chunk = chunk.lstrip()
            begun = bool(chunk)
        yield chunk if is_wide else chunk.translate(None, _CONTROLS)
