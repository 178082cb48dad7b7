"""XML that must not be read as papers, that breaks off, or that would take too much."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest import detect_format
from assistant.ingest.readers import xml_records
from assistant.ingest.readers.xml import read_xml
from assistant.ingest.record import MAX_RECORD_CHARS, Record
from tests.ingested import PUBMED, read, read_one

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE html><html><p>x</p></html>", "is a web page; save the records"),
        ("\n<!-- saved from x --><HTML><body>Hedges", "is a web page"),
        ("<?xml version='1.0'?><PubmedArticleSet/>", "PubMed XML without a record"),
        ("<eSearchResult><IdList><Id>1</Id></IdList></eSearchResult>", "a list of ids from PubMed"),
        ("<rss><channel><title>x</title></channel></rss>", "an RSS feed without an item"),
        ("<project><name>x</name></project>", r"root 'project', which is not read; export BibTeX"),
        ("<collection xmlns='http://www.loc.gov/MARC21/slim'/>", "perhaps MARC"),
    ],
)
def test_markup_that_is_not_read_is_named(text: str, message: str) -> None:
    with pytest.raises(IngestError, match=message) as raised:
        read(text)
    assert "\n" not in str(raised.value)


def test_an_entity_of_its_own_is_refused_and_a_document_type_is_not_fetched() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for declared in (bomb, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'):
        papers, skipped = read(f"{declared}<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>")
        assert not papers
        assert "is not read, for safety" in skipped[0].reason


def test_control_characters_and_blanks_before_the_declaration_do_not_end_it() -> None:
    text = PUBMED.format("Hedges \x0b here\x02", "", "")
    assert read_one(f'\n\n<?xml version="1.0"?>{text}').title == "Hedges here"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + PUBMED.format("Über Hecken", "", "")
    papers, _ = read(text.encode(encoding))
    assert [paper.title for paper in papers] == ["Über Hecken"]


def test_a_record_that_is_too_long_or_too_deep_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml_records, "MAX_RECORD_CHARS", 20_000)
    good = PUBMED.format("Hedges", "", "")
    inner = good.removeprefix("<PubmedArticleSet>").removesuffix("</PubmedArticleSet>")
    for broken in ("x " * 20_000, "<i>" * 200 + "</i>" * 200, "<i/>" * 1_000):
        long = inner.replace("We dug.", broken)
        papers, skipped = read(f"<PubmedArticleSet>{long}{inner}</PubmedArticleSet>")
        assert [paper.title for paper in papers] == ["Hedges"]
        assert "a record is longer than" in skipped[0].reason


def test_a_tag_that_does_not_end_is_given_up() -> None:
    pieces = [b'<PubmedArticleSet a="', *[b"x" * 2**20] * 40]
    fed = iter(pieces)
    faults = list(read_xml(fed))
    assert "a tag is longer than" in faults[0].reason  # type: ignore[union-attr]
    assert len(list(fed)) * 2**20 > 40 * 2**20 - MAX_RECORD_CHARS - 2**21


@given(cut=st.integers(0, 4_000), size=st.integers(1, 900))
@settings(max_examples=40, deadline=None)
def test_pieces_do_not_matter_and_a_cut_costs_the_last_record(cut: int, size: int) -> None:
    text = (FIXTURES / "pubmed.xml").read_bytes()
    whole = list(read_xml([text]))
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(read_xml(pieces)) == whole
    begun = [one for one in read_xml([text[:cut]]) if isinstance(one, Record)]
    assert begun == whole[: len(begun)]
    assert len(begun) == text[:cut].count(b"</PubmedArticle>") + text[:cut].count(
        b"</PubmedBookArticle>"
    )


def test_formats_keep_their_names() -> None:
    assert (
        detect_format(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', "") == "arxiv"
    )
    assert detect_format(PUBMED.encode(), "pubmed-export.txt") == "xml"
