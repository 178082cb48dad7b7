"""What was published, from the names that formats and services give to types of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import EntryType

# Names are compared by their lower-case letters. One table for all: no two use one name for
# different things, but for CSL's "article", which `settle_entry_type` sees to.
# Source: BibTeX's btxdoc and the biblatex manual, section 2.1; the RIS reference types; CSL 1.0.2,
# appendix III; the types of Zotero, EndNote, RefWorks, Crossref, OpenAlex, DataCite, Semantic
# Scholar, DBLP, Lens, NASA ADS, Scopus and Web of Science; the publication types of PubMed, Ovid
# and Cochrane; the genres of MODS and Dublin Core; JATS's article types.
_NAMES: dict[EntryType, str] = {
    "article": """
        article journal journalarticle articlejournal articlemagazine articlenewspaper
        magazinearticle newspaperarticle review reviewarticle letter editorial shortsurvey
        jour ejour mgzn news inpr jfull earlyaccess datapaper articleinpress note erratum
        electronicarticle researcharticle systematicreview metaanalysis casereport casereports
        journalarticles journalreview j
        """,
    "conference-paper": """
        inproceedings conference conferencepaper paperconference proceedingsarticle
        proceedingspaper conferenceproceeding conferenceproceedings conf cpaper conferencearticle
        conferenceproceedingsarticle conferenceabstract conferencereview conferenceobject
        conferencepublication conferences conferenceandworkshoppapers meetingabstract
        journalconferenceabstract journalconferencepaper journalconferencereview
        """,
    "book": """
        book mvbook booklet collection mvcollection monograph editedbook ebook edbook wholebook
        referencebook reference mvreference bookseries books bookwhole electronicbook b
        """,
    "chapter": """
        incollection inbook inreference bookinbook suppbook chapter bookchapter booksection
        bookpart bookinchapter chap echap entry entryencyclopedia entrydictionary
        encyclopediaarticle dictionaryentry ency encyc dict referenceentry electronicbooksection
        booktrack contentitem partsinbooksorcollections booksseriesbookchapter
        """,
    "proceedings": "proceedings mvproceedings conferencevolume editorship",
    "thesis": """
        thesis phdthesis dissertation phd doctoralthesis doctoraldissertation phddissertation thes
        academicdissertation dissertationabstract habilitation
        """,
    "masters-thesis": """
        mastersthesis masterthesis mathesis mscthesis msthesis mastersdissertation
        masterdissertation diplomathesis masters master
        """,
    "report": """
        report techreport technicalreport rprt reportpaper reportcomponent reportseries
        workingpaper whitepaper govdoc governmentdocument
        """,
    "preprint": """
        preprint postedcontent unpb prepublished unpublished unpublishedwork eprint
        unpublishedmaterial informalandotherpublications
        """,
    "dataset": "dataset data datafile database",
}  # fmt: skip
_TYPES = {name: kind for kind, names in _NAMES.items() for name in names.split()}

_GENERAL: tuple[EntryType, ...] = ("article", "report", "thesis", "book")
"""Types that say little: where a record has another name too, that one says what it is."""


def read_entry_type(names: Iterable[str | None]) -> EntryType | None:
    """Returns the type that ``names`` of types say, whichever scheme they are of, or None.

    Of several the most particular counts, as of PubMed's "Journal Article" and "Preprint". A name
    may hold several, parted by semicolons; of one with slashes, as an address has them, the end
    counts.
    """
    parts = (part for name in names if name for part in name.split(";"))
    found = [kind for part in parts if (kind := _TYPES.get(_plain(part.rpartition("/")[2])))]
    particular = (kind for kind in found if kind not in _GENERAL)
    return next(particular, found[0] if found else None)


def settle_entry_type(
    kind: EntryType | None, venue: str | None, arxiv_id: str | None
) -> EntryType | None:
    """Returns ``kind``, but a preprint for an article that is at arXiv and in no journal.

    CSL calls preprints "article", and so do those who cite them as BibTeX's @article.
    """
    return "preprint" if kind == "article" and arxiv_id and not venue else kind


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name[:100].lower())
