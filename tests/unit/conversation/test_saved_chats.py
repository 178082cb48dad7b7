"""Answers written as JSON and read back, and what several turns cost together."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from assistant.answers import Answer
from assistant.conversation.chat import make_turn
from assistant.errors import QuestionError
from assistant.types import Abstention, Citation, Filters, Flag, Sentence, Source, Usage

ANSWER = Answer(
    question="And ‘it’?",
    standalone_question="How fast is Falcon?",
    text="It is fast. [1]",
    answerability=0.9,
    sentences=(
        Sentence(
            "It is fast.",
            "supported",
            0.8,
            (Citation("1", "falcon", "Falcon", "It is fast.", 3, 14, 1),),
            (Flag("number", "2x", "no source says 2x"),),
            0.7,
            "supported",
        ),
    ),
    sources=(
        Source("1", "falcon", "Falcon", ("Ann Other",), 2021, 2.5, True),
        Source("2", "otter", "Otter", (), None, 1.5, False, "https://example.org", "ACL", "10.1/x"),
    ),
    mode="llm",
    model="openai:m",
    prompts={"answer": "v1:00"},
    usage=Usage(10, 5, 0.001),
    notices=("read 'fats' as 'fast'",),
)
DECLINED = Answer(
    "x?", "x?", "Not here.", 0.1, sources=ANSWER.sources[1:],
    abstention=Abstention("not_stated", "Not here.", ("otter",)),
)  # fmt: skip


@pytest.mark.parametrize("answer", [ANSWER, DECLINED])
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_keys_of_later_versions_do_not_matter() -> None:
    assert Answer.from_dict({**ANSWER.to_dict(), "mood": "good"}) == ANSWER


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2}, "schema 2"),
        ({"schema": None}, "schema None"),
        ({"text": 4}, "text"),
        ({"sentences": [{"text": "x"}]}, "sentences.0.verdict"),
        ({"mode": "magic"}, "mode"),
        ({"sources": "none"}, "sources"),
    ],
)
def test_what_is_no_answer_is_said(change: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Answer.from_dict({**ANSWER.to_dict(), **change})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("record", [None, [], "x", 3])
def test_what_is_no_object_is_said(record: object) -> None:
    with pytest.raises(QuestionError, match="must be an object"):
        Answer.from_dict(record)


def test_filters_come_back() -> None:
    assert Filters.from_dict({"year_from": 2020, "authors": ["Ann"]}) == Filters(
        2020, authors=("Ann",)
    )
    with pytest.raises(QuestionError, match="year_from"):
        Filters.from_dict({"year_from": "soon"})


def test_a_turn_remembers_what_was_cited_or_closest() -> None:
    turn = make_turn(ANSWER)
    assert [paper.paper_id for paper in turn.papers] == ["falcon"]
    assert (turn.question, turn.standalone) == ("And ‘it’?", "How fast is Falcon?")
    assert turn.text == "It is fast."
    assert not turn.abstained
    assert [paper.paper_id for paper in make_turn(DECLINED).papers] == ["otter"]
    assert make_turn(DECLINED).abstained


def test_costs_add_up_where_all_are_known() -> None:
    assert Usage() + Usage() == Usage()
    assert Usage() + Usage(10, 2, 0.5) + Usage(1, 1, 0.25) == Usage(11, 3, 0.75)
    assert Usage(10, 2, 0.5) + Usage(1, 1) == Usage(11, 3, None)
    assert Usage(10, 2, 0.5) + Usage(1, 1) + Usage(1, 1, 0.5) == Usage(12, 4, None)
    assert Usage(10, 2, 0.5) + Usage(0, 0) == Usage(10, 2, 0.5)


def test_a_turn_remembers_that_it_was_stopped() -> None:
    assert make_turn(ANSWER).complete
    assert not make_turn(replace(ANSWER, complete=False)).complete
    assert make_turn(ANSWER).is_cited
    assert not make_turn(DECLINED).is_cited
