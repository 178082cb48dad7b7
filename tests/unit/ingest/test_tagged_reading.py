"""Tagged text: MEDLINE of several sources, Web of Science, EndNote, RefWorks, Ovid, Cochrane."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.errors import IngestError
from assistant.ingest import Format, detect_format, read_papers
from assistant.ingest.record import MAX_RECORD_CHARS
from assistant.reports import Skipped
from assistant.types import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"


def read(text: str, format: Format | None = None) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(text.encode()), format))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def test_medline_records_without_a_pmid_begin_after_a_blank_line() -> None:
    papers, skipped = read(
        "FAU - Larch, Ida\n"
        "TI  - Bogs in spring\n\n"
        "AB  - Bogs rise.\n"
        "LID - http://eric.ed.gov/?id=ED1\n\n\n"
        "FAU - Birch, Otto\n"
        "TI  - Bogs in autumn\n"
        "AB  - Bogs sink.\n\n"
        "OWN - ERIC\n"
        "TI  - Bogs in winter\n"
        "AB  - Bogs freeze.\n"
    )
    assert not skipped
    assert [(paper.title, paper.authors, paper.abstract) for paper in papers] == [
        ("Bogs in spring", ("Ida Larch",), "Bogs rise."),
        ("Bogs in autumn", ("Otto Birch",), "Bogs sink."),
        ("Bogs in winter", (), "Bogs freeze."),
    ]
    assert papers[0].url == "http://eric.ed.gov/?id=ED1"


def test_a_blank_line_and_a_tag_within_a_text_part_no_medline_record() -> None:
    [paper], _ = read(
        "PMID- 7\nTI  - Peat\n\nAB  - Peat burns. CI - 95%\n      RR - 2.1.\n"
        "AD-jacent bogs do not.\n\nPT  - Journal Article\n"
    )
    assert paper.abstract == "Peat burns. CI - 95% RR - 2.1. AD-jacent bogs do not."


@pytest.mark.parametrize(
    ("value", "abstract"),
    [
        ("Publisher: Abstract available from the publisher. Peat burns.", "Peat burns."),
        ("PIP: Peat burns.", "Peat burns."),
        ("Peat burns. Abstract available from the publisher.", None),
        ("Pipes: a study of PIP: them.", None),
    ],
)
def test_another_abstract_is_taken_without_the_words_of_its_source(
    value: str, abstract: str | None
) -> None:
    [paper], _ = read(f"PMID- 7\nTI  - [Peat].\nTT  - Torf.\nOAB - {value}\nOABL- ger\n")
    assert (paper.title, paper.abstract) == ("[Peat].", abstract or value)


def test_the_abstract_proper_goes_before_another() -> None:
    [paper], _ = read("PMID- 7\nTI  - Peat\nOAB - PIP: Other words.\nAB  - Own words.\n")
    assert paper.abstract == "Own words."
    papers, [skipped] = read("PMID- 7\nTI  - P\nOAB - Abstract available from the publisher.\n")
    assert not papers
    assert skipped.reason == "'pmid:7' has no abstract"


def test_a_paper_that_has_only_a_vernacular_title_keeps_it() -> None:
    [paper], _ = read("PMID- 7\nTT  - Torf im Moor.\nAB  - Peat burns.\n")
    assert paper.title == "Torf im Moor."


def test_what_medline_puts_after_given_names_comes_last() -> None:
    [paper], _ = read(
        "PMID- 7\nTI  - T\nAB  - A\nFAU - Larch, Ida M 3rd\nFAU - Birch, Otto Jr\nFAU - Jr, Ng\n"
    )
    assert paper.authors == ("Ida M Larch III", "Otto Birch Jr", "Ng Jr")
    [paper], _ = read("PMID- 7\nTI  - T\nAB  - A\nAU  - Larch IM 2nd\nAU  - Van Dam O\n")
    assert paper.authors == ("IM Larch II", "O Van Dam")


def test_medline_that_begins_with_another_tag_is_told() -> None:
    for head in (b"OWN - ERIC\n", b"STAT- MEDLINE\n", b"TI  - T\nAB  - A\n", b"FAU - L, I\n"):
        assert detect_format(head, "records.txt") == "medline"
    for head in (b"TY  - JOUR\nTI  - T\n", b"TY - JOUR\nTI - T\n"):
        assert detect_format(head, "records.txt") == "ris"


def read_fixture(name: str) -> list[Paper]:
    found = list(read_papers(FIXTURES / name))
    assert all(isinstance(item, Paper) for item in found)
    return [item for item in found if isinstance(item, Paper)]


def test_web_of_science_fields() -> None:
    bogs, cranes = read_fixture("wos.txt")
    assert bogs.title == "Bogs that breathe: methane from peat"
    assert bogs.authors == ("Ida Larch", "Otto Birch")
    assert bogs.abstract == (
        "Peat holds a third of all soil carbon. UV light does not reach it. "
        "ER and AU are tags elsewhere."
    )
    assert (bogs.paper_id, bogs.doi) == ("WOS:000100000000018", "10.1000/peat.18")
    assert (bogs.year, bogs.venue) == (2018, "JOURNAL OF PEAT")
    assert bogs.keywords == ("peat", "methane", "bog breathing")
    assert (bogs.volume, bogs.issue, bogs.pages) == ("12", "3", "101-119")
    assert (bogs.entry_type, bogs.publisher) == ("article", "PEAT PRESS")
    assert (cranes.year, cranes.pages) == (2021, "e17")
    assert (cranes.entry_type, cranes.editors) == ("conference-paper", ("F Hoch",))


def test_a_retracted_paper_of_web_of_science_is_marked() -> None:
    text = "PT J\nTI T\nAB A\nDT Article; {}\nER\n"
    [retracted], _ = read(text.format("Retracted Publication"))
    [notice], _ = read(text.format("Retraction"))
    assert (retracted.notice, notice.notice) == ("retracted", None)


def test_a_web_of_science_record_that_breaks_off_is_named() -> None:
    papers, [skipped] = read("PT J\nTI T\nAB A\nER\n\nPT J\nTI Half\nAB Cut of")
    assert [paper.title for paper in papers] == ["T"]
    assert (skipped.line, "no 'ER' closes it" in skipped.reason) == (6, True)


def test_endnote_fields() -> None:
    bogs, cranes = read_fixture("endnote.enw")
    assert bogs.abstract == (
        "Peat holds a third of all soil carbon. % signs begin no tag, nor does a blank line."
    )
    assert bogs.authors == ("Ida Larch", "World Peat Council")
    assert bogs.keywords == ("peat", "methane")
    assert (bogs.doi, bogs.url) == ("10.1000/peat.18", "https://example.org/peat")
    assert (bogs.volume, bogs.issue, bogs.pages) == ("12", "3", "101-119")
    assert (cranes.entry_type, cranes.venue) == ("conference-paper", "Birds of Wetlands")
    assert (cranes.editors, cranes.publisher) == (("Fritz Hoch",), "Crane Press")


def test_refer_without_types_parts_records_at_blank_lines() -> None:
    papers, _ = read(
        "%A Ida Larch\n%T Bogs\n\n%X Bogs rise.\n\n%A Otto Birch\n%T Fens\n%X Fens sink.\n"
    )
    assert [(paper.authors, paper.title, paper.abstract) for paper in papers] == [
        (("Ida Larch",), "Bogs", "Bogs rise."),
        (("Otto Birch",), "Fens", "Fens sink."),
    ]


def test_refworks_fields() -> None:
    bogs, cranes = read_fixture("refworks.txt")
    assert bogs.abstract == "Peat holds a third of all soil carbon. UV light does not reach it."
    assert (bogs.authors, bogs.keywords) == (("Ida Larch", "Otto Birch"), ("peat", "methane"))
    assert (bogs.venue, bogs.year, bogs.pages) == ("Journal of Peat", 2018, "101-119")
    assert (cranes.venue, cranes.editors) == ("Birds of wetlands", ("Fritz Hoch",))
    assert (cranes.entry_type, cranes.publisher) == ("chapter", "Crane Press")


def test_refworks_with_all_names_in_one_line() -> None:
    [paper], _ = read(
        "RT Journal Article\nSR 1\nA1 李四;王五;\nT1 湿地\nAB 湿地很重要。\nK1 湿地;鹤\n"
    )
    assert (paper.authors, paper.keywords) == (("李四", "王五"), ("湿地", "鹤"))


def test_ovid_fields() -> None:
    bogs, cranes = read_fixture("ovid.txt")
    assert (bogs.title, bogs.original_title) == (
        "Bogs that breathe.",
        "Bogs that breathe.  [Review]",
    )
    assert bogs.authors == ("I. Larch", "O.E. Birch-Moor")
    assert bogs.abstract == (
        "Background: Peat holds carbon. Method(s): We dug. Result(s): A third of it."
    )
    assert (bogs.venue, bogs.volume, bogs.issue) == ("Journal of Peat", "12", "3")
    assert (bogs.pages, bogs.year, bogs.doi) == ("101-119", 2018, "10.1000/peat.18")
    assert (cranes.title, cranes.authors) == ("[Cranes over wetlands].", ("Else Moor",))
    assert (cranes.venue, cranes.year, cranes.pages) == ("Birds of Wetlands", 2021, "11-9")


def test_ovid_with_the_names_of_fields() -> None:
    bogs, cranes = read_fixture("ovid_names.txt")
    assert bogs.abstract == "Peat holds a third of all soil carbon. It is old."
    assert bogs.authors == ("Ida Larch", "Otto Birch")
    assert (bogs.venue, bogs.year, bogs.volume) == ("Journal of Peat", 2018, "12")
    assert (bogs.keywords, bogs.doi) == (("peat", "methane"), "10.1000/peat.18")
    assert (cranes.entry_type, cranes.venue) == ("chapter", "Birds of wetlands")
    assert (cranes.year, cranes.pages) == (2021, "11-19")


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Larch, Ida 1,2,+", "Ida Larch"),
        ("Larch, Ida [Reprint Author; E-mail: ida@example.org]", "Ida Larch"),
        ("Larch, Ida M. Ph.D., FACSM", "Ida M. Larch"),
        ("LARCH, Ida.", "Ida LARCH"),
        ("Larch IM", "IM Larch"),
        ("Ng, MD", "MD Ng"),
        ("Peat Working Group", "Peat Working Group"),
    ],
)
def test_names_of_ovid(name: str, author: str) -> None:
    [paper], _ = read(f"<1. >\nUI  - 1\nTI  - T\nAB  - A\nAU  - {name}\n")
    assert paper.authors == (author,)


@pytest.mark.parametrize(
    ("source", "venue", "volume", "pages", "year"),
    [
        ("Peat. Vol.43(5), Sep 2015, pp. 623-634.", "Peat", "43", "623-634", 2015),
        ("Peat & Bog January/February 2010;14(1):56", "Peat & Bog", "14", "56", 2010),
        ("Annals of Peat 12, Winter 2007: 7-14.", "Annals of Peat", None, "7-14", 2007),
        ("Journal of Peat. ", "Journal of Peat", None, None, None),
    ],
)
def test_citations_of_ovid(
    source: str, venue: str, volume: str | None, pages: str | None, year: int | None
) -> None:
    [paper], _ = read(f"<1. >\nUI  - 1\nTI  - T\nAB  - A\nSO  - {source}\n")
    assert (paper.venue, paper.volume, paper.pages, paper.year) == (venue, volume, pages, year)


def test_cochrane_fields() -> None:
    baths, cranes = read_fixture("cochrane.txt")
    assert baths.abstract == "BACKGROUND: Backs are sore. RESULTS: Peat helped."
    assert baths.authors == ("I Larch", "O Birch")
    assert baths.keywords == ("Peat", "Back pain")
    assert (baths.venue, baths.year, baths.pages) == ("Journal of Peat", 2018, "101-119")
    assert cranes.authors == ("E Moor", "F Hoch")


@pytest.mark.parametrize(
    "text",
    [
        "% A comment of TeX\n%T\n% and %5 more\n",
        "PT is an abbreviation\nTI too\n",
        "RT @someone: read this\nAB is a blood group\n",
        "<3 we love peat\nAnd bogs\n",
        "Record #1 of our series\nIs a song.\n",
    ],
)
def test_what_only_resembles_tagged_text_is_not_taken_for_it(text: str) -> None:
    with pytest.raises(IngestError):
        read(text)


def test_ris_of_cochrane_below_its_numbering_stays_ris() -> None:
    text = "Record #1 of 1\nProvider: John Wiley\n\nTY  - JOUR\nTI  - Peat\nAB  - Burns.\nER  - \n"
    assert detect_format(text.encode(), "citations.txt") == "ris"


@pytest.mark.parametrize(
    ("good", "begin"),
    [
        ("PT J\nTI T{n}\nAB A\nER\n\n", "PT J\nTI Long\n"),
        ("%0 Book\n%T T{n}\n%X A\n\n", "%0 Book\n%T Long\n"),
        ("%T T{n}\n%X A\n\n", "%T Long\n"),
        ("OWN - ERIC\nTI  - T{n}\nAB  - A\n\n", "OWN - ERIC\nTI  - Long\n"),
    ],
)
def test_a_tagged_record_that_is_too_long_costs_only_itself(good: str, begin: str) -> None:
    lines = f"{'x' * 999_000}\n" * (MAX_RECORD_CHARS // 999_000 + 1)
    papers, [skipped] = read(f"{good.format(n=1)}{begin}{lines}\n{good.format(n=2)}")
    assert [paper.title for paper in papers] == ["T1", "T2"]
    assert skipped.reason == "a record is longer than 16,000,000 characters"
