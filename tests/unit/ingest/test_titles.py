"""Titles in two parts, and what a record without an abstract is said to need."""

from __future__ import annotations

import json

import pytest

from assistant.ingest.titles import join_title
from tests.ingested import read, read_one


@pytest.mark.parametrize(
    ("title", "subtitle", "whole"),
    [
        ("Moss on walls", "A survey", "Moss on walls: A survey"),
        ("Moss on walls :", " A survey ", "Moss on walls: A survey"),
        ("Does moss grow?", "A survey", "Does moss grow? A survey"),
        ("Moss on walls: a survey", "A survey", "Moss on walls: a survey"),
        ("Moss on walls", None, "Moss on walls"),
        ("Moss on walls: ", None, "Moss on walls: "),
        ("Moss on walls", "", "Moss on walls"),
        (None, "A survey", "A survey"),
        (None, None, ""),
    ],
)
def test_a_title_is_joined_to_its_subtitle(
    title: str | None, subtitle: str | None, whole: str
) -> None:
    assert join_title(title, subtitle) == whole


def test_subtitles_of_biblatex_are_read_and_keep_their_braces() -> None:
    entry = "@article{m, title={Moss on {W}alls}, subtitle={The {B}asel survey}, abstract={It is.}}"
    paper = read_one(entry)
    assert paper.title == "Moss on Walls: The Basel survey"
    assert paper.original_title == "Moss on {W}alls: The {B}asel survey"


def test_a_paper_has_no_subtitle_of_the_book_that_it_is_in() -> None:
    entries = (
        "@inproceedings{m, crossref={b}, title={Moss on walls}, abstract={It grows.}}"
        "@proceedings{b, title={Walls}, subtitle={Old and new}, year=2001}"
    )
    papers, _ = read(entries)
    assert [paper.title for paper in papers] == ["Moss on walls"]


def test_subtitles_of_crossref_are_read() -> None:
    work = {"title": ["Moss on walls"], "subtitle": ["A survey"], "abstract": "It grows slowly."}
    assert read_one(json.dumps({"message": work})).title == "Moss on walls: A survey"
    assert read_one(json.dumps({"message": work | {"subtitle": []}})).title == "Moss on walls"


def test_only_what_lacks_just_an_abstract_is_said_to_lack_it() -> None:
    rows = "title,abstract,year\nMoss on walls,,2001\n,,2002\n"
    _, skipped = read(rows)
    assert [one.lacks_abstract for one in skipped] == [True, False]
