"""Turns that want the answer before in other words, and what an LLM says of a turn besides."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import Answer, Assistant, QuestionError
from assistant.answer.rephrasing import NOT_REPHRASED, TASK
from assistant.conversation.chat import CONDENSE
from assistant.events import Checked, Done, Noticed, Retrieved
from tests.llm_servers.replies import citing, shown
from tests.llm_servers.scripted import Turn
from tests.llm_servers.steps import Says, Status
from tests.whole.test_chat import FACT, FIRST, FOLLOW_UP, KANGAROO, REPLY, SECOND, llm_chat

pytestmark = pytest.mark.usefixtures("starter")

SIMPLER = citing("Kangaroo is up to 1.68 times faster on Spec-Bench [{a}].", a=FACT)
TWO = citing(
    "Kangaroo reaches up to 1.68 times [{a}]. Chimera speeds up latency 2.7x on average [{b}].",
    a=FACT,
    b="2.7x",
)
COMPARED = "How do Kangaroo and Chimera speed up decoding?"


def reworded(*replies: Turn, turn: str = "explain it more simply") -> tuple[Answer, Answer, Any]:
    """Returns the first answer, the one to ``turn``, and the server with what it was asked."""
    with llm_chat(REPLY, *replies) as (chat, server):
        return chat.ask(FIRST), chat.ask(turn), server


def test_the_answer_before_is_put_in_other_words_from_its_own_sources() -> None:
    first, second, server = reworded("REWRITE: more simply", SIMPLER)
    assert len(server.requests) == 3
    title, sentence = shown(server.requests[-1]).values()
    assert title.startswith("Title: Kangaroo")
    assert FACT in sentence
    prompt = server.prompt()
    assert f"Question: {FIRST}" in prompt
    assert f"Answer: {first.sentences[0].text}" in prompt
    assert "The reader wants: more simply" in prompt
    assert "retrieve" not in second.timings_ms
    assert second.standalone_question == FIRST
    assert second.question == "explain it more simply"
    (written,) = second.sentences
    assert written.text == "Kangaroo is up to 1.68 times faster on Spec-Bench."
    assert written.verdict == "supported"
    assert written.citations == first.sentences[0].citations
    assert second.sources == first.sources
    assert second.prompts.keys() == {CONDENSE, TASK}
    assert second.usage.prompt_tokens == 22
    assert second.text == f"{written.text} [1]"


def test_what_the_rewording_makes_up_is_left_out() -> None:
    made_up = citing(
        "Kangaroo reaches up to 1.68 times [{a}]. It reaches 9.4 times on images [{a}].", a=FACT
    )
    _, second, _ = reworded("REWRITE: more simply", made_up, "1: DROP")
    assert [sentence.text for sentence in second.sentences] == [
        "Kangaroo reaches up to 1.68 times."
    ]
    assert any("left out" in notice for notice in second.notices)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ([citing("It reaches 9.4 times on images [{a}].", a=FACT), "1: DROP"], NOT_REPHRASED),
        (["NOT STATED"], NOT_REPHRASED),
        ([Status(500), Status(500)], "these are quotations"),
    ],
)
def test_quotations_take_the_place_of_what_cannot_be_used(replies: list[Turn], said: str) -> None:
    first, second, _ = reworded("REWRITE: more simply", *replies)
    (quote,) = second.sentences
    assert quote.verdict == "verbatim"
    assert quote.citations == first.sentences[0].citations
    assert second.mode == "extractive"
    assert second.complete
    assert any(said in notice for notice in second.notices)


def test_a_shorter_answer_needs_no_reading_and_no_search() -> None:
    _, second, server = reworded(SIMPLER, turn="shorter please")
    assert len(server.requests) == 2
    assert "The reader wants: shorter please" in server.prompt()
    assert "in at most 1 sentences" in server.prompt()
    assert second.standalone_question == FIRST
    assert second.prompts.keys() == {TASK}


def test_the_events_are_those_of_an_answer() -> None:
    with llm_chat(REPLY, "REWRITE: more simply", SIMPLER) as (chat, _):
        chat.ask(FIRST)
        events = list(chat.stream("explain it more simply"))
        assert isinstance(events[0], Retrieved)
        assert events[0].standalone_question == FIRST
        assert any(isinstance(event, Checked) for event in events)
        assert events[-1] == Done(chat.turns[-1])


def test_a_command_that_could_stand_alone_is_read_by_the_llm() -> None:
    _, second, _ = reworded(
        "REWRITE: in German", SIMPLER, turn="Translate the answer above into German"
    )
    assert second.standalone_question == FIRST


def test_what_several_papers_say_is_a_table_where_one_is_wanted() -> None:
    with llm_chat(TWO, "REWRITE: as a table", TWO, "REWRITE: more simply", TWO) as (chat, _):
        assert chat.ask(COMPARED).survey is None
        table = chat.ask("as a table").survey
        assert table is not None
        assert table.is_table
        assert [(paper.label, paper.sentences) for paper in table.papers] == [
            ("1", (0,)),
            ("2", (1,)),
        ]
        markdown = chat.turns[-1].export("markdown")
        assert "| Paper | What it says |" in markdown
        assert chat.ask("explain it more simply").survey is None


def test_a_table_may_have_a_row_for_each_paper() -> None:
    def cite_six(request: dict[str, Any]) -> str:
        labels = [label for label in shown(request) if label.endswith("1")][:6]
        return shown(request)[labels[0]] + "".join(f" [{label}]" for label in labels)

    with llm_chat(cite_six, "REWRITE: as a table", TWO) as (chat, server):
        assert len({c.paper_id for c in chat.ask(COMPARED).sentences[0].citations}) == 6
        chat.ask("as a table")
        assert "at most 6 sentences" in server.prompt()


def test_what_a_paper_says_alone_is_no_table() -> None:
    _, second, _ = reworded("REWRITE: as a table", SIMPLER, turn="as a table")
    assert second.survey is None


def test_where_nothing_was_answered_nothing_is_put_in_other_words() -> None:
    with llm_chat("NOT STATED", otherwise="REWRITE: in French") as (chat, _):
        assert chat.ask("Does Kangaroo need training?").abstained
        answer = chat.ask("in French")
    assert any("no answer stands before it" in notice for notice in answer.notices)
    assert TASK not in answer.prompts


def test_an_option_that_there_is_not_is_refused_here_too() -> None:
    with llm_chat(REPLY, "REWRITE: more simply") as (chat, _):
        chat.ask(FIRST)
        with pytest.raises(QuestionError, match="no option 'topk'"):
            chat.ask("explain it more simply", topk=5)  # type: ignore[call-arg]
        assert len(chat.turns) == 1


def test_queries_come_with_the_question_and_go_to_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, Any]] = []
    stream = Assistant.stream

    def note(self: Assistant, question: str, **options: Any) -> Any:
        asked.append(options)
        return stream(self, question, **options)

    monkeypatch.setattr(Assistant, "stream", note)
    reply = "Does Kangaroo need training?\nSEARCH: adapter training; early exiting"
    with llm_chat(REPLY, reply, SECOND) as (chat, server):
        chat.ask(FIRST)
        answer = chat.ask(FOLLOW_UP)
        assert len(server.requests) == 3
    assert answer.standalone_question == "Does Kangaroo need training?"
    assert answer.search_queries == ("adapter training", "early exiting")
    assert not answer.notices
    assert [options["search_queries"] for options in asked] == [
        (),
        ("adapter training", "early exiting"),
    ]


def test_a_rewording_that_broke_off_is_read_by_rule() -> None:
    _, second, _ = reworded(Says("REWRITE: more", finish="length"), SECOND)
    assert any("broke off" in notice for notice in second.notices)
    assert {c.paper_id for s in second.sentences for c in s.citations} == {KANGAROO}


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ("early exit", "a list of texts"),
        ([3], "a list of texts"),
        (["x"] * 11, "too many"),
        (["?!"], "no letter or digit"),
    ],
)
def test_queries_that_cannot_be_used_are_refused(queries: Any, said: str) -> None:
    with Assistant.open(library="starter") as assistant, pytest.raises(QuestionError, match=said):
        assistant.ask(FIRST, search_queries=queries)


def test_a_chat_finds_its_queries_by_itself() -> None:
    with llm_chat() as (chat, _), pytest.raises(QuestionError, match="leave 'search_queries' out"):
        chat.ask(FIRST, search_queries=("x",))  # type: ignore[call-arg]


def test_a_paper_that_changed_since_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with llm_chat(REPLY, "REWRITE: more simply") as (chat, _):
        chat.ask(FIRST)
        with Assistant.open(library="starter") as other:
            other.remove(KANGAROO)
        with pytest.raises(QuestionError, match="not in the library any more"):
            chat.ask("explain it more simply")


def test_notices_of_the_reading_come_first() -> None:
    with llm_chat(REPLY, "REWRITE:", SECOND) as (chat, _):
        chat.ask(FIRST)
        events = list(chat.stream("explain it more simply"))
    assert isinstance(events[0], Noticed)
    assert "it was empty" in events[0].message
