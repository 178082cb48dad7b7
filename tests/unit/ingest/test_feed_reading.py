"""The plain-text feed: the real one whole, and others like it, whole or damaged."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from assistant.errors import IngestError
from assistant.ingest import read_papers
from assistant.reports import Skipped
from assistant.types import Paper

ABSTRACTS = [
    "We measure how soil bacteria respond to drought. Colonies shrink by 40% within a week.",
    "Glaciers retreat faster than models predict. We correct the models with radar data.",
    "A short survey of rural clinics. It finds that distance matters more than income.",
]
TITLES = ["Soil Bacteria Under Drought", "Glaciers: A Radar Study", "Do Rural Clinics Help?"]


def read(text: str) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(text.encode())))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def alternating(*, without: int | None = None) -> list[str]:
    lines = [line for pair in zip(TITLES, ABSTRACTS, strict=True) for line in pair]
    return lines if without is None else lines[:without] + lines[without + 1 :]


def test_the_real_feed_gives_its_245_papers_under_the_starter_librarys_ids(
    shared: Path, feed: Path
) -> None:
    starter = json.loads((shared / "starter" / "library.csl.json").read_text(encoding="utf-8"))
    found = list(read_papers(feed))
    papers = [paper for paper in found if isinstance(paper, Paper)]
    assert len(found) == len(papers) == 245
    assert [paper.paper_id for paper in papers] == [item["id"] for item in starter]
    assert [paper.title for paper in papers] == [item["title"] for item in starter]


def test_the_real_feed_is_repaired_where_certain(feed: Path) -> None:
    papers = [paper for paper in read_papers(feed) if isinstance(paper, Paper)]
    text = "\n".join(f"{paper.title}\n{paper.abstract}" for paper in papers)
    assert "2.4 ~ 6.5 times" in text
    for damage in (
        r"\\%",
        r"\bsim(?!\w*[a-z])",
        r"\dtimes",
        "!!",
        "mathord",
        r'\\"a',
        r"\\textless",
    ):
        assert not re.search(damage, text), damage
    assert papers[0].original_title == f"Subscribe{papers[0].title}"
    changed = [paper for paper in papers if paper.original_abstract]
    assert 30 < len(changed) < 60
    assert all(paper.original_abstract != paper.abstract for paper in changed)


@pytest.mark.parametrize("n_dropped", range(8))
def test_a_line_lost_from_the_real_feed_costs_one_paper(feed: Path, n_dropped: int) -> None:
    lines = feed.read_text(encoding="utf-8").split("\n")
    at = 2 + 61 * n_dropped
    papers, skipped = read("\n".join(lines[:at] + lines[at + 1 :]))
    assert len(papers) == 244
    assert len(skipped) == 1


@pytest.mark.parametrize("start", ["", "Papers of the day\nUnsubscribe any time!\n"])
def test_short_abstracts_are_told_from_titles(start: str) -> None:
    papers, skipped = read(start + "\n".join(alternating()))
    assert [paper.title for paper in papers] == TITLES
    assert [paper.abstract for paper in papers] == ABSTRACTS
    assert not skipped


def test_a_button_glued_to_the_first_title_is_cut_off_and_kept_as_the_original() -> None:
    papers, _ = read("News\nSubscribe" + "\n".join(alternating()))
    assert papers[0].title == TITLES[0]
    assert papers[0].original_title == "Subscribe" + TITLES[0]


def test_an_ordinary_first_title_is_not_cut() -> None:
    papers, _ = read("Subscribers and Churn\n" + ABSTRACTS[0])
    assert papers[0].title == "Subscribers and Churn"
    assert papers[0].original_title is None


def test_titles_with_a_full_stop_are_titles() -> None:
    lines = [line for pair in zip(TITLES, ABSTRACTS, strict=True) for line in pair]
    lines[0::2] = [
        "Response of common soil bacteria to drought in spring.",
        "Retreat of glaciers under the radar of models.",
        "The help that rural clinics give to people.",
    ]
    papers, skipped = read("\n".join(lines))
    assert [paper.title for paper in papers] == lines[0::2]
    assert not skipped


def test_a_lost_abstract_is_reported_and_the_next_papers_stay_in_step() -> None:
    papers, skipped = read("\n".join(alternating(without=3)))
    assert [paper.title for paper in papers] == [TITLES[0], TITLES[2]]
    assert [(item.line, item.reason) for item in skipped] == [
        (3, "the title 'Glaciers: A Radar Study' has no abstract after it")
    ]


def test_a_lost_title_is_reported_and_the_next_papers_stay_in_step() -> None:
    papers, skipped = read("\n".join(alternating(without=2)))
    assert [paper.title for paper in papers] == [TITLES[0], TITLES[2]]
    assert skipped[0].line == 3
    assert "has no title before it" in skipped[0].reason


def test_an_odd_number_of_lines_leaves_the_last_title_over() -> None:
    papers, skipped = read("\n".join(alternating(without=5)))
    assert len(papers) == 2
    assert [(item.line, "has no abstract" in item.reason) for item in skipped] == [(5, True)]


def test_blank_lines_and_windows_line_ends_do_not_matter() -> None:
    papers, _ = read("\r\n\r\n".join(alternating()))
    assert [paper.title for paper in papers] == TITLES


def test_prose_is_no_feed() -> None:
    prose = "\n".join(["It rained. We stayed at home and read the papers."] * 9)
    with pytest.raises(IngestError):
        read("One line of text\nand another one\nand a third\n")
    papers: list[Paper] = []
    with contextlib.suppress(IngestError):
        papers, _ = read(prose)
    assert not papers
