"""Types, editors, volumes, pages and publishers, from each format that says them."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.export.papers import export_papers
from assistant.ingest import Format, merge, read_papers
from assistant.ingest.entry_types import read_entry_type, settle_entry_type
from assistant.ingest.pages import join_pages, normal_pages
from assistant.types import EntryType, Paper


def read_one(text: str, format: Format | None = None) -> Paper:
    [paper] = read_papers(io.BytesIO(text.encode()), format)
    assert isinstance(paper, Paper), paper
    return paper


def bibtex(kind: str, fields: str) -> Paper:
    return read_one(f"@{kind}{{k, title = {{Kelp}}, abstract = {{Kelp sways.}}, {fields}}}")


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("article", "journal = {Tides}", "article"),
        ("InProceedings", "booktitle = {Proc. Kelp}", "conference-paper"),
        ("conference", "booktitle = {Proc. Kelp}", "conference-paper"),
        ("book", "publisher = {P}", "book"),
        ("incollection", "booktitle = {B}", "chapter"),
        ("inbook", "booktitle = {B}", "chapter"),
        ("proceedings", "editor = {Lo, Mi}", "proceedings"),
        ("phdthesis", "school = {U}", "thesis"),
        ("mastersthesis", "school = {U}", "masters-thesis"),
        ("thesis", "type = {mastersthesis}, institution = {U}", "masters-thesis"),
        ("thesis", "type = {phdthesis}, institution = {U}", "thesis"),
        ("phdthesis", "type = {Master's thesis}, school = {U}", "masters-thesis"),
        ("techreport", "institution = {I}", "report"),
        ("report", "type = {techreport}, institution = {I}", "report"),
        ("dataset", "publisher = {Zenodo}", "dataset"),
        ("misc", "eprint = {2301.00001}, archiveprefix = {arXiv}", "preprint"),
        ("online", "eprint = {2301.00001}, eprinttype = {arxiv}", "preprint"),
        ("article", "eprint = {2301.00001}, archiveprefix = {arXiv}", "preprint"),
        ("article", "eprint = {2301.00001}, journal = {Tides}", "article"),
        ("misc", "note = {Preprint}", "preprint"),
        ("unpublished", "note = {Submitted}", "preprint"),
        ("misc", "howpublished = {A talk}", None),
        ("misc", "note = {See the thesis of Lo}", None),
        ("online", "url = {https://example.org}", None),
        ("misc", "eprint = {hdl/1}, eprinttype = {hdl}", None),
    ],
)
def test_types_of_bibtex_and_biblatex(kind: str, fields: str, expected: EntryType | None) -> None:
    assert bibtex(kind, fields).entry_type == expected


def test_what_bibtex_says_of_a_publication() -> None:
    paper = bibtex(
        "incollection",
        "author = {Lo, Mi}, editor = {van Oo, Pia and {Reef Group}}, booktitle = {Sea {Book}},"
        "volume = 3, number = {2}, pages = {11--19}, publisher = {Wet \\& Dry}, year = 2001",
    )
    assert paper.editors == ("Pia van Oo", "Reef Group")
    assert (paper.venue, paper.volume, paper.issue, paper.pages, paper.publisher) == (
        "Sea Book", "3", "2", "11-19", "Wet & Dry"
    )  # fmt: skip
    thesis = bibtex("phdthesis", "school = {University of Oo}, series = {Reef Theses}")
    assert (thesis.venue, thesis.publisher) == ("Reef Theses", "University of Oo")
    # A series that a conference's book is in is not where the paper is.
    assert bibtex("inproceedings", "booktitle = {P}, series = {Notes}").venue == "P"
    assert bibtex("article", "journal = {J}, eid = {e045}").pages == "e045"


RIS = "TY  - {}\nTI  - Kelp\nAB  - Kelp sways.\n{}ER  - \n"


@pytest.mark.parametrize(
    ("kind", "lines", "expected"),
    [
        ("JOUR", "", "article"),
        ("CONF", "", "conference-paper"),
        ("CPAPER", "", "conference-paper"),
        ("THES", "", "thesis"),
        ("THES", "M3  - Master's Thesis\n", "masters-thesis"),
        ("CHAP", "", "chapter"),
        ("BOOK", "", "book"),
        ("RPRT", "", "report"),
        ("UNPB", "", "preprint"),
        ("DATA", "", "dataset"),
        ("JOUR", "M3  - Conference Paper\n", "conference-paper"),
        ("JOUR", "M3  - 10.1000/x\n", "article"),
        ("CONF", "M3  - Article\n", "conference-paper"),
        ("GEN", "", None),
        ("ELEC", "", None),
    ],
)
def test_types_of_ris(kind: str, lines: str, expected: EntryType | None) -> None:
    assert read_one(RIS.format(kind, lines)).entry_type == expected


def test_what_ris_says_of_a_publication() -> None:
    paper = read_one(
        RIS.format(
            "CHAP",
            "T2  - Sea Book\nA2  - Oo, Pia\nVL  - 3\nIS  - 2\nSP  - 11\nEP  - 19\nPB  - Wet\n",
        )
    )
    assert paper.editors == ("Pia Oo",)
    assert (paper.venue, paper.volume, paper.issue, paper.pages, paper.publisher) == (
        "Sea Book", "3", "2", "11-19", "Wet"
    )  # fmt: skip
    assert read_one(RIS.format("BOOK", "ED  - Oo, Pia\nED  - Lo, Mi\n")).editors == (
        "Pia Oo", "Mi Lo"
    )  # fmt: skip
    assert read_one(RIS.format("CONF", "C3  - Proc. Kelp\n")).venue == "Proc. Kelp"
    assert read_one(RIS.format("JOUR", "C3  - 17 refs\n")).venue is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "article-journal"}, "article"),
        ({"type": "paper-conference"}, "conference-paper"),
        ({"type": "thesis", "genre": "Master's thesis"}, "masters-thesis"),
        ({"type": "article", "number": "arXiv:2301.00001"}, "preprint"),
        ({"type": "article", "genre": "preprint"}, "preprint"),
        ({"type": "article", "container-title": "Tides"}, "article"),
        ({"type": "document"}, None),
        ({"itemType": "conferencePaper"}, "conference-paper"),
        ({"itemType": "bookSection"}, "chapter"),
        ({"publicationTypes": ["JournalArticle", "Conference"]}, "conference-paper"),
        ({"publicationTypes": ["JournalArticle", "Review"]}, "article"),
        ({"type": "proceedings-article"}, "conference-paper"),
        ({"type": "posted-content"}, "preprint"),
        ({"type": 7}, None),
    ],
)
def test_types_in_json(fields: dict[str, object], expected: EntryType | None) -> None:
    item = {"title": "Kelp", "abstract": "Kelp sways.", **fields}
    assert read_one(json.dumps([item])).entry_type == expected


def test_numbers_of_reports_are_no_arxiv_ids() -> None:
    item = {"title": "Kelp", "abstract": "Kelp sways.", "type": "report", "number": "TR-7"}
    paper = read_one(json.dumps([item]))
    assert (paper.issue, paper.arxiv_id) == ("TR-7", None)
    paper = read_one(json.dumps([{**item, "number": "arXiv:2301.00001"}]))
    assert (paper.issue, paper.arxiv_id) == (None, "2301.00001")


def test_columns_of_tables() -> None:
    paper = read_one(
        "Item Type,Title,Author,Abstract Note,Publication Title,Volume,Issue,Pages,Editor,"
        "Publisher,Type\n"
        'thesis,Kelp,"Lo, Mi",Kelp sways.,,,,,"Oo, Pia",University of Oo,Master\'s thesis\n'
    )
    assert (paper.entry_type, paper.publisher) == ("masters-thesis", "University of Oo")
    assert paper.editors == ("Pia Oo",)
    paper = read_one(
        "Document Title,Abstract,Volume,Issue,Start Page,End Page,Document Type\n"
        "Kelp,Kelp sways.,3,2,11,19,Conference Paper\n"
    )
    assert (paper.entry_type, paper.volume, paper.issue, paper.pages) == (
        "conference-paper", "3", "2", "11-19"
    )  # fmt: skip


def test_what_medline_says_of_a_publication() -> None:
    paper = read_one(
        "PMID- 7\nTI  - Kelp\nAB  - Kelp sways.\nFED - Oo, Pia\nVI  - 3\nIP  - 2\nPG  - 11-9\n"
        "PT  - Journal Article\nPT  - Preprint\nJT  - Tides\n"
    )
    assert (paper.entry_type, paper.volume, paper.issue, paper.pages) == (
        "preprint", "3", "2", "11-9"
    )  # fmt: skip
    assert paper.editors == ("Pia Oo",)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Article; Proceedings Paper"], "conference-paper"),
        (["Article", None, "Book Chapter"], "chapter"),
        (["thesis", "report"], "thesis"),
        (["", "poster"], None),
        ([], None),
        (["x" * 1_000_000], None),
    ],
)
def test_the_most_particular_name_counts(
    names: list[str | None], expected: EntryType | None
) -> None:
    assert read_entry_type(names) == expected


def test_an_article_at_arxiv_and_in_no_journal_is_a_preprint() -> None:
    assert settle_entry_type("article", None, "2301.00001") == "preprint"
    assert settle_entry_type("article", "Tides", "2301.00001") == "article"
    assert settle_entry_type("thesis", None, "2301.00001") == "thesis"
    assert settle_entry_type(None, None, "2301.00001") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11--19", "11-19"), ("11 \u2013 19", "11-19"), ("e045", "e045"), ("5-5", "5"),
        ("1\u20133, 7", "1-3, 7"), (" ", None), (None, None), ("A-1-A-3", "A-1-A-3"),
    ],
)  # fmt: skip
def test_pages(text: str | None, expected: str | None) -> None:
    assert normal_pages(text) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("11", "19", "11-19"), ("11", None, "11"), (None, "19", "19"), ("11", "11", "11"),
        ("11-19", "19", "11-19"), (None, None, None), ("e7", "", "e7"),
    ],
)  # fmt: skip
def test_first_and_last_page(first: str | None, last: str | None, expected: str | None) -> None:
    assert join_pages(first, last) == expected


@given(st.text(max_size=40))
def test_pages_settle(text: str) -> None:
    once = normal_pages(text)
    assert normal_pages(once) == once


def test_braces_of_a_title_are_kept_and_not_searched() -> None:
    paper = read_one(
        "@article{k, title = {{DNA} of {\\'E}lan {Kelp} in {$x^2$}}, journal = {J},"
        " abstract = {Kelp.}}"
    )
    assert paper.title == "DNA of Élan Kelp in $x^2$"
    text = "".join(export_papers([paper], "bibtex"))
    assert "title = {{DNA} of {\\'E}lan {Kelp} in {$x^2$}}" in text
    assert read_one(text).title == paper.title


@pytest.mark.parametrize(
    "original",
    [
        "<i>{A}</i> tale of kelp",  # Says more than its title in TeX.
        "{A tale of kelp",
        "A} tale{ of kelp",
        "{A} tale of kelp\\",
        "{Another} tale of kelp",
    ],
)
def test_what_is_no_tex_of_the_title_is_not_written_as_it(original: str) -> None:
    paper = Paper("k", "A tale of kelp", "Kelp.", original_title=original)
    assert "title = {A tale of kelp}" in "".join(export_papers([paper], "bibtex"))


def test_what_has_a_venue_and_no_type_is_an_article() -> None:
    assert "@article" in "".join(export_papers([Paper("k", "T", "A", venue="V")], "bibtex"))
    assert "@misc" in "".join(export_papers([Paper("k", "T", "A")], "bibtex"))


def test_a_preprint_that_was_published_is_cited_as_published() -> None:
    preprint = Paper(
        "k", "T", "A", year=2019, venue="bioRxiv", entry_type="preprint", publisher="CSHL"
    )
    article = Paper("j", "T", "A", year=2020, venue="Tides", entry_type="article", volume="3")
    for merged in (merge(preprint, article), merge(article, preprint)):
        known = (merged.entry_type, merged.year, merged.venue, merged.volume)
        assert known == ("article", 2020, "Tides", "3")
    assert merge(preprint, article).publisher is None
    assert merge(preprint, article).paper_id == "k"
    assert merge(preprint, Paper("j", "T", "A", venue="Tides")).venue == "bioRxiv"
