"""Which column or key holds what: the names that programs give to a paper's fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from assistant.accounts import find_kind
from assistant.ingest.columns import field_meant
from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import normal_arxiv_id, year_in
from assistant.ingest.notices import find_notice, list_updates
from assistant.ingest.pages import join_pages
from assistant.ingest.placeholders import is_missing_title, is_placeholder
from assistant.ingest.record import Record
from assistant.ingest.written_lists import read_written_list
from assistant.text.name_lists import persons, whole_names
from assistant.text.person_names import NameParts, keyword_list, keywords, with_family_first

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
        "authorfullnames", "authorfullname", "authorsfullnames", "af", "authorsparsed", "authors",
        "author", "creators", "creator", "au",
    ),
    "year": (
        "year", "publicationyear", "issued", "date", "publicationdate", "published",
        "publishdate", "pubyear", "py", "earlyaccessdate", "updatedate",
    ),
    "venue": (
        "venue", "journal", "containertitle", "publicationtitle", "sourcetitle", "booktitle",
        "journalbook", "journaltitle", "journalname", "conference", "journalref", "so",
        "collectiontitle",
        "primarylocationsourcedisplayname", "publicationname", "pubtitle", "publication",
    ),
    "keywords": (
        "keywords", "keyword", "authorkeywords", "manualtags", "tags", "indexkeywords", "de",
        "meshterms",
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
    "issue": ("issue", "issuenumber", "is"),
    "pages": ("pages", "page", "pagerange", "pageinfo"),
    "first_page": ("pagestart", "startpage", "firstpage", "bibliofirstpage", "bp"),
    "last_page": ("pageend", "endpage", "lastpage", "bibliolastpage", "otherpages", "ep"),
    "publisher": ("publisher", "school", "institution", "university", "pu"),
}  # fmt: skip

_NOTES = ("note", "notes", "extra")
_DETAILS = frozenset({
    "entry_type", "editors", "volume", "issue", "pages", "first_page",
    "last_page", "publisher",
})  # fmt: skip
"""Neither is among the fields that tell a table of papers: tables of anything else have them."""

_DATABASES = frozenset({
    "scopus", "pubmed", "medline", "embase", "wos", "webofscience", "crossref", "openalex",
    "googlescholar", "semanticscholar", "googlebooks", "dimensions", "lens", "med", "pmc", "ppr",
})  # fmt: skip
"""What 'Source' holds where it is the database that a record came from, not its journal."""

_VOLUME_AND_YEAR = re.compile(r"[\s,.;:]*\(?(?<!\d)(?:1[89]|20)\d\d(?!\d).*", re.DOTALL)
"""What follows a journal's name in a source such as 'Moss J (2014) 3:3'."""

MAX_SOURCE_CHARS = 1_000
"""A longer source is no journal's name."""

_ARXIV_FIELDS = frozenset({
    "categories", "submitter", "updatedate", "versions", "primarycategory", "arxivid", "reportno",
})  # fmt: skip
"""Names of which arXiv's own metadata always have one: there a bare 'id' is an arXiv id."""


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
    known += [field for name in names if (field := field_meant(name)) and field not in _DETAILS]
    return "title" in known and len(set(known)) > 1


def record_from(values: Mapping[str, Any], line: int | None) -> Record:
    """Returns the record whose fields ``values`` holds under any of the known names."""
    plain = {plain_name(str(name)): value for name, value in values.items()}
    external = plain.get("externalids")
    if isinstance(external, Mapping):
        plain = {plain_name(str(name)): value for name, value in external.items()} | plain

    def first(field: str) -> Any:
        named = (plain.get(name) for name in SYNONYMS[field])
        meant = (value for name, value in values.items() if field_meant(str(name)) == field)
        is_absent = is_missing_title if field == "title" else is_placeholder
        return next((value for value in chain(named, meant) if _holds(value, is_absent)), None)

    key = _number(_text(first("key")))

    number = _text(plain.get("number"))
    types = [text for name in SYNONYMS["entry_type"] for text in _texts(plain.get(name))]
    said = (text for name in ("notice", "status") for text in _texts(plain.get(name)))
    # A number without a volume is a report's, an arXiv id, or one of the file's own.
    in_series = first("volume") or read_entry_type(types) == "report"
    has_issue = in_series and not normal_arxiv_id(number)
    families = _strings(plain.get("familynames"))
    authors = _authors(_part_names(first("authors"), families))
    editors = _authors(_part_names(first("editors"), families))
    return Record(
        line=line,
        title=_text(first("title")) or "",
        abstract=_text(first("abstract")) or "",
        key=key,
        authors=authors,
        year=_year(_first_version(plain.get("versions"))) or _year(first("year")),
        venue=_text(first("venue")) or (None if "paperid" in plain else _source(plain)),
        keywords=_keywords(first("keywords")),
        doi=_text(first("doi")),
        arxiv_id=_text(first("arxiv_id"))
        or (None if _ARXIV_FIELDS.isdisjoint(plain) else normal_arxiv_id(key))
        or number,
        url=_text(first("url")),
        raw_title=_text(first("raw_title")),
        raw_abstract=_text(first("raw_abstract")),
        text_kind=_text(first("text_kind"))
        or find_kind(filter(None, (_text(plain.get(name)) for name in _NOTES))),
        entry_type=read_entry_type(types),
        title_kind=_text(plain.get("titlekind")) or "given",
        editors=editors or _authors(plain.get("creators"), _is_editor),
        volume=_number(_text(first("volume"))),
        issue=_number(_text(first("issue"))) or (number if has_issue else None),
        pages=_number(_text(first("pages")))
        or join_pages(_number(_text(first("first_page"))), _number(_text(first("last_page")))),
        publisher=_text(first("publisher")),
        notice=find_notice(types=(*types, *said), updates=list_updates(plain)),
    )


