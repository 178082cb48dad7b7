"""What sites tell of papers in XML: Atom and RSS feeds, arXiv's records, OAI-PMH's Dublin Core.

Source: RFC 4287 (Atom); RSS 2.0 and RSS 1.0 with the Dublin Core, content and PRISM modules; the
arXiv API User's Manual; the schemas arXiv and arXivRaw of arXiv's OAI-PMH interface; OAI-PMH 2.0.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.ingest.identity import find_arxiv_id, normal_arxiv_id, normal_doi
from assistant.ingest.pages import join_pages
from assistant.ingest.readers.markup import paragraphs
from assistant.ingest.readers.xml_fields import (
    Paths,
    find_all,
    first,
    name_of,
    names,
    record_at,
    text_of,
    texts,
)
from assistant.ingest.record import Fault, Record
from assistant.text.name_lists import persons
from assistant.text.repair import collapse

_FEED: Paths = {
    "year": (
        "published", "issued", "created", "prism.publicationDate", "prism.coverDate", "dc.date",
        "pubDate", "dcterms.issued", "updated", "modified",
    ),
    "venue": (
        "arxiv.journal_ref", "arxiv.journal_reference", "prism.publicationName",
        "dcterms.isPartOf",
    ),
    "volume": ("prism.volume",),
    "issue": ("prism.number", "prism.issueIdentifier"),
    "publisher": ("dc.publisher",),
    "keywords": ("prism.keyword", "dc.subject"),
    "entry_type": ("prism.aggregationType", "dc.type"),
}  # fmt: skip

_TITLES = ("title", "dc.title")
_TEXTS = ("summary", "description", "dc.description", "dcterms.abstract", "content.encoded",
          "content")  # fmt: skip
_DOIS = ("arxiv.doi", "arxiv.DOI", "prism.doi", "doi", "dc.identifier", "guid")
_CREATORS = ("author", "dc.creator", "dc.contributor", "creator")

_ABSTRACT = re.compile(r"(?:^|.{0,200}\s)(?:abstract|summary)\s*:?\s*(?:$|(?<=:)\s*)", re.I)
_ABOUT = re.compile(
    r"(?:author(?:s|\(s\))?|source|publication date|pmid|doi|keywords|citation)\s*:", re.IGNORECASE
)
"""How paragraphs begin that say of a paper what the feed's other elements say better."""

_CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")
_ARXIV_MARK = re.compile(r" \(arXiv:\S+ \[[^\]]*\](?: UPDATED)?\)$")
_MAIL = re.compile(r"\S+@\S+\s*(?:\(([^)]*)\))?")


def read_entry(element: Element, line: int) -> Record | Fault:
    """Returns the record of an entry of an Atom feed, arXiv's or another's."""
    identifier = first(element, "id") or ""
    arxiv_id = normal_arxiv_id(identifier)
    if "arxiv.org/api/errors" in identifier:
        return Fault(line, f"arXiv reports an error: {first(element, 'summary')!r}")
    pages = (
        link.get("href", "")
        for link in element.findall("link")
        if link.get("rel", "alternate") == "alternate"
    )
    link = next(filter(None, pages), None) or (identifier if arxiv_id else None)
    return _feed_record(element, line, None if arxiv_id else identifier, arxiv_id, link)


def read_item(element: Element, line: int) -> Record | Fault:
    """Returns the record of an item of an RSS feed."""
    links = list(texts(element, ("prism.url", "link", "@rdf.about", "guid")))
    named = (link.removeprefix("oai:arXiv.org:") for link in links)
    arxiv_id = next(filter(None, map(normal_arxiv_id, named)), None) or find_arxiv_id(*links)
    link = next((link for link in links if link.startswith("http")), None)
    return _feed_record(element, line, None, arxiv_id, link)


def _feed_record(
    element: Element, line: int, key: str | None, arxiv_id: str | None, link: str | None
) -> Record:
    title = first(element, *_TITLES) or ""
    if any(one.get("type") == "html" for one in element.findall("title")):
        title = " ".join(paragraphs(title))
    raw, abstract = _abstract(element)
    begin, end = first(element, "prism.startingPage"), first(element, "prism.endingPage")
    return record_at(
        element,
        line,
        _FEED,
        key=key,
        title=_ARXIV_MARK.sub("", title),
        abstract=abstract,
        raw_abstract=raw if raw != abstract else None,
        authors=_creators(element),
        doi=next(filter(None, map(normal_doi, texts(element, _DOIS))), None) or normal_doi(link),
        arxiv_id=arxiv_id,
        url=link,
        pages=join_pages(begin, end) or first(element, "prism.pageRange"),
    )


