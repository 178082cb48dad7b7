from __future__ import annotations

import json

from assistant.answers import Answer
from assistant.reports import IngestReport, Skipped
from assistant.types import (
    Abstention,
    Citation,
    Filters,
    Paper,
    SearchResult,
    Sentence,
    SentenceSpan,
    Source,
)

PAPER = Paper("p1", "On Tea", "Tea is hot. It cools.", authors=("Ada B",), year=2020)


def test_a_paper_comes_back_from_its_record() -> None:
    record = json.loads(json.dumps(PAPER.to_dict()))
    assert Paper.from_dict(record) == PAPER
    assert "doi" not in record


def test_an_answer_prints_the_contract() -> None:
    citation = Citation("1", "p1", "On Tea", "It cools.", 12, 21, 2)
    answer = Answer(
        question="q",
        standalone_question="q",
        text="It cools. [1]",
        answerability=0.9,
        sentences=(Sentence("It cools.", "verbatim", 1.0, (citation,)),),
        sources=(Source("1", "p1", "On Tea", ("Ada B",), 2020, 2.5, True),),
    )
    printed = json.loads(json.dumps(answer.to_dict()))
    assert list(printed)[:7] == [
        "schema",
        "question",
        "standalone_question",
        "text",
        "answerability",
        "abstained",
        "abstention",
    ]
    assert printed["abstained"] is False
    assert printed["abstention"] is None
    assert printed["sentences"][0]["citations"][0] == {
        "label": "1",
        "paper_id": "p1",
        "title": "On Tea",
        "quote": "It cools.",
        "start": 12,
        "end": 21,
        "sentence": 2,
        "text_kind": "abstract",
        "notice": None,
    }
    assert printed["sources"][0]["cited"] is True
    assert printed["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": None}


def test_an_answer_that_was_saved_without_kinds_of_text_is_of_abstracts() -> None:
    citation = Citation("1", "p1", "On Tea", "It cools.", 12, 21, 2, "account")
    source = Source("1", "p1", "On Tea", (), None, 2.5, True, text_kind="account")
    sentence = Sentence("It cools.", "verbatim", 1.0, (citation,))
    answer = Answer("q", "q", "It cools. [1]", 0.9, (sentence,), (source,))
    record = json.loads(json.dumps(answer.to_dict()))
    assert Answer.from_dict(record) == answer
    del record["sentences"][0]["citations"][0]["text_kind"]
    del record["sources"][0]["text_kind"]
    old = Answer.from_dict(record)
    assert old.sentences[0].citations[0].text_kind == "abstract"
    assert old.sources[0].text_kind == "abstract"


def test_an_abstention_is_a_result() -> None:
    answer = Answer("q", "q", "no", 0.1, abstention=Abstention("not_stated", "no", ("p1",)))
    assert answer.abstained
    assert answer.to_dict()["abstention"] == {
        "reason": "not_stated",
        "message": "no",
        "closest": ["p1"],
        "nearest": [],
        "unmatched": [],
    }


def test_search_results_and_reports_print_json_types() -> None:
    result = SearchResult(PAPER, 1.5, 0.4, 2.0, SentenceSpan(2, 12, 21))
    assert result.to_dict()["sentence"] == {"text": "It cools.", "start": 12, "end": 21}
    assert SearchResult(PAPER, 1.5, 0.4, 2.0, None).to_dict()["sentence"] is None
    report = IngestReport(added=("p1",), skipped=(Skipped("f", 3, "no title"),))
    assert report.to_dict()["skipped"] == [
        {"file": "f", "line": 3, "reason": "no title", "n_records": 1, "lacks_abstract": False}
    ]


def test_only_filters_that_restrict_are_true() -> None:
    assert not Filters()
    assert Filters(year_from=2020)
