"""Which column or key holds what: the names that programs give to a paper's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.accounts import find_kind
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import normal_arxiv_id, year_in
from assistant.ingest.notices import find_notice, list_updates
from assistant.ingest.pages import join_pages
from assistant.ingest.record import Record
from assistant.text.person_names import keyword_list, keywords, persons

# Names are compared by their lower-case letters and digits. Own names first, then BEIR, CSL-JSON,
# Zotero, Scopus, Web of Science, IEEE Xplore, PubMed, Semantic Scholar, arXiv's metadata.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "articletitle", "documenttitle", "papertitle", "primarytitle", "ti", "headline",
    ),
    "abstract": (
        "abstract", "abstractnote", "abstracttext", "paperabstract", "summary", "ab", "text",
        "description",
    ),
    "key": (
        "paperid", "id", "key", "citationkey", "citekey", "docid", "documentid", "corpusid",
        "uid", "utuniquewosid", "ut", "eid", "pmid",
    ),
    "authors": (
        "authors", "author", "authorfullnames", "creators", "creator", "af", "au",
    ),
    "year": (
        "year", "publicationyear", "issued", "date", "publicationdate", "published",
        "publishdate", "pubyear", "py", "updatedate",
    ),
    "venue": (
        "venue", "journal", "containertitle", "publicationtitle", "sourcetitle", "booktitle",
        "journalbook", "journaltitle", "journalname", "conference", "journalref", "so",
        "collectiontitle",
    ),
    "keywords": (
        "keywords", "keyword", "authorkeywords", "manualtags", "tags", "indexkeywords", "de",
    ),
    "doi": ("doi", "di"),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
    "url": ("url", "link", "uri", "urls", "pdfurl", "pdflink"),
    "raw_title": ("originaltitle",),
    "raw_abstract": ("originalabstract",),
    "text_kind": ("textkind",),
    "entry_type": (
        "entrytype", "itemtype", "documenttype", "publicationtype", "publicationtypes", "doctype",
        "referencetype", "type", "genre", "thesistype", "dt", "pubtype",
    ),
    "editors": ("editors", "editor"),
    "volume": ("volume", "vl"),
    "issue": ("issue", "is"),
    "pages": ("pages", "page", "pagerange"),
    "first_page": ("pagestart", "startpage", "firstpage", "bp"),
    "last_page": ("pageend", "endpage", "lastpage", "ep"),
    "publisher": ("publisher", "school", "institution", "university", "pu"),
}  # fmt: skip

_NOTES = ("note", "notes", "extra")
_DETAILS = frozenset({
    "entry_type", "editors", "volume", "issue", "pages", "first_page",
    "last_page", "publisher",
})  # fmt: skip
"""Neither is among the fields that tell a table of papers: tables of anything else have them."""


def plain_name(name: str) -> str:
    """Returns a field's name as names are compared: its lower-case letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def has_paper_fields(names: list[str]) -> bool:
    """Whether ``names`` are a table's header: a title and at least one other known field."""
    plain = {plain_name(name) for name in names}
    known = [
        field
        for field, synonyms in SYNONYMS.items()
        if field not in _DETAILS and not plain.isdisjoint(synonyms)
    ]
    return "title" in known and len(known) > 1


def record_from(values: Mapping[str, Any], line: int | None) -> Record:
    """Returns the record whose fields ``values`` holds under any of the known names."""
    plain = {plain_name(str(name)): value for name, value in values.items()}
    external = plain.get("externalids")
    if isinstance(external, Mapping):
        plain = {plain_name(str(name)): value for name, value in external.items()} | plain

    def first(field: str) -> Any:
        found = (plain.get(name) for name in SYNONYMS[field])
        return next((value for value in found if value not in (None, "", [], {})), None)

    number = _text(plain.get("number"))
    types = [text for name in SYNONYMS["entry_type"] for text in _texts(plain.get(name))]
    said = (text for name in ("notice", "status") for text in _texts(plain.get(name)))
    return Record(
        line=line,
        title=_text(first("title")) or "",
        abstract=_text(first("abstract")) or "",
        key=_text(first("key")),
        authors=_authors(first("authors")),
        year=_year(first("year")),
        venue=_text(first("venue")),
        keywords=_keywords(first("keywords")),
        doi=_text(first("doi")),
        arxiv_id=_text(first("arxiv_id")) or number,
        url=_text(first("url")),
        raw_title=_text(first("raw_title")),
        raw_abstract=_text(first("raw_abstract")),
        text_kind=_text(first("text_kind"))
        or find_kind(filter(None, (_text(plain.get(name)) for name in _NOTES))),
        entry_type=read_entry_type(types),
        title_kind=_text(plain.get("titlekind")) or "given",
        editors=_authors(first("editors")),
        volume=_text(first("volume")),
        issue=_text(first("issue")) or (None if normal_arxiv_id(number) else number),
        pages=_text(first("pages"))
        or join_pages(_text(first("first_page")), _text(first("last_page"))),
        publisher=_text(first("publisher")),
        notice=find_notice(types=(*types, *said), updates=list_updates(plain)),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return next((text for text in map(_text, value) if text), None)
    return None


def _texts(value: Any) -> list[str]:
    """Returns every text of a field, whose lists may be parted by semicolons."""
    found = map(_text, value) if isinstance(value, list) else [_text(value)]
    return [part for text in found if text for part in text.split(";")]


def _year(value: Any) -> int | None:
    if isinstance(value, Mapping):
        dates = (value.get(name) for name in ("date-parts", "raw", "literal", "date-time"))
        return next((year for year in map(_year, dates) if year), None)
    if isinstance(value, list):
        return next((year for year in map(_year, value[:1]) if year), None)
    text = _text(value)
    return year_in(text) if text else None


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return persons(value)
    if not isinstance(value, list):
        return ()
    return tuple(name for name in map(_author, value) if name)


def _author(value: Any) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ""
    whole = _text(value.get("literal")) or _text(value.get("name"))
    if whole:
        return whole
    names = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    parts = [part for name in names if (part := _text(value.get(name)))]
    return " ".join(parts).replace(",", " ")


def _keywords(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return keyword_list(value)
    if isinstance(value, list):
        return keywords([text for text in map(_text, value) if text])
    return ()
