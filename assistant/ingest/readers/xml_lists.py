"""Lists of references as XML: EndNote's, MODS, Zotero's RDF, DBLP's, and GROBID's headers in TEI.

Source: Library of Congress, MODS 3.8; DBLP's dblp.dtd; TEI P5, the TEI header. EndNote's and
Zotero's elements are described nowhere: they are as these and programs beside them export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import find_arxiv_id, normal_doi
from assistant.ingest.pages import join_pages
from assistant.ingest.readers.xml_fields import (
    Paths,
    find_all,
    first,
    names,
    record_at,
    text_of,
    texts,
)
from assistant.ingest.record import Record
from assistant.ingest.titles import join_title
from assistant.types import EntryType

_ENDNOTE: Paths = {
    "title": ("titles/title", "titles/translated-title", "titles/short-title"),
    "abstract": ("abstract",),
    "authors": ("contributors/authors/author",),
    "editors": ("contributors/secondary-authors/author",),
    "year": ("dates/year", "dates/pub-dates/date"),
    "venue": (
        "titles/secondary-title", "periodical/full-title", "alt-periodical/full-title",
        "periodical/abbr-1", "titles/alt-title",
    ),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "electronic-pages"),
    "publisher": ("publisher",),
    "keywords": ("keywords/keyword",),
    "doi": ("electronic-resource-num", "doi"),
    "url": ("urls/related-urls/url", "urls/web-urls/url", "urls/url"),
    "entry_type": ("ref-type@name", "ref-type"),
}  # fmt: skip

_OLD_ENDNOTE: Paths = {
    "title": ("TITLE",),
    "abstract": ("ABSTRACT",),
    "authors": ("AUTHORS/AUTHOR",),
    "year": ("YEAR",),
    "venue": ("SECONDARY_TITLE",),
    "volume": ("VOLUME",),
    "issue": ("NUMBER",),
    "pages": ("PAGES",),
    "publisher": ("PUBLISHER",),
    "keywords": ("KEYWORDS/KEYWORD",),
    "url": ("URL",),
}


def read_endnote(element: Element, line: int) -> Record | None:
    """Returns the record of EndNote's XML. Its number is no key: it differs between exports."""
    if not len(element):
        return None
    doi = first(element, *_ENDNOTE["doi"])
    told = first(element, "ref-type@name")
    people = names(element, _ENDNOTE["authors"])
    # What stands second beside an article or a book edits its series.
    edits = read_entry_type([told]) in ("chapter", "conference-paper", "proceedings")
    editors = names(element, _ENDNOTE["editors"]) if edits else ()
    return record_at(
        element,
        line,
        _ENDNOTE,
        authors=() if told == "Edited Book" else people,
        editors=people if told == "Edited Book" else editors,
        arxiv_id=find_arxiv_id(doi, *texts(element, _ENDNOTE["url"])),
        # Programs write links to the paper's DOI where they know no other place for it.
        doi=doi or next(filter(None, map(normal_doi, texts(element, _ENDNOTE["url"]))), None),
    )


def read_old_endnote(element: Element, line: int) -> Record | None:
    """Returns the record of the XML that EndNote wrote before version 8."""
    return record_at(element, line, _OLD_ENDNOTE)


_MODS: Paths = {
    "year": (
        "originInfo/dateIssued", "part/date", "relatedItem[@type='host']/part/date",
        "relatedItem[@type='host']/originInfo/dateIssued", "originInfo/copyrightDate",
        "originInfo/dateCreated",
    ),
    "publisher": ("originInfo/publisher", "relatedItem[@type='host']/originInfo/publisher"),
    "keywords": ("subject/topic", "subject/geographic"),
    "doi": ("identifier[@type='doi']", "identifier[@type='DOI']"),
    "url": ("location/url", "identifier[@type='uri']"),
}  # fmt: skip

_EDITORS = frozenset({"edt", "editor", "ed"})
_AUTHORS = frozenset({"aut", "author", "cre", "creator", ""})


def read_mods(element: Element, line: int) -> Record | None:
    """Returns the record of a MODS document."""
    host = element.find("relatedItem[@type='host']")
    # The editors of a chapter's book stand with the book.
    named = (*element.findall("name"), *element.findall("relatedItem[@type='host']/name"))
    n_own = len(element.findall("name"))
    people = [(_roles(one), _mods_name(one)) for one in named]
    part = element if host is None or element.find("part") is not None else host
    return record_at(
        element,
        line,
        _MODS,
        key=first(element, "@ID"),
        title=_mods_title(element) or "",
        abstract=_longest_text(element, "abstract"),
        authors=_once(name for roles, name in people[:n_own] if roles & _AUTHORS),
        editors=_once(name for roles, name in people if roles & _EDITORS),
        venue=None if host is None else _mods_title(host),
        volume=_detail(part, "volume"),
        issue=_detail(part, "issue") or _detail(part, "number"),
        pages=_mods_pages(part),
        entry_type=read_entry_type(texts(element, ("genre",))) or _type_within(host),
    )


def _type_within(host: Element | None) -> EntryType | None:
    """Returns what a part of ``host`` is, which MODS need not say of the part."""
    genres = set() if host is None else {genre.lower() for genre in texts(host, ("genre",))}
    if genres & {"periodical", "journal", "academic journal", "newspaper", "magazine"}:
        return "article"
    return "chapter" if "book" in genres else None