def _abstract(element: Element) -> tuple[str, str]:
    """Returns the text of an item that is its abstract, as the feed has it and as plain text.

    Where a text has a heading 'Abstract', it is what follows that; else the first that there is,
    unless it is cut off and another is not.
    """
    found: list[tuple[str, str, bool]] = []
    for place in _TEXTS:
        for one in find_all(element, place):
            raw = text_of(one)
            is_plain = one.tag == "summary" and one.get("type", "text") == "text"
            blocks = [raw] if is_plain and "arxiv.org" in raw else paragraphs(raw)
            text, is_headed = _after_heading(blocks)
            if text:
                found.append((raw, text, is_headed))
    headed = next((one for one in found if one[2]), None)
    chosen = headed or next(iter(found), ("", "", False))
    if _CUT.search(chosen[1]):
        begin = _CUT.sub("", chosen[1])[:80]
        chosen = next((one for one in found if len(one[1]) > len(chosen[1])
                       and begin[:40] in one[1]), chosen)  # fmt: skip
    return chosen[0], chosen[1]


def _after_heading(blocks: list[str]) -> tuple[str, bool]:
    is_headed = False
    for number, block in enumerate(blocks[:20]):
        if heading := _ABSTRACT.match(block):
            blocks = [block[heading.end() :], *blocks[number + 1 :]]
            is_headed = True
            break
    return collapse(" ".join(b for b in blocks if b and not _ABOUT.match(b))), is_headed


def _creators(element: Element) -> tuple[str, ...]:
    """Returns the names of the first of the elements that has any.

    Some feeds have one for each author, others one for all; RSS has an address with a name.
    """
    for place in _CREATORS:
        told = [_creator(one) for one in element.findall(place)]
        told = [name for name in told if name]
        if told:
            return persons(told[0]) if len(told) == 1 and place != "author" else tuple(told)
    return ()


def _creator(element: Element) -> str:
    text = " ".join(paragraphs(name_of(element)))
    mail = _MAIL.fullmatch(text)
    return (mail[1] or "") if mail else text


_ARXIV: Paths = {
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("authors/author",),
    "year": ("created", "version/date", "updated"),
    "venue": ("journal-ref",),
    "doi": ("doi",),
}


def read_arxiv_record(element: Element, line: int) -> Record | None:
    """Returns the record of arXiv's own formats; its year is that of the first version."""
    identifier = first(element, "id")
    arxiv_id = normal_arxiv_id(identifier)
    told = names(element, ("authors/author",)) or persons(first(element, "authors") or "")
    return record_at(
        element,
        line,
        _ARXIV,
        key=None if arxiv_id else identifier,
        authors=told,
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        entry_type=None if first(element, "journal-ref") else "preprint",
    )


_DUBLIN_CORE: Paths = {
    "title": ("dc.title", "title"),
    "authors": ("dc.creator", "creator"),
    "year": ("dc.date", "date", "dcterms.issued"),
    "keywords": ("dc.subject", "subject"),
    "publisher": ("dc.publisher", "publisher"),
    "venue": ("dcterms.isPartOf", "dc.source", "source"),
    "entry_type": ("dc.type", "type"),
}


def read_dublin_core(element: Element, line: int) -> Record | None:
    """Returns the record of unqualified Dublin Core.

    Descriptions are of several kinds, of which the abstract is the longest.
    """
    described = [text_of(one) for one in find_all(element, "dc.description")]
    described += [text_of(one) for one in find_all(element, "dcterms.abstract")]
    named = list(texts(element, ("dc.identifier", "dc.relation", "identifier")))
    return record_at(
        element,
        line,
        _DUBLIN_CORE,
        abstract=max(described, key=len, default=""),
        doi=next(filter(None, map(normal_doi, named)), None),
        arxiv_id=find_arxiv_id(*named),
        url=next((name for name in named if name.startswith("http")), None),
    )


def read_oai_header(element: Element, line: int) -> Fault | None:
    """Returns a fault for a record that its archive has deleted; others follow their header."""
    if element.get("status") != "deleted":
        return None
    return Fault(line, f"its archive has deleted the record {first(element, 'identifier')!r}")


def read_oai_error(element: Element, line: int) -> Fault:
    """Returns a fault with what the archive answered."""
    code = element.get("code", "an error")
    return Fault(line, f"the archive answers with {code[:60]}: {text_of(element)[:200]!r}")


def read_resumption(element: Element, line: int) -> Fault | None:
    """Returns a fault where the archive's list goes on in another answer."""
    token = text_of(element)
    if not token:
        return None
    return Fault(
        line, f"the archive's list goes on: ask it for resumptionToken={token[:200]!r} too", None
    )
