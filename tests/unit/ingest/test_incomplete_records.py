"""Records without a title take their first words for one; without an abstract they may be kept."""

from __future__ import annotations

import io
import json

import pytest

from assistant.export.papers import PAPER_FORMATS, export_papers
from assistant.ingest import dedupe_keys, merge, read_papers
from assistant.reports import Skipped
from assistant.text.passages import chunk_paper, format_passage, list_embedded_texts
from assistant.types import Paper, PaperFormat

LONG = "We measured how fast kelp grows in cold and in warm water off the coast of Oo. It is slow."
FIRST_WORDS = "We measured how fast kelp grows in cold and in warm water \u2026"


def read(*records: dict[str, object], keep: bool = False) -> list[Paper | Skipped]:
    text = "".join(json.dumps(record) + "\n" for record in records)
    return list(read_papers(io.BytesIO(text.encode()), "jsonl", keep_without_abstract=keep))


def read_one(record: dict[str, object], *, keep: bool = False) -> Paper:
    [paper] = read(record, keep=keep)
    assert isinstance(paper, Paper), paper
    return paper


def test_first_words_stand_for_a_title_and_say_so() -> None:
    paper = read_one({"_id": "d1", "title": "", "text": LONG})
    assert (paper.title, paper.title_kind) == (FIRST_WORDS, "first words")
    assert paper.paper_id == "d1"
    assert paper.to_dict()["title_kind"] == "first words"
    short = read_one({"_id": "d2", "text": "Kelp is slow."})
    assert (short.title, short.title_kind) == ("Kelp is slow.", "first words")
    given = read_one({"_id": "d3", "title": "Kelp", "text": LONG})
    assert (given.title, given.title_kind) == ("Kelp", "given")


def test_one_long_word_is_cut() -> None:
    title = read_one({"text": "x" * 10_000}).title
    assert len(title) < 200
    assert title.endswith("\u2026")


def test_a_record_of_nothing_is_skipped() -> None:
    [skipped] = read({"_id": "d4", "title": " ", "text": ""}, keep=True)
    assert isinstance(skipped, Skipped)
    assert "has no title and no abstract" in skipped.reason


def test_abstracts_that_begin_alike_are_not_copies() -> None:
    one = read_one({"text": LONG})
    other = read_one({"text": f"{LONG} But then it is not."})
    assert one.title == other.title
    assert not set(dedupe_keys(one)) & set(dedupe_keys(other))
    assert dedupe_keys(one) == dedupe_keys(read_one({"text": f"{LONG} "}))
    both = read({"_id": "d", "text": LONG}, {"_id": "d", "text": f"{LONG} But then it is not."})
    assert len({paper.paper_id for paper in both if isinstance(paper, Paper)}) == 2


@pytest.mark.parametrize("format", PAPER_FORMATS)
@pytest.mark.parametrize(
    "text", [LONG, "Kelp is slow.", "Kelp {is} \\slow & 5% warm_er $x$ [1] now"]
)
def test_no_bibliography_has_first_words_as_a_title(format: PaperFormat, text: str) -> None:
    paper = read_one({"_id": "d1", "text": text})
    exported = "".join(export_papers([paper], format))
    assert ("first words" in exported) == (format == "jsonl")
    if format == "ris":
        assert f"TI  - [{paper.title}]\n" in exported
    [again] = read_papers(io.BytesIO(exported.encode()))
    assert isinstance(again, Paper)
    assert (again.title, again.title_kind) == (paper.title, "first words")


def test_a_title_in_brackets_is_a_title() -> None:
    paper = read_one({"title": "[Kelp in translation]", "text": LONG})
    assert (paper.title, paper.title_kind) == ("[Kelp in translation]", "given")


def test_a_title_comes_with_a_record_that_has_one() -> None:
    untitled = read_one({"_id": "d1", "text": LONG, "doi": "10.1000/k"})
    titled = read_one({"title": "Kelp", "text": "Another text.", "doi": "10.1000/k"})
    merged = merge(untitled, titled)
    assert (merged.title, merged.title_kind, merged.abstract) == ("Kelp", "given", LONG)
    assert merge(titled, untitled).title == "Kelp"


def test_without_an_abstract_a_paper_is_kept_only_when_asked() -> None:
    record: dict[str, object] = {"_id": "d5", "title": "On kelp"}
    [skipped] = read(record)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "'d5' has no abstract"
    paper = read_one(record, keep=True)
    assert (paper.title, paper.abstract) == ("On kelp", "")
    assert paper.original_abstract is None


def test_the_abstract_comes_with_a_record_that_has_one() -> None:
    bare = read_one({"title": "On kelp", "doi": "10.1000/k"}, keep=True)
    whole = read_one({"title": "On kelp", "doi": "10.1000/k", "text": LONG})
    assert merge(bare, whole).abstract == LONG
    assert merge(whole, bare).abstract == LONG


def test_a_title_alone_is_one_passage_without_sentences() -> None:
    paper = Paper("k", "On kelp", "")
    [passage] = chunk_paper(paper)
    assert (passage.text, passage.start, passage.end, passage.sentences) == ("", 0, 0, ())
    assert format_passage(paper.title, passage) == "On kelp"
    assert list_embedded_texts(paper.title, [passage]) == ["On kelp"]


@pytest.mark.parametrize("format", PAPER_FORMATS)
def test_without_an_abstract_a_paper_is_exported(format: PaperFormat) -> None:
    paper = Paper("k", "On kelp", "", year=2020, venue="Tides", entry_type="article")
    exported = "".join(export_papers([paper], format))
    [again] = read_papers(io.BytesIO(exported.encode()), keep_without_abstract=True)
    assert isinstance(again, Paper)
    assert (again.title, again.abstract, again.year, again.venue) == ("On kelp", "", 2020, "Tides")