def _roles(name: Element) -> set[str]:
    return {role.lower() for role in texts(name, ("role/roleTerm", "role/text"))} or {""}


def _mods_name(name: Element) -> str:
    def parts(kind: str) -> str:
        return " ".join(texts(name, (f"namePart[@type='{kind}']",)))

    family = parts("family")
    if family:
        return " ".join(filter(None, (parts("given"), family))).replace(",", " ")
    whole = " ".join(text_of(one) for one in name.findall("namePart") if not one.get("type"))
    return whole.strip() or first(name, "displayForm") or ""


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _mods_title(element: Element) -> str | None:
    titles = element.findall("titleInfo")
    chosen = next((one for one in titles if not one.get("type")), None)
    if chosen is None:
        return None
    begin, title, rest = (first(chosen, name) for name in ("nonSort", "title", "subTitle"))
    whole = f"{begin} {title}" if begin and title else title or ""
    # Library catalogues end a title with the colon that their cards had.
    return join_title(whole.rstrip(" :/"), rest) or None


def _detail(element: Element, kind: str) -> str | None:
    return first(element, f"part/detail[@type='{kind}']/number", f"part/detail[@type='{kind}']")


def _mods_pages(element: Element) -> str | None:
    for extent in element.findall("part/extent"):
        if extent.get("unit", "page").startswith("page"):
            return join_pages(first(extent, "start"), first(extent, "end")) or first(extent, "list")
    return None


def _longest_text(element: Element, path: str) -> str:
    return max(map(text_of, find_all(element, path)), key=len, default="")


_DBLP: Paths = {
    "title": ("title",),
    "abstract": (),
    "editors": ("editor",),
    "year": ("year",),
    "venue": ("journal", "booktitle"),
    "volume": ("volume",),
    "issue": ("number",),
    "pages": ("pages",),
    "publisher": ("publisher", "school"),
    "url": ("ee", "url"),
}

_HOMONYM = re.compile(r" \d{4}$")
"""The number by which DBLP tells people of one name apart."""


def read_dblp(element: Element, line: int) -> Record | None:
    """Returns the record of a DBLP element, which has no abstract."""
    return record_at(
        element,
        line,
        _DBLP,
        key=first(element, "@key"),
        authors=tuple(_HOMONYM.sub("", name) for name in names(element, ("author",))),
        doi=next(filter(None, map(normal_doi, texts(element, ("ee",)))), None),
        entry_type=read_entry_type([element.tag]),
    )


_ZOTERO: Paths = {
    "title": ("dc.title",),
    "abstract": ("dcterms.abstract",),
    "authors": ("bib.authors/rdf.Seq/rdf.li",),
    "editors": ("bib.editors/rdf.Seq/rdf.li",),
    "year": ("dc.date",),
    "venue": ("dcterms.isPartOf/*/dc.title",),
    "volume": ("dcterms.isPartOf/*/prism.volume", "prism.volume"),
    "issue": ("dcterms.isPartOf/*/prism.number", "prism.number"),
    "pages": ("bib.pages",),
    "publisher": ("dc.publisher/*/foaf.name", "dc.publisher"),
    "keywords": ("dc.subject",),
    "entry_type": ("z.itemType",),
}


def read_zotero(element: Element, line: int) -> Record | None:
    """Returns the record of an item in Zotero's RDF; notes and attached files are none."""
    if not first(element, "dc.title") or first(element, "z.itemType") in ("attachment", "note"):
        return None
    links = list(texts(element, ("dc.identifier/dcterms.URI/rdf.value", "@rdf.about")))
    named = list(texts(element, ("dc.identifier", "dcterms.isPartOf/*/dc.identifier")))
    return record_at(
        element,
        line,
        _ZOTERO,
        doi=next(filter(None, map(normal_doi, (*named, *links))), None),
        arxiv_id=find_arxiv_id(*links, *named),
        url=next((link for link in links if link.startswith("http")), None),
    )


_TEI: Paths = {
    "title": (
        "fileDesc/sourceDesc/biblStruct/analytic/title", "fileDesc/titleStmt/title",
        "fileDesc/sourceDesc/biblStruct/monogr/title",
    ),
    "abstract": ("profileDesc/abstract",),
    "authors": (
        "fileDesc/sourceDesc/biblStruct/analytic/author", "fileDesc/titleStmt/author",
    ),
    "year": (
        "fileDesc/sourceDesc/biblStruct/monogr/imprint/date@when",
        "fileDesc/publicationStmt/date@when", "fileDesc/publicationStmt/date",
    ),
    "venue": ("fileDesc/sourceDesc/biblStruct/monogr/title",),
    "volume": ("fileDesc/sourceDesc/biblStruct/monogr/imprint/biblScope[@unit='volume']",),
    "issue": ("fileDesc/sourceDesc/biblStruct/monogr/imprint/biblScope[@unit='issue']",),
    "publisher": ("fileDesc/sourceDesc/biblStruct/monogr/imprint/publisher",),
    "doi": (".//idno[@type='DOI']",),
    "arxiv_id": (".//idno[@type='arXiv']",),
    "keywords": ("profileDesc/textClass/keywords//term",),
}  # fmt: skip


def read_tei_header(element: Element, line: int) -> Record | None:
    """Returns the record in the header of a TEI document, such as GROBID makes of a PDF."""
    return record_at(element, line, _TEI)
