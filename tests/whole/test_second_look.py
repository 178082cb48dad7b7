"""What else an LLM does: it looks again, translates, corrects its question and cites titles."""

from __future__ import annotations

from pathlib import Path

from assistant import Answer
from assistant.events import (
    Checked,
    Replaced,
    SearchedAgain,
)
from tests.llm_servers.replies import citing, shown
from tests.llm_servers.scripted import scripted
from tests.whole.written import FACT, PAPER, QUESTION, Ask, open_with


def test_it_looks_again_before_it_says_no(ask: Ask) -> None:
    answer, server = ask(
        "NOT STATED\nSEARCH: mixture of experts routing; protein folding",
        citing("It makes T5-XXL 2X to 3X faster [{a}].", a=FACT),
    )
    assert answer.text == "It makes T5-XXL 2X to 3X faster. [1]"
    assert len(server.requests) == 2
    first, second = (set(shown(request).values()) for request in server.requests)
    assert second - first
    assert answer.search_queries == ("mixture of experts routing", "protein folding")
    said = "looked again for “mixture of experts routing”, “protein folding”"
    assert said in answer.notices
    assert answer.usage.completion_tokens == 14


def test_a_second_look_that_finds_no_more_keeps_the_first_answer(ask: Ask) -> None:
    first = citing(
        "It makes T5-XXL 2X to 3X faster [{a}].\nMISSING: the number of GPUs.\nSEARCH: GPUs used",
        a=FACT,
    )
    answer, server = ask(first, "NOT STATED\nSEARCH: more")
    assert len(server.requests) == 2
    assert answer.text.startswith("It makes T5-XXL 2X to 3X faster. [1] Not stated here: the num")


def test_a_second_look_completes_an_answer(ask: Ask, starter: Path) -> None:
    first = citing(
        "It makes T5-XXL 2X to 3X faster [{a}].\nMISSING: the outputs.\nSEARCH: outputs", a=FACT
    )
    second = citing("T5-XXL is 2X to 3X faster, its outputs stay identical [{a}].", a=FACT)
    answer, _ = ask(first, second)
    assert answer.text == "T5-XXL is 2X to 3X faster, its outputs stay identical. [1]"
    assert answer.missing is None
    with scripted([first, second]) as server, open_with(starter, server) as assistant:
        events = list(assistant.stream(QUESTION))
    assert [(e.index, e.sentence) for e in events if isinstance(e, Replaced)] == [(0, None)]
    assert [e.index for e in events if isinstance(e, Checked)] == [0, 1]
    assert sum(isinstance(e, SearchedAgain) for e in events) == 1


def test_the_second_look_can_be_left_out(ask: Ask) -> None:
    answer, server = ask("NOT STATED\nSEARCH: experts", second_look="off")
    assert answer.abstained
    assert len(server.requests) == 1


def test_a_question_in_another_language_is_searched_in_english(ask: Ask) -> None:
    answer, server = ask(
        "speculative decoding speed-up of T5-XXL\nfaster inference without other outputs",
        citing("2X to 3X [{a}].", a=FACT),
        question="Wie viel schneller macht das spekulative Dekodieren die Antworten?",
    )
    assert "Wie viel schneller" in server.prompt(0)
    assert "BEGIN SOURCES" not in server.prompt(0)
    assert answer.search_queries[0] == "speculative decoding speed-up of T5-XXL"
    assert PAPER in {source.paper_id for source in answer.sources}
    assert set(answer.prompts) == {"queries", "answer"}
    assert answer.usage.completion_tokens == 14


def test_a_wrong_premise_is_corrected_and_typed(ask: Ask) -> None:
    reply = citing(
        "CORRECTION: Its outputs stay identical on T5-XXL [{a}].\nIt is 2X to 3X faster [{a}].",
        a=FACT,
    )
    answer, _ = ask(reply, question="Why does speculative decoding change the outputs of T5-XXL?")
    assert answer.premise is not None
    assert (answer.premise.status, answer.premise.sentence) == ("corrected", 0)
    assert answer.premise.text == answer.sentences[0].text
    assert answer.to_dict()["premise"]["text"] == "Its outputs stay identical on T5-XXL."
    assert Answer.from_dict(answer.to_dict()).premise == answer.premise


def test_a_title_can_be_cited(ask: Ask) -> None:
    answer, _ = ask(
        citing(
            "There is fast inference from transformers via speculative decoding [{a}].",
            a="Fast Inference from Transformers",
        )
    )
    (citation,) = answer.sentences[0].citations
    assert citation.of_title
    assert citation.quote == citation.title
    assert "the title" in answer.export("markdown")
