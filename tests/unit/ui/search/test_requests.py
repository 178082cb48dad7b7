"""What the browser may ask of the search, and what it is sent back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from assistant_ui.search.filter_form import MAX_FILTER_CHARS, alternatives, list_inputs
from assistant_ui.search.tab import (
    MAX_RESULTS,
    SearchRequest,
    read_request,
    result_view,
    search_view,
)

from assistant.errors import QuestionError
from assistant.types import Filters, Paper, SearchResult, SentenceSpan

PAPER = Paper(
    "bees", "On <b>bees</b>", "Bees 🐝 fly. They hum.", ("A B",), 2020, url="https://x.org/"
)
SPAN = SentenceSpan(2, 12, 21)


def sent(**fields: Any) -> dict[str, Any]:
    return {"query": "bees", "top_k": 10, "turn": 1, **fields}


def test_a_query_alone_has_no_filters() -> None:
    request = read_request(sent(query="  bees ", author="", year_from=" "))
    assert request == SearchRequest("bees", 10, Filters())
    assert not request.filters


def test_filters_are_read() -> None:
    request = read_request(
        sent(year_from="2019", year_to="2021", author="Lee; Smith ;", venue="ACL", keyword="bees")
    )
    assert request.filters == Filters(2019, 2021, ("Lee", "Smith"), ("ACL",), ("bees",))
    assert read_request(sent(has_doi="on")).filters == Filters(has_doi=True)


def test_the_form_has_an_input_for_each_filter_but_ids() -> None:
    assert [(one["name"], one["label"]) for one in list_inputs()] == [
        ("year_from", "From year"),
        ("year_to", "To year"),
        ("author", "Author"),
        ("venue", "Venue"),
        ("keyword", "Keyword"),
        ("has_doi", "Has a DOI"),
    ]
    for one in list_inputs():
        assert read_request(sent(**{one["name"]: "2020"})).filters, one["name"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"query": "  "}, "nothing to search for"),
        ({"query": None}, "nothing to search for"),
        ({"query": ["bees"]}, "the query must be text, not list"),
        ({"top_k": 0}, "cannot show 0 papers"),
        ({"top_k": MAX_RESULTS + 1}, "cannot show 101 papers"),
        ({"top_k": "10"}, "cannot show '10' papers"),
        ({"top_k": None}, "cannot show None papers"),
        ({"year_from": "last"}, "the first year 'last' is not a year"),
        ({"year_to": "20255"}, "the last year '20255' is not a year"),
        ({"year_to": "-1"}, "the last year '-1' is not a year"),
        ({"year_from": "2021", "year_to": "2019"}, "no year lies between 2021 and 2019"),
        ({"venue": {"a": 1}}, "the venue must be text, not dict"),
        ({"has_doi": True}, "the has_doi must be text, not bool"),
        ({"author": "a" * (MAX_FILTER_CHARS + 1)}, "the author filter has 301 characters"),
    ],
)
def test_what_cannot_be_searched_for_is_said_in_a_sentence(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        read_request(sent(**fields))


def test_what_is_no_form_is_refused() -> None:
    with pytest.raises(QuestionError):
        read_request({})


def test_alternatives_stand_between_semicolons() -> None:
    assert alternatives("Lee, A.; Smith;;", "author") == ("Lee, A.", "Smith")
    assert alternatives(None, "author") == ()


def test_a_result_has_its_sentence_and_an_abstract_that_marks_it() -> None:
    view = result_view(SearchResult(PAPER, 1.23456, 0.5, 12.0, SPAN))
    assert view["sentence"] == "They hum."
    assert "".join(piece["text"] for piece in view["abstract"]) == PAPER.abstract
    assert [p["text"] for p in view["abstract"] if p["cited_by"]] == [view["sentence"]]
    assert view["scores"] == {"score": 1.2346, "lexical": 12.0, "dense": 0.5}
    assert view["title"] == "On <b>bees</b>"
    assert view["link"] is None


def test_a_result_without_a_sentence_is_shown_with_its_abstract() -> None:
    view = result_view(SearchResult(PAPER, 0.0, -0.1, 0.0, None))
    assert view["sentence"] is None
    assert [piece["text"] for piece in view["abstract"]] == [PAPER.abstract]


def test_a_view_says_whether_filters_were_in_use() -> None:
    results = [SearchResult(PAPER, 1.0, 0.5, 12.0, SPAN)]
    plain = search_view(SearchRequest("bees", 10, Filters()), results, 245)
    narrowed = search_view(SearchRequest("bees", 10, Filters(year_from=2020)), [], 245)
    assert (plain["filtered"], narrowed["filtered"]) == (False, True)
    assert narrowed["results"] == []
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
