"""JSON: papers wherever in it they are, and one line where there are none."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IngestError, UnreadableError
from assistant.ingest import detect_format, read_papers
from assistant.ingest.readers import json_objects
from assistant.ingest.readers.json_objects import JsonObject, open_object, split_objects
from assistant.reports import Skipped
from assistant.types import Paper
from tests.ingested import read as read_text

FERNS = "Ferns grow on old walls. Their growth was 3 mm a month."
REEDS = "Reeds bend in the wind. Their stems held at 20 m/s."


def read(value: object, **options: Any) -> list[Paper]:
    papers, skipped = read_text(json.dumps(value, **options))
    assert not skipped
    return papers


TWO = [{"title": "Ferns", "abstract": FERNS}, {"title": "Reeds", "abstract": REEDS}]


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (TWO, ["ferns", "reeds"]),
        ({"a": {"b": {"c": TWO}}}, ["ferns", "reeds"]),
        ([{"results": TWO[:1]}, {"results": TWO[1:]}], ["ferns", "reeds"]),
        ([TWO[:1], TWO[1:]], ["ferns", "reeds"]),
        ({"brandt2011": TWO[0], "Li:2012": TWO[1]}, ["brandt2011", "Li:2012"]),
        ({"papers": {"brandt2011": TWO[0], "Li:2012": TWO[1]}}, ["brandt2011", "Li:2012"]),
        ({"brandt2011": TWO[0]}, ["brandt2011"]),
        ({"0": TWO[0], "1": TWO[1]}, ["ferns", "reeds"]),
        ({"2011": TWO[:1], "2012": TWO[1:]}, ["ferns", "reeds"]),
        ({"title": ["Ferns", "Reeds"], "abstract": [FERNS, REEDS]}, ["ferns", "reeds"]),
        (
            {"title": {"0": "Ferns", "1": "Reeds"}, "abstract": {"0": FERNS, "1": REEDS}},
            ["ferns", "reeds"],
        ),
        (
            {"title": {"k1": "Ferns", "k2": "Reeds"}, "abstract": {"k1": FERNS, "k2": REEDS}},
            ["k1", "k2"],
        ),
        (
            {"columns": ["title", "abstract"], "data": [["Ferns", FERNS], ["Reeds", REEDS]]},
            ["ferns", "reeds"],
        ),
        ({"offset": 0, "data": [{"citingPaper": one} for one in TWO]}, ["ferns", "reeds"]),
        ({"title": "A blog", "description": "On plants", "items": TWO}, ["ferns", "reeds"]),
    ],
)
def test_papers_are_found_wherever_they_are(value: object, ids: list[str]) -> None:
    assert [paper.paper_id for paper in read(value)] == ids


def test_what_a_paper_cites_is_not_taken_for_papers() -> None:
    paper = {**TWO[0], "references": TWO[1:], "citations": TWO[1:], "journal": {"title": "Walls"}}
    assert [(one.title, one.venue) for one in read(paper)] == [("Ferns", "Walls")]


@pytest.mark.parametrize("name", ["items", "notes", "related"])
def test_what_belongs_to_a_paper_is_not_taken_for_papers(name: str) -> None:
    [paper] = read({**TWO[0], name: [{**TWO[1], "key": "k"}]})
    assert paper.title == "Ferns"


def test_xml_turned_into_json() -> None:
    article = {
        "ArticleTitle": "Ferns on walls",
        "Abstract": {"AbstractText": [{"@Label": "BACKGROUND", "#text": "Ferns are green."},
                                      {"@Label": "METHODS", "#text": "We looked."}]},
        "AuthorList": {"Author": [{"LastName": "Brandt", "ForeName": "Ilse", "Initials": "I"}]},
        "Journal": {"Title": "Walls"},
    }  # fmt: skip
    citation = {"PMID": {"@Version": "1", "#text": "77"}, "Article": article}
    [paper] = read({"PubmedArticleSet": {"PubmedArticle": [{"MedlineCitation": citation}]}})
    assert paper.abstract == "Background: Ferns are green. Methods: We looked."
    assert (paper.authors, paper.venue) == (("Ilse Brandt",), "Walls")


def test_settings_and_counts_beside_papers_are_not_taken_for_broken_ones() -> None:
    value = {
        "config": {"id": "x", "label": "a program"},
        "facets": [{"key": "year", "count": 3}, {"key": "type", "count": 1}],
        "status": {"text": "OK"},
        "items": [*TWO, {"id": "gone"}],
    }
    papers, skipped = read_text(json.dumps(value, indent=1))
    assert [paper.title for paper in papers] == ["Ferns", "Reeds"]
    assert [(one.line, one.reason) for one in skipped] == [
        (28, "'gone' has no title and no abstract")
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"nbformat": 4, "cells": [], "metadata": {"title": "T", "description": "D"}},
         "is a Jupyter notebook"),
        ({"openapi": "3.0", "info": {"title": "An API", "description": "Of things"}},
         "is a description of a web API"),
        ({"name": "x", "version": "1", "dependencies": {"y": "1"}}, "of a software package"),
        ({"type": "FeatureCollection", "features": [
            {"geometry": None, "properties": {"title": "A park", "description": "Green."}}]},
         "is map data"),
        ({"auths": {"registry": {"auth": "eHg="}}}, "is a configuration of Docker"),
        ({"error": {"code": 404, "message": "No such paper"}}, "error message .* 'No such paper'"),
        ({"error": "Paper not found"}, "error message .* 'Paper not found'; ask the service again"),
        ({"message": "Request timed out"}, "error message .* 'Request timed out'"),
        ({"status": "ok", "message": {"name": "A press"}}, "nothing in it has a title"),
        ({"message": "Too many requests", "code": "429"}, "error message .* 'Too many requests'"),
        ({"services": {"web": {"image": "nginx"}}}, "nothing in it .* only 'services'; export"),
        ([{"user": "a"}] * 3, "nothing in it has a title or an abstract, only 'user'"),
        ({"meta": {"count": 0}, "results": []}, "only 'meta', 'results'"),
        ({}, "only an empty object"),
        ([], "no papers"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_json_without_papers_is_named_in_one_line(
    value: object, message: str, indent: int | None
) -> None:
    with pytest.raises(UnreadableError, match=message) as raised:
        read_text(json.dumps(value, indent=indent))
    assert "\n" not in str(raised.value)


def test_lines_without_papers_are_named_in_one_line() -> None:
    with pytest.raises(UnreadableError, match="only 'user'"):
        read_text('{"user": "a"}\n{"user": "b"}\n')


@pytest.mark.parametrize("field", ["dependencies", "features", "error", "cells", "schema"])
def test_a_paper_may_have_any_field_beside_its_own(field: str) -> None:
    paper = {**TWO[0], "type": "x", "version": "1", field: ["y"], "properties": {}}
    assert [one.title for one in read(paper)] == ["Ferns"]


def test_a_broken_record_in_a_wrapper_costs_itself() -> None:
    text = json.dumps({"meta": {"n": 3}, "results": [TWO[0], {"title": "x", "y": {}}, TWO[1]]})
    papers, skipped = read_text(text.replace('"y": {}}', '"y": {'))
    assert [paper.title for paper in papers] == ["Ferns", "Reeds"]
    assert len(skipped) == 1
    papers, skipped = read_text(text[: text.index('"x"')])
    assert [paper.title for paper in papers] == ["Ferns"]
    assert len(skipped) == 1


def test_an_object_that_cannot_be_held_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_objects, "MAX_RECORD_CHARS", 400)
    monkeypatch.setattr(json_objects, "EARLY_CHARS", 400)
    mapping = {f"k{n}": {"title": f"T{n}", "abstract": FERNS} for n in range(40)}
    text = json.dumps({"version": 2, "papers": mapping})
    objects = list(split_objects([text[at : at + 7] for at in range(0, len(text), 7)]))
    assert [one.name for one in objects] == [f"k{n}" for n in range(40)]
    assert len({one.place for one in objects}) == 1
    long = json.dumps([{"title": "T", "text": "x" * 500}, {"title": "U", "text": "y"}])
    objects = list(split_objects([long[at : at + 7] for at in range(0, len(long), 7)]))
    assert [one.text is None for one in objects] == [True, False]


def test_an_object_is_opened_early_where_it_only_wraps_papers() -> None:
    papers = ", ".join(json.dumps({"title": f"T{n}", "abstract": FERNS * 20}) for n in range(200))
    taken: list[int] = []

    def feed(text: str) -> Any:
        for at in range(0, len(text), 1_000):
            taken.append(at)
            yield text[at : at + 1_000]

    first = next(split_objects(feed(f'{{"message": {{"items": [{papers}]}}}}')))
    assert first.text is not None
    assert len(taken) * 1_000 < 2 * json_objects.EARLY_CHARS
    own = next(split_objects(feed(f'{{"id": 1, "cited": [{papers}], "title": "Own"}}')))
    assert own.text is not None
    assert own.text.endswith('"Own"}')


def test_places_and_names_of_objects() -> None:
    text = '{"a": {"x": 1},\n "b": [{"y": "}"}, {"z": [{}]}], "c": 3}'
    assert [(one.line, one.text, one.name) for one in open_object(text, 5)] == [
        (5, '{"x": 1}', "a"),
        (6, '{"y": "}"}', None),
        (6, '{"z": [{}]}', None),
    ]
    assert list(split_objects(["{} 1 [[{}]]"])) == [
        JsonObject(1, "{}"), JsonObject(1, "{}", None, 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ('{"a": 1}', "json"),
        ('{\n "a": 1\n}', "json"),
        ('[{"a": 1}]', "json"),
        ("[[{", "json"),
        ('{"a": 1}\n{"a": 2}\n', "jsonl"),
        ('{"a": \n{"a": 2}\n', "jsonl"),
    ],
)
def test_json_is_told_from_json_lines(text: str, format: str) -> None:
    assert detect_format(text.encode(), "x") == format


def test_a_list_of_references_is_no_json() -> None:
    with pytest.raises(UnreadableError, match="in no format that can be told"):
        detect_format(b"[1] A. Author. A title. 2020.\n[2] B. Author. Another. 2021.\n", "x")


NAMES = st.sampled_from(
    ["title", "abstract", "id", "data", "items", "authors", "year", "content", "value", "message",
     "error", "type", "abstract_inverted_index", "authorships", "creators", "versions", "x"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner),
    max_leaves=20,
)


@given(value=VALUES, indent=st.sampled_from([None, 1]), cut=st.floats(0, 1) | st.none())
@settings(max_examples=300, deadline=None)
def test_any_json_ends_in_papers_or_one_clear_line(
    value: object, indent: int | None, cut: float | None
) -> None:
    text = json.dumps(value, indent=indent)
    text = text if cut is None else text[: int(cut * len(text))]
    for format in (None, "json", "jsonl"):
        told = ""
        try:
            for item in read_papers(io.BytesIO(text.encode()), format):  # type: ignore[arg-type]
                told += item.reason if isinstance(item, Skipped) else ""
        except IngestError as error:
            told = str(error)
        assert "\n" not in told


@given(
    wraps=st.lists(st.sampled_from(["list", "message", "results", "deep-name"]), max_size=5),
    n_papers=st.integers(1, 4),
    indent=st.sampled_from([None, 2]),
)
@settings(max_examples=60, deadline=None)
def test_every_paper_is_found_under_any_wrapping(
    wraps: list[str], n_papers: int, indent: int | None
) -> None:
    value: Any = [{"id": f"k{n}", "title": f"T{n}", "abstract": FERNS} for n in range(n_papers)]
    for wrap in wraps:
        value = [value] if wrap == "list" else {"count": 1, wrap: value}
    assert [paper.paper_id for paper in read(value, indent=indent)] == [
        f"k{n}" for n in range(n_papers)
    ]


@given(text=st.text(alphabet='{}[]",:\\ \nax1', max_size=60), size=st.integers(1, 9))
@settings(max_examples=200, deadline=None)
def test_pieces_of_any_size_give_the_same_objects(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(split_objects(pieces)) == list(split_objects([text]))
