"""When two records are one paper, and when they only look so."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest.known_papers import KnownPapers, make_keys
from assistant.ingest.matching import ALIKE, EDITED, is_copy, is_revision, measure_resemblance
from assistant.ingest.source_names import (
    UNNAMED,
    check_names,
    is_inside,
    is_same_source,
    locate_source,
    locate_stream,
    name_source,
)
from assistant.types import Paper

HERONS = "Grey herons stood still for 40 minutes on average. They struck twice an hour."
OWLS = "Barn owls heard mice under 20 cm of snow. Their faces turn sound to the ears."
PAPER = Paper("k", "Herons at Rest", HERONS, source="/a/birds.bib")


def changed(**fields: object) -> Paper:
    return dataclasses.replace(PAPER, **fields)  # type: ignore[arg-type]


def test_resemblance_of_cut_edited_and_other_texts() -> None:
    assert measure_resemblance(HERONS, HERONS[:50]) == 1.0
    assert measure_resemblance(HERONS, HERONS.replace("40", "45")) > ALIKE
    assert measure_resemblance(HERONS, OWLS) < EDITED
    assert measure_resemblance("", HERONS) == 0.0
    assert measure_resemblance("鹭站立四十分钟。", "鹭站立五十分钟。") > ALIKE


def test_one_sentence_with_other_names_and_figures_is_another() -> None:
    one, other = (
        f"The {bird} garden grew {n} {plant} in {n + 1900}."
        for bird, n, plant in (("finch", 40, "roses"), ("wren", 52, "lilies"))
    )
    assert measure_resemblance(one, other) < ALIKE


@given(st.text(max_size=200), st.text(max_size=200))
def test_resemblance_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0.0 <= measure_resemblance(one, other) <= 1.0
    assert measure_resemblance(one, other) == measure_resemblance(other, one)
    assert measure_resemblance(one, one) == 1.0


def test_the_longest_abstracts_are_compared_at_once() -> None:
    text = " ".join(map(str, range(16_000)))
    begun = time.perf_counter()
    assert measure_resemblance(text, f"{text} more") > ALIKE
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("known", "incoming", "expected"),
    [
        ({}, {"paper_id": "other"}, True),
        ({"doi": "10.48550/arxiv.2103.00011"}, {"doi": "10.1000/h"}, True),
        ({"doi": "10.1000/1"}, {"doi": "10.1000/2", "abstract": OWLS}, False),
        ({}, {"abstract": OWLS}, False),
        ({"doi": "10.1000/1"}, {"doi": "10.1000/1", "abstract": OWLS}, True),
        ({"doi": "10.1000/1"}, {"doi": "10.1000/1", "title": "Owls", "abstract": OWLS}, False),
        ({}, {"title": "Herons in Flight"}, False),
        ({"abstract": OWLS, "text_kind": "account"}, {}, True),
        ({"abstract": OWLS, "text_kind": "account", "doi": "10.1/1"}, {"doi": "10.1/2"}, False),
        ({"title": "Editorial"}, {"title": "Editorial"}, True),
        ({"title": "Editorial"}, {"title": "Editorial", "abstract": OWLS}, False),
    ],
)
def test_copies(known: dict[str, str], incoming: dict[str, str], expected: bool) -> None:
    assert is_copy(changed(**known), changed(**incoming)) is expected


@pytest.mark.parametrize(
    ("incoming", "same_key", "expected"),
    [
        ({"abstract": OWLS}, True, True),
        ({"abstract": OWLS}, False, False),
        ({"title": "On Rest"}, True, True),
        ({"title": "On Rest", "abstract": OWLS}, True, False),
        ({"title": "Herons at Rest and Sleep", "abstract": f"{HERONS[:50]} {OWLS}"}, True, True),
        ({"title": "Owls at Rest", "abstract": "Grey owls stood and slept for 3 h."}, True, False),
    ],
)
def test_revisions(incoming: dict[str, str], same_key: bool, expected: bool) -> None:
    assert is_revision(PAPER, changed(**incoming), same_key=same_key) is expected


def test_another_doi_is_no_revision() -> None:
    assert not is_revision(changed(doi="10.1/1"), changed(doi="10.1/2"), same_key=True)


class Shelf:
    """Papers in memory, as a library that is being written shows them."""

    def __init__(self, *papers: Paper) -> None:
        self.papers = {paper.paper_id: paper for paper in papers}
        self.asked = 0

    def paper(self, paper_id: str) -> Paper | None:
        self.asked += 1
        return self.papers.get(paper_id)

    def find_papers(self, key: str, limit: int = -1) -> tuple[str, ...]:
        found = tuple(i for i in self.papers if key in self.keys(i))
        return found if limit < 0 else found[:limit]

    def keys(self, paper_id: str) -> tuple[str, ...]:
        return make_keys(self.papers[paper_id], frozenset(("/a/birds.bib", "/b/birds.bib")))

    def keys_beginning(self, prefix: str) -> tuple[str, ...]:
        return tuple(k for i in self.papers for k in self.keys(i) if k.startswith(prefix))

    def sources(self) -> tuple[str, ...]:
        return tuple({paper.source for paper in self.papers.values() if paper.source})

    def papers_of_source(self, source: str) -> tuple[str, ...]:
        return tuple(i for i, paper in self.papers.items() if paper.source == source)


def test_a_number_that_went_to_another_record_finds_the_paper_by_its_texts() -> None:
    owls = changed(paper_id="2", title="Owls", abstract=OWLS)
    known = KnownPapers(Shelf(changed(paper_id="1"), owls), lambda _: True)
    assert known.find(changed(paper_id="1", title="Owls", abstract=OWLS)) == owls
    new = changed(paper_id="1", title="Finches", abstract="Finches sang for 3 hours at dawn.")
    assert known.find(new) is None
    assert known.find_revised(new) is None
    assert known.find_free_id("1") == "1-2"
    assert known.find_free_id("new") == "new"


def test_what_a_record_of_this_run_is_of_is_revised_by_no_other() -> None:
    edited = changed(title="Herons at Rest, corrected")
    shelf = Shelf(PAPER)
    assert KnownPapers(shelf, lambda _: True).find_revised(edited) == PAPER
    assert KnownPapers(shelf, lambda _: False).find_revised(edited) is None
    elsewhere = changed(title="Herons at Rest, corrected", source="/c/birds.bib")
    assert KnownPapers(shelf, lambda _: True).find_revised(elsewhere) is None


def test_papers_of_a_program_are_known_by_their_ids() -> None:
    own = changed(source=None)
    known = KnownPapers(Shelf(own), lambda _: True)
    assert known.find(changed(source=None, title="Owls", abstract=OWLS)) == own


def test_a_thousand_papers_of_one_title_are_not_all_compared() -> None:
    shelf = Shelf(*(changed(paper_id=f"p{n}", abstract=f"{OWLS} {n}") for n in range(1_000)))
    known = KnownPapers(shelf, lambda _: True)
    assert known.find(changed(paper_id="new")) is None
    assert shelf.asked < 20
    # The same text is found among however many.
    assert known.find(changed(paper_id="new", abstract=f"{OWLS} 999")) == shelf.papers["p999"]


def test_all_sources_that_list_a_paper_are_known() -> None:
    known = KnownPapers(Shelf(PAPER), lambda _: True)
    assert known.list_listing(PAPER) == {"/a/birds.bib", "/b/birds.bib"}
    assert known.list_sources() == ["/a/birds.bib", "/b/birds.bib"]
    assert known.list_papers("/b/birds.bib") == ["k"]
    assert not [key for key in make_keys(PAPER, frozenset(["/a"])) if key.startswith("from:")]


def test_a_file_is_one_source_under_all_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "refs.bib"
    file.write_text("x")
    (tmp_path / "link.bib").symlink_to(file)
    monkeypatch.chdir(tmp_path)
    names = ("refs.bib", "./refs.bib", file, "link.bib")
    assert {locate_source(name) for name in names} == {str(file.resolve())}
    with open("refs.bib", "rb") as stream:  # noqa: PTH123 - a relative name is meant
        assert locate_stream(stream) == str(file.resolve())


def test_a_later_text_comes_from_the_same_source_alone() -> None:
    assert is_same_source("/a/refs.bib", "/a/refs.bib")
    assert is_same_source("refs.bib", "/a/refs.bib")
    assert is_same_source("a/refs.bib", "/x/a/refs.bib")
    assert not is_same_source("fs.bib", "/a/refs.bib")
    assert not is_same_source("/b/refs.bib", "/a/refs.bib")
    assert not is_same_source(UNNAMED, UNNAMED)
    assert not is_same_source(None, None)
    assert not is_same_source("zotero", name_source("zotero"))
    assert is_inside("/a/b.bib", "/a")
    assert not is_inside("/ab/c.bib", "/a")


@pytest.mark.parametrize("source", [UNNAMED, [PAPER]])
def test_what_has_no_name_is_not_synced(source: object) -> None:
    check_names([source], None, sync=False)
    check_names([source], "zotero", sync=True)
    with pytest.raises(IngestError, match="--source NAME"):
        check_names([source], None, sync=True)


def test_a_name_is_of_one_source_and_is_one() -> None:
    with pytest.raises(IngestError, match="one by one"):
        check_names(["a", "b"], "zotero", sync=False)
    with pytest.raises(IngestError, match="names no source"):
        check_names(["a"], " ", sync=False)
