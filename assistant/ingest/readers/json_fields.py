"""A paper in JSON as services and programs give it -> the record it describes.

They agree on little but the names of fields: a title may be a text, a list of texts or an object
with the text in it, and a journal may stand in the paper, in its source or in its issue. So each
of our fields has a row of the places where it is found, and one reader for all forms of its value.

Source: the documented answers of OpenAlex, Crossref, Semantic Scholar, Europe PMC, OpenReview,
Zotero, DataCite, DBLP, PubMed (esummary), Lens, CORE, DOAJ, INSPIRE, NASA ADS, HAL, IEEE Xplore,
Springer Nature, Scopus, bioRxiv and Hugging Face, CSL-JSON 1.0.2, and arXiv's metadata snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assistant.ingest.fields import SYNONYMS, plain_name, record_from
from assistant.ingest.identity import normal_arxiv_id, normal_doi, year_in
from assistant.ingest.pages import join_pages
from assistant.ingest.readers.json_names import read_names
from assistant.ingest.readers.json_types import find_type, read_notice
from assistant.ingest.record import Record
from assistant.ingest.titles import join_title

Plain = dict[str, Any]
"""A paper's fields under their plain names, see ``plain_fields``."""

# A path is of plain names; of a list in it the first object is taken.
PATHS: dict[str, tuple[str, ...]] = {
    "title": ("title", "titles", "displayname", "titledisplay", *SYNONYMS["title"]),
    "abstract": ("abstract", "abstractnote", "abstracttext", "paperabstract", "abstracts",
                 *SYNONYMS["abstract"]),
    "key": ("paperid", "citationkey", "id", "key", "itemkey", "lensid", "bibcode"),
    "venue": ("venue", "primarylocation.source", "publicationvenue", "hostvenue", "journal",
              "journalinfo.journal", "containertitle", "container", "publicationtitle",
              "booktitle", "proceedingstitle", "conferencename", "fulljournalname",
              "publicationname", "journaltitle", "journaltitles", "publicationinfo.journaltitle",
              "pub", "journals", "ispartof", "source", "seriesinformation"),
    "volume": ("volume", "biblio.volume", "journal.volume", "journalinfo.volume",
               "container.volume", "publicationinfo.journalvolume"),
    "issue": ("issue", "biblio.issue", "journal.issue", "journalinfo.issue", "journalissue.issue",
              "container.issue", "publicationinfo.journalissue", "journal.number"),
    "pages": ("pages", "page", "journal.pages", "pageinfo", "pagerange", "pagination"),
    "publisher": ("publisher", "primarylocation.source.hostorganizationname", "university",
                  "institution", "school", "journal.publisher", "source.publisher"),
    "doi": ("doi", "doiid", "doiids", "externalids.doi", "ids.doi", "dois", "articledoi"),
    "arxiv_id": ("arxivid", "externalids.arxiv", "arxiveprints", "ids.arxiv", "arxiv", "eprint"),
    "url": ("url", "link", "primarylocation.landingpageurl", "htmlurl", "urlabs", "ee",
            "uri", "urls", "resource.primary.url", "sourcefulltexturls", "links"),
}  # fmt: skip

_YEARS = (
    "year", "publicationyear", "issued", "publishedprint", "published", "publishedonline",
    "pubyear", "date", "publicationdate", "firstpublicationdate", "datepublished", "coverdate",
    "sortpubdate", "pubdate", "produceddateyi", "yearpublished", "publicationinfo.year",
    "journalinfo.yearofpublication", "publisheddate", "publishedat", "preprintdate",
    "earliestdate", "pdate", "odate", "cdate", "created",
)  # fmt: skip

_PAGES = (
    ("biblio.firstpage", "biblio.lastpage"),
    ("container.firstpage", "container.lastpage"),
    ("startpage", "endpage"),
    ("firstpage", "lastpage"),
    ("publicationinfo.pagestart", "publicationinfo.pageend"),
)

_KEYWORDS = (
    *SYNONYMS["keywords"], "keywordlist", "subjects", "subject", "indexterms.authorterms",
)  # fmt: skip

_IDS = ("externalids", "identifiers", "identifier", "articleids")
_ID_KINDS = ("type", "idtype", "identifiertype")
_ID_VALUES = ("value", "id", "identifier")

