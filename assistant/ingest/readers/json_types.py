"""What was published, and what its publisher has declared of it since, as services say it.

Source: the lists of types of CSL 1.0.2, Crossref, OpenAlex, Zotero, Semantic Scholar, DataCite,
DBLP, PubMed, Lens and NASA ADS, and Crossref's types of updates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.ingest.fields import plain_name
from assistant.ingest.identity import normal_doi
from assistant.types import EntryType, PaperNotice

ENTRY_TYPES: dict[EntryType, tuple[str, ...]] = {
    "conference-paper": (
        "proceedingsarticle", "paperconference", "conferencepaper", "conference", "conferences",
        "inproceedings", "conferenceproceedingsarticle", "conferenceandworkshoppapers",
        "conferenceproceeding", "conferencearticle",
    ),
    "chapter": (
        "chapter", "bookchapter", "booksection", "bookpart", "booktrack", "incollection", "inbook",
        "partsinbooksorcollections",
    ),
    "masters-thesis": ("mastersthesis", "masterthesis"),
    "thesis": (
        "thesis", "dissertation", "phdthesis", "doctoralthesis", "doctoraldissertation",
    ),
    "preprint": ("preprint", "postedcontent", "eprint", "informalandotherpublications"),
    "report": ("report", "technicalreport", "techreport", "reportcomponent"),
    "proceedings": ("proceedings", "conferenceproceedings", "editorship"),
    "book": ("book", "monograph", "editedbook", "referencebook", "books"),
    "dataset": ("dataset",),
    "article": (
        "journalarticle", "journalarticles", "articlejournal", "researcharticle", "reviewarticle",
        "review", "letter", "articlemagazine", "magazinearticle", "articlenewspaper",
    ),
}  # fmt: skip
_BY_NAME = {name: kind for kind, names in ENTRY_TYPES.items() for name in names}

_TYPES = (
    "typecrossref", "type", "itemtype", "types", "publicationtypes", "publicationtype",
    "pubtypelist", "pubtype", "doctype", "documenttype", "contenttype", "venuetype",
)  # fmt: skip
_TYPES_OF_SOURCES = (("primarylocation", "source"), ("publicationvenue",))
_DEGREES = ("genre", "thesistype", "universitytype")
_MAX_NESTED = 4

NOTICES: dict[str, PaperNotice] = {
    "retraction": "retracted", "withdrawal": "retracted", "removal": "retracted",
    "retractedpublication": "retracted", "retractionin": "retracted",
    "expressionofconcern": "concern", "expressionofconcernin": "concern",
    "correction": "corrected", "erratum": "corrected", "corrigendum": "corrected",
    "erratumin": "corrected", "correctedandrepublishedin": "corrected",
}  # fmt: skip
_GRAVEST: tuple[PaperNotice, ...] = ("retracted", "concern", "corrected")


def read_entry_type(plain: Mapping[str, Any], venue: str | None) -> EntryType | None:
    """Returns what was published, the rarer kind where a paper is said to be two.

    'article' alone says little: CSL has it for preprints, others for what is in a journal.
    """
    said = {text for name in _TYPES for text in _texts(plain.get(name), _MAX_NESTED)}
    for path in _TYPES_OF_SOURCES:
        value: Any = plain
        for name in path:
            fields = value.items() if isinstance(value, Mapping) else ()
            value = {plain_name(key): item for key, item in fields}.get(name)
        said.update(_texts(value.get("type"), 1) if isinstance(value, Mapping) else ())
    if "article" in said and venue:
        said.add("journalarticle")
    found = next((kind for kind, names in ENTRY_TYPES.items() if said.intersection(names)), None)
    degree = {text for name in _DEGREES for text in _texts(plain.get(name), 1)}
    if found == "thesis" and any(text.startswith("master") for text in degree):
        return "masters-thesis"
    return found


def read_notice(plain: Mapping[str, Any], doi: str | None) -> PaperNotice | None:
    """Returns the gravest notice on the paper.

    Crossref's ``update-to`` names the paper that a notice is about: it is on this one only where
    it names this one's DOI.
    """
    found: set[PaperNotice | None] = set()
    if plain.get("isretracted") is True or plain.get("retracted") is True:
        found.add("retracted")
    for name in ("updatedby", "updateto"):
        for update in plain[name] if isinstance(plain.get(name), list) else ():
            if not isinstance(update, Mapping):
                continue
            about = normal_doi(update["DOI"]) if isinstance(update.get("DOI"), str) else None
            if name == "updatedby" or (about and about == normal_doi(doi)):
                found.update(NOTICES.get(text) for text in _texts(update.get("type"), 1))
    for name in ("pubtype", "pubtypelist", "publicationtypes", "commentcorrectionlist"):
        found.update(NOTICES.get(text) for text in _texts(plain.get(name), _MAX_NESTED))
    return next((notice for notice in _GRAVEST if notice in found), None)


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Yields the plain names in ``value``, in a list or in an object under its type's name."""
    if isinstance(value, str):
        yield plain_name(value)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _texts(item, depth - 1)
    elif isinstance(value, Mapping) and depth:
        for name, item in value.items():
            if plain_name(name) in ("type", "pubtype", "commentcorrection", "value",
                                    "resourcetypegeneral", "citeproc"):  # fmt: skip
                yield from _texts(item, depth - 1)
