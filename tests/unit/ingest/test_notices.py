"""Retractions, concerns and corrections, and what only looks like one."""

from __future__ import annotations

import io
import json

import pytest

from assistant.export.papers import PAPER_FORMATS, export_papers
from assistant.ingest import merge, read_papers
from assistant.ingest.notices import find_notice, list_updates
from assistant.types import Paper, PaperFormat, PaperNotice


def read_one(text: str) -> Paper:
    [paper] = read_papers(io.BytesIO(text.encode()))
    assert isinstance(paper, Paper), paper
    return paper


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: Kelp cures colds", "retracted"),
        ("Retracted Article: Kelp cures colds", "retracted"),
        ("[Retracted] Kelp cures colds", "retracted"),
        ("(Retracted) Kelp cures colds", "retracted"),
        ("RETRACTED CHAPTER: Kelp", "retracted"),
        ("WITHDRAWN: Kelp for colds", "retracted"),
        ("Article retracted: Kelp for colds", "retracted"),
        ("Kelp cures colds (Retracted article. See vol. 12, pg. 3, 2011)", "retracted"),
        ("Kelp cures colds [Retracted]", "retracted"),
        ("Expression of Concern: Kelp cures colds", "concern"),
        ("Editorial expression of concern: Kelp", "concern"),
        # Notices, and papers on the subject.
        ("Retraction: Kelp cures colds", None),
        ("Retraction note to: Kelp", None),
        ("Kelp cures colds (Retraction of vol. 12, pg. 3)", None),
        ("Correction: Kelp cures colds", None),
        ("Retracted articles in marine biology: a survey", None),
        ("Retracted papers keep being cited", None),
        ("Withdrawn from care: a cohort", None),
        ("Why retracted: a study of notices", None),
        ("The retracted position of the tongue", None),
        ("\u201cRetracted\u201d: how papers vanish", None),
        ("", None),
        ("(" * 100_000, None),
    ],
)
def test_titles(title: str, expected: PaperNotice | None) -> None:
    assert find_notice(title) == expected


def test_types_and_updates_are_told_apart() -> None:
    assert find_notice(types=["Journal Article", "Retracted Publication"]) == "retracted"
    # These are the notices themselves.
    assert find_notice(types=["Retraction of Publication"]) is None
    assert find_notice(types=["Retraction", "Published Erratum", "Correction"]) is None
    assert find_notice(updates=["RetractionIn", "ErratumIn"]) == "retracted"
    assert find_notice(updates=["EIN", "ECI"]) == "concern"
    assert find_notice(updates=["EIN"]) == "corrected"
    # Of others, whatever they are: a comment, the paper that this one retracts.
    assert find_notice(updates=["CON", "CIN", "ROF", "RetractionOf", "ErratumFor"]) is None


MEDLINE = "PMID- 7\nTI  - Kelp cures colds\nAB  - Kelp sways.\n{}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PT  - Retracted Publication", "retracted"),
        ("RIN - Tides. 2020 Jan;3(2):11. PMID: 8", "retracted"),
        ("ECI - Tides. 2020 Jan;3(2):11. PMID: 8", "concern"),
        ("EIN - Tides. 2020 Jan;3(2):11. PMID: 8", "corrected"),
        ("ROF - Tides. 2019 Jan;3(2):11. PMID: 6", None),
        ("CON - Tides. 2019 Jan;3(2):11. PMID: 6", None),
        ("PT  - Retraction of Publication", None),
    ],
)
def test_medline(line: str, expected: PaperNotice | None) -> None:
    assert read_one(MEDLINE.format(line)).notice == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"updated-by": [{"type": "correction"}, {"type": "retraction"}]}, "retracted"),
        ({"updated-by": [{"type": "corrigendum", "DOI": "10.1000/x"}]}, "corrected"),
        ({"update-to": [{"type": "retraction", "DOI": "10.1000/x"}]}, None),
        (
            {"DOI": "10.1000/X1", "update-to": [{"type": "retraction", "DOI": "10.1000/x1"}]},
            "retracted",
        ),
        ({"update-to": [{"type": "retraction"}]}, None),
        ({"updated-by": [{"type": "new_version"}]}, None),
        ({"updated-by": "retraction"}, None),
        ({"updated-by": [None, {"type": 3}]}, None),
        ({"is_retracted": True}, "retracted"),
        ({"is_retracted": False}, None),
        ({"status": "Retracted"}, "retracted"),
        ({"status": "in press"}, None),
        ({"publicationTypes": ["JournalArticle"]}, None),
    ],
)
def test_json(fields: dict[str, object], expected: PaperNotice | None) -> None:
    item = {"title": "Kelp cures colds", "abstract": "Kelp sways.", **fields}
    assert read_one(json.dumps([item])).notice == expected


def test_a_table_says_true_in_words() -> None:
    assert list_updates({"isretracted": "TRUE"}) == ["retraction"]
    assert list_updates({"isretracted": "FALSE"}) == list_updates({}) == []
    table = "title,abstract,is_retracted\nKelp cures colds,Kelp sways.,True\n"
    assert read_one(table).notice == "retracted"


@pytest.mark.parametrize("format", PAPER_FORMATS)
@pytest.mark.parametrize("notice", ["retracted", "concern", "corrected", None])
def test_a_notice_goes_out_and_comes_back(format: PaperFormat, notice: PaperNotice | None) -> None:
    paper = Paper("k", "Kelp cures colds", "Kelp sways.", entry_type="preprint", notice=notice)
    text = "".join(export_papers([paper], format))
    assert ("retracted" in text.lower()) == (notice == "retracted")
    again = read_one(text)
    assert (again.notice, again.entry_type) == (notice, "preprint")


def test_the_graver_of_two_notices_stays() -> None:
    corrected = Paper("k", "T", "A", notice="corrected")
    retracted = Paper("k", "T", "A", notice="retracted")
    plain = Paper("k", "T", "A")
    assert merge(corrected, retracted).notice == "retracted"
    assert merge(retracted, corrected).notice == "retracted"
    assert merge(plain, corrected).notice == "corrected"
    assert merge(plain, plain).notice is None