_TEXTS = (
    "value", "name", "displayname", "title", "text", "content", "term", "tag", "subject",
    "keyword", "keywords", "terms", "label", "full", "url", "abstracttext",
)  # fmt: skip
_MAX_NESTED = 4

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S{1,500}")
_ARXIV_NUMBER = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")


def plain_fields(values: Mapping[str, Any]) -> Plain:
    """Returns ``values`` under names without case, marks and the prefix of a namespace.

    Of two under one name the first that says something is taken.
    """
    plain: Plain = {}
    for name, value in values.items():
        key = plain_name(name.rpartition(":")[2])
        if plain.get(key) in (None, "", [], {}):
            plain[key] = value
    return plain


def find_title(plain: Plain) -> str | None:
    """Returns the paper's title; None where there is none.

    Linked data, which says so by a context, has a title as its name.
    """
    title = _find(plain, "title")
    if title is None and "context" in plain:
        title = read_text(plain.get("name"))
    return title and join_title(title, read_text(plain.get("subtitle")))


def find_abstract(plain: Plain) -> str | None:
    """Returns the paper's abstract, put together where it is in parts; None where none is."""
    for name in PATHS["abstract"]:
        if name == "abstracts" and (found := _put_in_order(plain.get("abstractinvertedindex"))):
            return found
        if name == "abstracts" and (found := _find_description(plain.get("descriptions"))):
            return found
        if found := " ".join(_abstract_parts(plain.get(name))):
            return found
    return None


def read_record(plain: Plain, line: int | None, name: str | None = None) -> Record:
    """Returns the record that ``plain`` describes, ``name`` its key where it has none."""
    found: dict[str, Any] = {field: _find(plain, field) for field in PATHS}
    found["title"], found["abstract"] = find_title(plain), find_abstract(plain)
    found["key"] = found["key"] or name
    found["authors"], found["editors"] = read_names(plain)
    found["year"] = _find_year(plain)
    found["keywords"] = _find_keywords(plain)
    found["pages"] = found["pages"] or _find_pages(plain)
    found["doi"] = found["doi"] or _find_id(plain, "doi", normal_doi) or _own_doi(plain)
    found["arxiv_id"] = (
        found["arxiv_id"] or _find_id(plain, "arxiv", normal_arxiv_id) or _own_arxiv_id(plain)
    )
    # What is not read here is left to the names that all formats have in common.
    rest = {name: value for name, value in plain.items() if _is_flat(value)}
    for field, value in found.items():
        for name in SYNONYMS[field] if value else ():
            rest.pop(name, None)
        if value:
            rest[SYNONYMS[field][0]] = value
    record = record_from(rest, line)
    return replace(
        record,
        entry_type=find_type(plain, is_published=bool(record.venue or record.arxiv_id)),
        notice=read_notice(plain),
    )


