"""Each format's own forms: fields, several exporters' habits, and one broken record among good."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assistant.errors import IngestError
from assistant.ingest import FORMATS, Format, detect_format, read_papers
from assistant.reports import Skipped
from assistant.types import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"


def read(text: str | bytes, format: Format | None = None) -> tuple[list[Paper], list[Skipped]]:
    stream = io.BytesIO(text.encode() if isinstance(text, str) else text)
    found = list(read_papers(stream, format))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("library.bib", "bibtex"),
        ("export.ris", "ris"),
        ("items.json", "json"),
        ("corpus.jsonl", "jsonl"),
        ("zotero.csv", "csv"),
        ("scopus.tsv", "csv"),
        ("arxiv.xml", "arxiv"),
        ("pubmed.nbib", "medline"),
        ("wos.txt", "wos"),
        ("endnote.enw", "refer"),
        ("refworks.txt", "refworks"),
        ("ovid.txt", "ovid"),
        ("ovid_names.txt", "ovid"),
        ("cochrane.txt", "cochrane"),
        ("pubmed.xml", "xml"),
        ("screened.xlsx", "xlsx"),
        ("newsletter.txt", "feed"),
        ("wrapped.txt", "wrapped"),
        ("arxiv-mail.txt", "arxiv-mail"),
        ("pubmed-abstracts.txt", "pubmed-text"),
    ],
)
def test_formats_are_told_by_content_whatever_the_name(name: str, format: Format) -> None:
    head = (FIXTURES / name).read_bytes()
    assert detect_format(head, name) == format
    assert detect_format(head, "misleading.txt") == format
    assert {item.paper_id for item in read_papers(FIXTURES / name) if isinstance(item, Paper)}


def test_every_format_has_a_fixture_and_can_be_forced() -> None:
    assert set(FORMATS) == {
        "feed", "wrapped", "bibtex", "ris", "json", "csl", "jsonl", "csv", "arxiv", "arxiv-mail",
        "medline", "pubmed-text", "wos", "refer", "refworks", "ovid", "cochrane", "xml",
        "xlsx",
    }  # fmt: skip
    with pytest.raises(IngestError, match="'docx' is not a format"):
        read_papers(FIXTURES / "library.bib", "docx")  # type: ignore[arg-type]


def test_a_forced_format_wins_over_the_content() -> None:
    _, skipped = read('{"title": "T", "abstract": "A"}\nnot json\n', "jsonl")
    assert [item.line for item in skipped] == [2]
    with pytest.raises(IngestError, match="no papers that could be read as bibtex"):
        read('{"title": "T", "abstract": "A"}\n', "bibtex")


def test_bibtex_fields() -> None:
    papers, skipped = read((FIXTURES / "library.bib").read_bytes())
    first = papers[0]
    assert first.paper_id == "müller2020über"
    assert first.title == "Über BERT: $\\mathcal{O}(n^2)$ Is Not Enough & 50% Less"
    assert first.original_title is not None
    assert "{BERT}" in first.original_title
    assert first.authors == ("Jürgen Müller", "Ludwig van Beethoven", "The ATLAS Team")
    assert (first.year, first.venue) == (2020, "Journal of Examples")
    assert first.keywords == ("language models", "encoders")
    assert first.doi == "10.1000/abc_1"
    assert first.url == "https://example.org/~m/x_y"
    assert "naïve façade Łódź" in first.abstract
    assert papers[1].arxiv_id == "1706.03762"
    assert [item.line for item in skipped] == [19, 20]
    assert skipped[0].reason == "'nothing2021' has no abstract"
    assert skipped[1].reason.startswith("the entry 'broken2021' is broken")
    assert [paper.paper_id for paper in papers] == ["müller2020über", "kept:2021/a", "last"]


def test_a_bibtex_entry_without_an_abstract_is_skipped_by_name_and_line() -> None:
    _, skipped = read("@misc{a, title={T}, abstract={A}}\n\n@misc{b, title={U}}\n")
    assert [(item.line, item.reason) for item in skipped] == [(3, "'b' has no abstract")]


def test_ris_fields_and_a_half_written_last_record() -> None:
    papers, skipped = read((FIXTURES / "export.ris").read_bytes())
    assert [paper.title for paper in papers] == ["Drought and Soil", "Ice and Radar"]
    assert papers[0].authors == ("Jane Doe", "Martin Luther King Jr.")
    assert papers[0].year == 2019
    assert papers[0].doi == "10.1000/soil.1"
    assert papers[0].keywords == ("soil", "drought")
    assert papers[0].abstract == "First line. Second line, continued."
    assert papers[1].paper_id == "ice-and-radar"
    assert [item.line for item in skipped] == [20]
    assert "no 'ER  -' closes it" in skipped[0].reason


def test_csl_fields() -> None:
    papers, skipped = read((FIXTURES / "items.json").read_bytes())
    assert papers[0].paper_id == "doe2019"
    assert papers[0].authors == ("Jane Doe", "Vincent van Gogh", "World Health Organization")
    assert (papers[0].year, papers[0].venue) == (2019, "Soil Letters")
    assert papers[1].abstract == "Rates of 10^15 per mole of H2O."
    assert papers[1].original_abstract is not None
    assert not skipped


def test_csl_on_one_line_in_a_wrapper_and_one_broken_item() -> None:
    item = {"id": "a", "title": "T", "abstract": 'Braces } ] " in a string.'}
    papers, _ = read(json.dumps({"version": 1, "items": [item, {**item, "id": "b", "title": "U"}]}))
    assert [paper.paper_id for paper in papers] == ["a", "b"]
    papers, skipped = read('[{"id": "a", "title": "T", "abstract": "A"},\n{"id": "x", "title": "un'
                           'closed,\n"abstract": "A"},\n{"id": "c", "title": "V", "abstract": "A"'
                           '}]')  # fmt: skip
    assert [paper.paper_id for paper in papers] == ["a", "c"]
    assert [item.line for item in skipped] == [2]


@pytest.mark.parametrize("end", ["", ","])
def test_a_lost_closing_brace_costs_one_item(end: str) -> None:
    items = [
        {"id": key, "title": f"T{key}", "abstract": "A", "author": [{"family": "Doe"}], "x": {}}
        for key in "abc"
    ]
    text = json.dumps(items, indent=2)
    at = text.index('"x": {}') + len('"x": {}')
    broken = text[:at] + end + text[text.index("{", at) :]
    papers, skipped = read(broken)
    assert [paper.paper_id for paper in papers] == ["b", "c"]
    assert len(skipped) == 1


def test_json_lines_in_own_and_beirs_and_other_programs_fields() -> None:
    papers, skipped = read((FIXTURES / "corpus.jsonl").read_bytes())
    assert [paper.paper_id for paper in papers] == ["4983", "own-1", "arxiv:2301.00001"]
    assert papers[1] == Paper(
        "own-1", "T", "A", ("Jane Doe",), 2020, "V", ("k",), "10.1000/x", "2301.00002",
        "https://example.org/", "Tt", "Aa", "-",
    )  # fmt: skip
    assert papers[2].authors == ("Jane Doe", "Wei Li")
    assert [item.line for item in skipped] == [4, 5, 6]
    assert "not valid JSON" in skipped[0].reason
    assert "a JSON object was expected" in skipped[1].reason


def test_tables_of_several_programs() -> None:
    papers, skipped = read((FIXTURES / "zotero.csv").read_bytes())
    assert papers[0].paper_id == "ABCD1234"
    assert papers[0].authors == ("Jane Doe", "Richard Roe")
    assert (papers[0].year, papers[0].venue) == (2019, "Soil Letters")
    assert papers[0].abstract == 'Quotes "inside", commas, and two lines.'
    assert papers[0].keywords == ("soil", "drought")
    assert skipped == []
    papers, _ = read((FIXTURES / "scopus.tsv").read_bytes())
    assert papers[0].authors == ("J. Doe", "R. Roe")
    assert papers[0].title == '"Deep" Soil'


def test_a_quotation_mark_never_closed_costs_one_row() -> None:
    papers, skipped = read('id,title,abstract\na,T,"never closed\nb,U,fine\nc,V,"fine, too"\n')
    assert [paper.paper_id for paper in papers if paper.paper_id != "a"] == ["b", "c"]
    assert all(item.line == 2 for item in skipped)


def test_a_table_without_a_known_header_is_named() -> None:
    _, skipped = read("a,b\n1,2\n", "csv")
    assert "no header line names a 'title'" in skipped[0].reason


def test_arxiv_fields() -> None:
    papers, skipped = read((FIXTURES / "arxiv.xml").read_bytes())
    assert papers[0].paper_id == "arxiv:2301.00001"
    assert papers[0].arxiv_id == "2301.00001"
    assert papers[0].title == "Soil & Drought"
    assert papers[0].authors == ("Jane Doe", "Richard Roe")
    assert (papers[0].year, papers[0].doi) == (2023, "10.1000/arx")
    assert papers[0].venue == "Soil Letters 3 (2023)"
    assert papers[1].paper_id == "arxiv:hep-th/9901001"
    assert "arXiv reports an error" in skipped[0].reason


def test_xml_that_breaks_off_keeps_what_came_before() -> None:
    text = (FIXTURES / "arxiv.xml").read_bytes()
    papers, skipped = read(text[: text.index(b"hep-th")])
    assert [paper.paper_id for paper in papers] == ["arxiv:2301.00001"]
    assert "not valid XML" in skipped[0].reason


def test_entities_of_its_own_are_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    papers, skipped = read(f'{bomb}<feed xmlns="http://www.w3.org/2005/Atom"><t>&b;</t></feed>')
    assert not papers
    assert "is not read, for safety" in skipped[0].reason


def test_medline_fields() -> None:
    papers, skipped = read((FIXTURES / "pubmed.nbib").read_bytes())
    assert papers[0].paper_id == "pmid:12345"
    assert papers[0].title == "Drought and soil: a long title that goes on."
    assert papers[0].authors == ("Jane A Doe", "Richard Roe")
    assert (papers[0].year, papers[0].doi) == (2019, "10.1000/med.1")
    assert papers[0].keywords == ("soil", "drought")
    assert papers[0].venue == "Soil letters"
    assert papers[1].authors == ("RB Roe",)
    assert [item.reason for item in skipped] == ["'pmid:12347' has no abstract"]
