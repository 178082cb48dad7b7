"""Plain text: lists of papers in many layouts are read, and texts of any other kind are refused."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest import read_papers
from assistant.ingest.readers.feed_layout import looks_like_feed, looks_like_names
from assistant.ingest.readers.wrapped import is_wrapped
from assistant.ingest.scholarly import is_reference, reads_as_abstract
from assistant.reports import Skipped
from assistant.types import Paper
from tests.unit.ingest.plain_texts import (
    FEEDS,
    N_PAPERS,
    OTHERS,
    SAMPLES,
    TITLES,
    Sample,
    lay,
    wrap,
)


def read(text: str) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(text.encode())))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


@pytest.mark.parametrize("name", FEEDS)
def test_a_list_of_papers_is_read_however_it_is_laid_out(name: str) -> None:
    papers, _ = read(FEEDS[name])
    assert len(papers) == N_PAPERS.get(name, len(SAMPLES))
    if name not in N_PAPERS:
        assert [plain(paper.title) for paper in papers] == list(map(plain, TITLES))
        wanted = [{plain(one.short), plain(one.long)} for one in SAMPLES]
        assert all(plain(one.abstract) in texts for one, texts in zip(papers, wanted, strict=True))
    if "authors" in name:
        assert all(paper.authors for paper in papers)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_list_of_papers_is_refused_by_its_kind(name: str) -> None:
    text, kind = OTHERS[name]
    with pytest.raises(IngestError) as refusal:
        read(text)
    assert re.search(kind, str(refusal.value)), str(refusal.value)
    assert "as BibTeX, RIS, CSV or MEDLINE" in str(refusal.value)


def test_a_refused_text_is_read_when_its_format_is_named() -> None:
    text = OTHERS["a manual"][0]
    papers = list(read_papers(io.BytesIO(text.encode()), "feed"))
    assert sum(isinstance(paper, Paper) for paper in papers) == 3


def test_links_and_authors_become_the_papers_own() -> None:
    papers, _ = read(lay("{t}\n{a}\nhttps://arxiv.org/abs/2001.0000{n}\n{l}"))
    assert papers[3].authors == ("Grace Obi", "Tom Reed")
    assert [paper.arxiv_id for paper in papers] == [f"2001.0000{n}" for n in range(1, 6)]
    papers, _ = read(lay("{t}\n{l}\ndoi: 10.1000/x.{n}"))
    assert [paper.doi for paper in papers] == [f"10.1000/x.{n}" for n in range(1, 6)]


def test_a_number_that_belongs_to_a_title_stays() -> None:
    papers, _ = read(lay("{t}\n{l}") + f"\n3. Liga: a study of fans\n{SAMPLES[0].long}")
    assert papers[-1].title == "3. Liga: a study of fans"


def test_a_title_that_reads_like_names_is_one_where_its_own_abstract_follows() -> None:
    papers, _ = read(lay("{t}\n{l}") + f"\nDeep Learning, Robot Vision\n{SAMPLES[0].long}")
    assert papers[-1].title == "Deep Learning, Robot Vision"


@pytest.mark.parametrize(
    ("line", "is_names"),
    [
        ("R. Ames, A. Poe and C. Lee", True),
        ("Ida Holm (1), Per van Lund (2)", True),
        ("José Ángel O'Neill; Mary-Ann Smith", True),
        ("Attention and Memory in Bees", False),
        ("A Survey of Walls, Roofs and Gutters", False),
        ("Learning to see, learning to fly", False),
        ("Lichens", False),
    ],
)
def test_names_are_told_from_titles(line: str, is_names: bool) -> None:
    assert looks_like_names(line) is is_names


@pytest.mark.parametrize("sample", SAMPLES)
def test_abstracts_read_as_such_and_are_no_references(sample: Sample) -> None:
    assert reads_as_abstract(sample.long)
    assert not is_reference(sample.long)


def test_a_title_with_a_year_is_no_reference() -> None:
    assert not is_reference("The 1918 pandemic and the town of Vell, 1918-1920")
    assert not is_reference("GPT-4 in 2023: what changed?")


def test_wrapped_lines_are_told_by_how_they_begin() -> None:
    assert is_wrapped(wrap(SAMPLES[0].long).split("\n"))
    assert not is_wrapped(lay("{t}\n{l}").split("\n"))
    assert not is_wrapped(lay("{t}\nhttps://example.org/{n}\n{l}").split("\n"))


@given(st.integers(30, 100))
@settings(max_examples=25, deadline=None)
def test_no_width_of_wrapping_loses_a_word(width: int) -> None:
    text = "\n\n".join(f"{one.title}\n\n{wrap(one.long, width)}" for one in SAMPLES)
    papers, skipped = read(text)
    assert [plain(paper.abstract) for paper in papers] == [plain(one.long) for one in SAMPLES]
    assert not skipped


def test_nothing_is_no_feed() -> None:
    assert not looks_like_feed([])
    assert not looks_like_feed(["", " "])
    assert not is_wrapped([])