def read_text(value: Any, depth: int = _MAX_NESTED) -> str | None:
    """Returns the first text in ``value``: itself, in a list, or in an object as its text."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or value is None or not depth:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return next((text for item in value if (text := read_text(item, depth - 1))), None)
    if isinstance(value, Mapping):
        plain = plain_fields(value)
        texts = (read_text(plain.get(name), depth - 1) for name in _TEXTS)
        return next(filter(None, texts), None)
    return None


def find_at(plain: Plain, path: str) -> Any:
    """Returns the value at ``path``; of a list on the way the first object is taken."""
    value: Any = plain
    for index, name in enumerate(path.split(".")):
        if isinstance(value, list):
            value = next((item for item in value if isinstance(item, Mapping)), None)
        if not isinstance(value, Mapping):
            return None
        value = (plain_fields(value) if index else value).get(name)
    return value


def _find(plain: Plain, field: str) -> str | None:
    for path in PATHS[field]:
        value = find_at(plain, path)
        # A text named so is not the journal: the file it came from, or its short name.
        if path == "source" and not isinstance(value, Mapping):
            value = plain.get("so")
        if text := read_text(value):
            return text
    return None


def _put_in_order(index: Any) -> str | None:
    """Returns the text of an index of the places where each of its words stands."""
    if not isinstance(index, Mapping):
        return None
    words = [
        (place, str(word))
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(words)) or None


def _find_description(descriptions: Any) -> str | None:
    """Returns the description that is an abstract, and not one of methods or of contents."""
    for item in descriptions if isinstance(descriptions, list) else ():
        plain = plain_fields(item) if isinstance(item, Mapping) else {}
        if str(plain.get("descriptiontype", "Abstract")).lower() == "abstract":
            return read_text(plain.get("description"))
    return None


def _abstract_parts(value: Any) -> Iterator[str]:
    """Yields the parts of an abstract: its sentences or sections, each after its heading."""
    if isinstance(value, Mapping) and "abstracttext" in plain_fields(value):
        value = plain_fields(value)["abstracttext"]
    for item in value if isinstance(value, list) else [value]:
        text = read_text(item)
        if text and isinstance(item, Mapping):
            heading = plain_fields(item).get("label")
            if isinstance(heading, str) and heading.strip() and heading != text:
                text = f"{heading.strip().capitalize()}: {text}"
        if text:
            yield text


def _find_year(plain: Plain) -> int | None:
    # The first version is the paper, whenever a later one was sent.
    first = find_at(plain, "versions.created")
    values = (first, *(find_at(plain, path) for path in _YEARS))
    return next((year for value in values if (year := _read_year(value))), None)


def _read_year(value: Any, depth: int = _MAX_NESTED) -> int | None:
    if not depth:
        return None
    if isinstance(value, Mapping):
        plain = plain_fields(value)
        parts = ("dateparts", "year", "raw", "literal", "datetime", "value", "start")
        years = (_read_year(plain.get(name), depth - 1) for name in parts)
        return next((year for year in years if year), None)
    if isinstance(value, list):
        return next((year for item in value[:1] if (year := _read_year(item, depth - 1))), None)
    if isinstance(value, int) and 10**11 < value < 10**13:
        # Milliseconds since 1970, as OpenReview has them.
        return datetime.fromtimestamp(value / 1000, UTC).year
    text = read_text(value)
    return year_in(text) if text else None


def _find_keywords(plain: Plain) -> list[str] | str | None:
    for path in _KEYWORDS:
        value = find_at(plain, path)
        while isinstance(value, Mapping) and len(value) == 1:
            [value] = value.values()
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list):
            found = [
                text for item in value if not _is_automatic(item) and (text := read_text(item))
            ]
            if found:
                return found
    return None


def _is_automatic(tag: Any) -> bool:
    # Zotero's type 1: put there by a catalogue and not by a person.
    return isinstance(tag, Mapping) and "tag" in tag and tag.get("type") == 1


def _find_pages(plain: Plain) -> str | None:
    ends = ((read_text(find_at(plain, path)) for path in both) for both in _PAGES)
    return next((pages for both in ends if (pages := join_pages(*both))), None)


def _find_id(plain: Plain, kind: str, normal: Callable[[str | None], str | None]) -> str | None:
    """Returns the id of ``kind`` in a list of ids that each say what they are."""
    for item in _typed_ids(plain):
        if any(str(item.get(name, "")).lower() == kind for name in _ID_KINDS):
            texts = (read_text(item.get(name)) for name in _ID_VALUES)
            if found := next((text for text in texts if normal(text)), None):
                return found
    return None


def _typed_ids(plain: Plain) -> Iterable[Plain]:
    for name in _IDS:
        value = plain.get(name)
        for item in value if isinstance(value, list) else ():
            if isinstance(item, Mapping):
                yield plain_fields(item)


def _own_doi(plain: Plain) -> str | None:
    """Returns the paper's own id where it is a DOI or its link, whole."""
    value = plain.get("id")
    return value if isinstance(value, str) and _DOI.fullmatch(value) else None


def _own_arxiv_id(plain: Plain) -> str | None:
    """Returns the paper's own id where it has the form of arXiv's, with a month in it."""
    value = plain.get("id")
    return value if isinstance(value, str) and _ARXIV_NUMBER.fullmatch(value) else None


def _is_flat(value: Any) -> bool:
    """Whether ``value`` has no object in it: a text, a number, or a list of such."""
    if isinstance(value, list):
        return not any(isinstance(item, Mapping | list) for item in value)
    return not isinstance(value, Mapping)