def _holds(value: Any, is_absent: Callable[[str], bool]) -> bool:
    if isinstance(value, str):
        return bool(value) and not is_absent(value)
    return value is not None and value not in ([], {}) and value == value  # NaN is not itself


def _number(text: str | None) -> str | None:
    """Returns ``text``; a whole number as such where a spreadsheet made a fraction of it."""
    return re.sub(r"^\s*(\d{1,15})\.0+\s*$", r"\1", text) if text else None


def _first_version(versions: Any) -> str | None:
    """Returns the date of arXiv's first version of a paper; the last is the year of an update."""
    if isinstance(versions, list) and versions and isinstance(versions[0], Mapping):
        return _text(versions[0].get("created"))
    return None


def _source(plain: Mapping[str, Any]) -> str | None:
    """Returns the journal in a column 'Source', without the volume and year after its name."""
    text = _text(plain.get("source")) or ""
    if plain_name(text) in _DATABASES or "/" in text or "\\" in text or is_placeholder(text):
        return None
    return _VOLUME_AND_YEAR.sub("", text[:MAX_SOURCE_CHARS]) or text


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


# Names of the parts of a name: CSL-JSON, Zotero, OpenAlex, DataCite, Crossref, Semantic Scholar.
_WHOLE = ("literal", "displayname", "name", "fullname", "authorname", "label")
_FAMILY = ("family", "familyname", "lastname", "last", "surname", "lname")
_GIVEN = ("given", "givenname", "givennames", "firstname", "first", "forename", "fname")

_NO_AUTHORS = frozenset({
    "editor", "serieseditor", "bookauthor", "translator", "contributor", "reviewedauthor",
    "recipient", "interviewer", "commenter", "counsel", "castmember",
})  # fmt: skip
"""Roles of a work's creators who are not its authors."""


def _is_author(person: Mapping[str, Any]) -> bool:
    return _role(person) not in _NO_AUTHORS


def _is_editor(person: Mapping[str, Any]) -> bool:
    return _role(person) == "editor"


def _role(person: Mapping[str, Any]) -> str:
    return plain_name(_text(person.get("creatorType")) or "author")


def _authors(
    value: Any, belongs: Callable[[Mapping[str, Any]], bool] = _is_author
) -> tuple[str, ...]:
    """Returns the names in a field, of those persons that ``belongs`` is true of."""
    if isinstance(value, str):
        listed = read_written_list(value)
        if listed is None:
            return persons(value) if belongs({}) else ()
        value = listed
    if not isinstance(value, list):
        return ()
    found = [one for one in value if belongs(one if isinstance(one, Mapping) else {})]
    return whole_names([name for name in map(read_author, found) if name])


def _part_names(value: Any, family_names: tuple[str, ...]) -> Any:
    """Returns a list of names with commas where ``family_names`` tell what none else could."""
    if not family_names or not isinstance(value, list):
        return value
    families = frozenset(family_names)
    return [with_family_first(one, families) if isinstance(one, str) else one for one in value]


def read_author(value: Any) -> str:
    """Returns a name as written, or with commas between its parts where it has some."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        # arXiv's "authors_parsed": family name, given names, suffix, affiliation.
        parts = [text.replace(",", " ") if (text := _text(part)) else "" for part in value[:3]]
        return _turn(*parts) if parts else ""
    if not isinstance(value, Mapping):
        return ""
    told = {plain_name(str(name)): part for name, part in value.items()}
    if isinstance(told.get("author"), str | Mapping):
        return read_author(told["author"])

    def part(*names: str) -> str:
        found = (_words(told.get(name)) for name in names)
        return next((text for text in found if text), "")

    family = part(*_FAMILY)
    if family:
        particles = part("droppingparticle"), part("nondroppingparticle")
        family = " ".join(filter(None, (*particles, family)))
        given = " ".join(filter(None, (part(*_GIVEN) or part("initials"), part("middle"))))
        return _turn(family, given, part("suffix"))
    whole = next((text for name in _WHOLE if (text := _text(told.get(name)))), "")
    is_body = told.get("literal") or plain_name(part("nametype")) == "organizational"
    return f"{whole}," if is_body and whole and "," not in whole else whole or part(*_GIVEN)


def _turn(family: str, given: str = "", suffix: str = "") -> str:
    return NameParts(family, given, suffix).turned if family else given


def _words(value: Any) -> str:
    """Returns a part of a name, which may be a list of words, without commas."""
    texts = map(_text, value) if isinstance(value, list) else [_text(value)]
    return " ".join(" ".join(filter(None, texts)).replace(",", " ").split())


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()


def _keywords(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        listed = read_written_list(value)
        if listed is None:
            return keyword_list(value)
        value = listed
    if isinstance(value, list):
        return keywords([text for text in map(_text, value) if text])
    return ()
