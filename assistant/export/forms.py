"""Which type of entry each format has for a paper, and under which names its details go there."""

from __future__ import annotations

from typing import NamedTuple

from assistant.accounts import describe_notice, mark_first_words
from assistant.types import EntryType, Paper


class Form(NamedTuple):
    """The types and names for one type of paper.

    ``ris_work`` and ``csl_genre`` say more where the format's own type says too little.

    Source: BibTeX's btxdoc; the RIS reference types; CSL 1.0.2, appendices III and IV.
    """

    bibtex: str
    ris: str
    csl: str
    bibtex_venue: str = "howpublished"
    bibtex_publisher: str = "publisher"
    ris_venue: str = "secondary_title"
    csl_venue: str = "container-title"
    ris_work: str = ""
    csl_genre: str = ""


_ARTICLE = Form("article", "JOUR", "article-journal", "journal", ris_venue="journal_name")
_FORMS: dict[EntryType, Form] = {
    "article": _ARTICLE,
    "conference-paper": Form("inproceedings", "CONF", "paper-conference", "booktitle"),
    "book": Form("book", "BOOK", "book", "series", csl_venue="collection-title"),
    "chapter": Form("incollection", "CHAP", "chapter", "booktitle"),
    "proceedings": Form(
        "proceedings", "BOOK", "book", "series", csl_venue="collection-title",
        ris_work="Proceedings", csl_genre="Proceedings",
    ),
    "thesis": Form("phdthesis", "THES", "thesis", "series", "school"),
    "masters-thesis": Form(
        "mastersthesis", "THES", "thesis", "series", "school",
        ris_work="Master's thesis", csl_genre="Master's thesis",
    ),
    "report": Form("techreport", "RPRT", "report", "series", "institution"),
    "preprint": Form("misc", "UNPB", "article", ris_work="Preprint", csl_genre="Preprint"),
    "dataset": Form("dataset", "DATA", "dataset"),
}  # fmt: skip
_UNKNOWN = Form("misc", "GEN", "document")


def find_form(paper: Paper) -> Form:
    """Returns the form of ``paper``: an article's where its type is not known but its venue is."""
    if paper.entry_type is None:
        return _ARTICLE if paper.venue else _UNKNOWN
    return _FORMS[paper.entry_type]


def find_title(paper: Paper) -> str:
    """Returns the title as a bibliography has it: first words that stand for one are marked."""
    return paper.title if paper.title_kind == "given" else mark_first_words(paper.title)


def list_remarks(paper: Paper) -> list[str]:
    """Returns what a bibliography must print of ``paper`` besides: a notice such as "Retracted"."""
    said = describe_notice(paper.notice)
    return [said[0].upper() + said[1:]] if said else []
