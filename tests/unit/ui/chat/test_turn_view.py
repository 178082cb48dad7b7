"""Turns as JSON for the browser: what is shown of an answer, finished or still being made."""

from __future__ import annotations

import dataclasses
import json

import pytest
from assistant_ui.chat.turn_view import LiveTurn, explanation, turn_view, usage_line

from assistant import Citation, Sentence
from assistant.events import (
    Checked,
    Cited,
    Done,
    Event,
    Noticed,
    Progressed,
    Replaced,
    Retrieved,
    SentenceStarted,
    TextAdded,
)
from assistant.surveys import ListedPaper, ReadingCost, SurveyCount
from assistant.types import Filters, Flag, Usage
from tests.unit.ui.made_answers import ABSTAINED, ANSWER, CRANE, DANCING, HERON, PAPERS, WAITING


def test_a_turn_is_json_and_keeps_what_the_answer_says() -> None:
    view = turn_view("t1", ANSWER, PAPERS.get)
    assert json.loads(json.dumps(view)) == view
    assert view["standalone"] == "How long do herons wait?"
    assert [s["verdict"] for s in view["sentences"]] == ["verbatim", "unsupported"]
    assert [s["citations"] for s in view["sentences"]] == [
        [{"label": "1", "paper_id": "heron", "told": "", "mark": ""}],
        [{"label": "2", "paper_id": "crane", "told": "", "mark": ""}],
    ]
    assert "The sources do not hold the figure '3'" in view["sentences"][1]["remark"]
    assert view["sentences"][0]["remark"] == ""
    assert view["provenance"] == "Answer by openai:tiny, each sentence checked"


def test_the_sentences_of_a_list_have_their_papers_name_and_a_comparison_is_a_table() -> None:
    listed = (
        ListedPaper("1", "heron", "Heron", ("Ada One", "Ben Two", "Cy Three"), 2021, (0,)),
        ListedPaper("2", "crane", "Cranes", (), None, (1,)),
    )
    survey = SurveyCount("2 of 9:", 2, 5, 9, "comparison", listed)
    view = turn_view("t1", dataclasses.replace(ANSWER, survey=survey), PAPERS.get)
    assert [s["paper"] for s in view["sentences"]] == ["Heron (Ada One et al., 2021)", "Cranes"]
    assert (view["heading"], view["table"]) == ("2 of 9:", True)
    assert not turn_view("t1", ANSWER, PAPERS.get)["table"]


def test_the_first_sentence_of_a_group_has_its_name() -> None:
    listed = (
        ListedPaper("1", "heron", "Heron", (), 2021, (0,), "wading birds"),
        ListedPaper("2", "crane", "Cranes", (), None, (1,), "wading birds"),
    )
    survey = SurveyCount("2 of 9:", 2, 5, 9, papers=listed)
    view = turn_view("t1", dataclasses.replace(ANSWER, survey=survey), PAPERS.get)
    assert [s["group"] for s in view["sentences"]] == ["wading birds", ""]


def test_what_is_copied_keeps_its_citations() -> None:
    assert turn_view("t1", ANSWER, PAPERS.get)["plain"] == (
        "They wait for long. [1] Cranes dance 3 times. [2]\n\n"
        "[1] Ada One, Ben Two and Cy Three (2021). Heron: Small Models. Waterside. "
        "https://arxiv.org/abs/2101.00001\n"
        "[2] Cranes <b>dance</b>. https://evil.example/x"
    )
    assert turn_view("t2", ABSTAINED, PAPERS.get)["plain"] == "Not in this library."


def test_what_is_of_an_account_says_so_wherever_it_goes() -> None:
    [quote] = WAITING.citations
    waiting = dataclasses.replace(
        WAITING, citations=(dataclasses.replace(quote, text_kind="account"),)
    )
    heron = dataclasses.replace(ANSWER.sources[0], text_kind="account")
    answer = dataclasses.replace(
        ANSWER, sentences=(waiting, DANCING), sources=(heron, ANSWER.sources[1])
    )
    view = turn_view("t1", answer, PAPERS.get)
    told = "account of the abstract, not the authors' words"
    own, other = view["sentences"]
    assert own["citations"][0]["told"] == told
    assert own["explanation"] == f"Word for word from an {told} (score 1.00)."
    assert other["citations"][0]["told"] == ""
    assert view["provenance"] == (
        "Answer by openai:tiny, each sentence checked; quotes of [1] are from accounts of the "
        "abstracts, not the authors' words"
    )
    references = view["plain"].splitlines()[-2:]
    assert [told in line for line in references] == [True, False]


def test_what_is_of_a_retracted_paper_says_so_wherever_it_goes() -> None:
    [quote] = WAITING.citations
    waiting = dataclasses.replace(
        WAITING, citations=(dataclasses.replace(quote, notice="retracted", text_kind="account"),)
    )
    heron = dataclasses.replace(ANSWER.sources[0], notice="retracted")
    answer = dataclasses.replace(
        ANSWER, sentences=(waiting, DANCING), sources=(heron, ANSWER.sources[1])
    )
    view = turn_view("t1", answer, PAPERS.get)
    own, other = view["sentences"]
    assert [own["citations"][0]["mark"], other["citations"][0]["mark"]] == [
        "retracted, account",
        "",
    ]
    assert own["citations"][0]["told"].startswith("retracted; account of")
    references = view["plain"].splitlines()[-2:]
    assert ["(retracted)" in line for line in references] == [True, False]


def test_the_question_is_told_again_only_where_it_was_read_otherwise() -> None:
    same = dataclasses.replace(ANSWER, standalone_question=ANSWER.question)
    assert turn_view("t1", same, PAPERS.get)["standalone"] is None


def test_the_pieces_of_an_abstract_are_marked_with_the_sentences_that_quote_them() -> None:
    heron, crane = turn_view("t1", ANSWER, PAPERS.get)["sources"]
    assert "".join(piece["text"] for piece in heron["abstract"]) == HERON.abstract
    assert [p["text"] for p in heron["abstract"] if p["cited_by"] == [0]] == ["They wait for long."]
    assert crane["abstract"] == [{"text": CRANE.abstract, "cited_by": [1]}]
    assert not heron["changed"]


def test_a_paper_that_changed_or_went_is_said_to_have_changed() -> None:
    changed = dataclasses.replace(HERON, abstract="They are gone.")
    heron, crane = turn_view("t1", ANSWER, {"heron": changed}.get)["sources"]
    assert heron["changed"]
    assert heron["abstract"] == [{"text": "They are gone.", "cited_by": []}]
    assert crane["changed"]
    assert crane["abstract"] == []
    assert crane["title"] == CRANE.title


def test_a_link_of_an_unknown_host_is_not_a_link() -> None:
    heron, crane = turn_view("t1", ANSWER, PAPERS.get)["sources"]
    assert heron["link"] == "https://arxiv.org/abs/2101.00001"
    assert crane["link"] is None
    assert crane["url"] == CRANE.url


def test_an_abstention_names_its_reason_the_closest_papers_and_other_questions() -> None:
    view = turn_view("t2", ABSTAINED, PAPERS.get, suggestions=["What is Heron?"])
    assert view["abstention"] == {
        "reason": "nothing_relevant",
        "title": "Nothing found",
        "message": "Not in this library: nothing is near.",
        "suggestions": ["What is Heron?"],
    }
    assert view["sentences"] == []
    assert [(s["paper_id"], s["closest"]) for s in view["sources"]] == [
        ("crane", True),
        ("heron", False),
    ]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (WAITING, "Verbatim: the paper's own sentence, word for word (score 1.00)."),
        (
            DANCING,
            "Unsupported (score 0.20): the quotes do not bear it out. "
            "The quotes hold 61 % of its telling words.",
        ),
        (
            dataclasses.replace(DANCING, verdict="supported", score=0.93, judge="not_mentioned"),
            "Supported (score 0.93): it agrees with the quotes it cites. The quotes hold 61 % of "
            "its telling words. The judging LLM says: not mentioned.",
        ),
        (
            Sentence("Half a", "unchecked", 0.0),
            "Unchecked: the answer ended before this sentence could be checked.",
        ),
        (
            Sentence("Halb so viel.", "unchecked", 0.5, flags=(Flag("language", "", ""),)),
            "Unchecked: it is written in another language than its sources.",
        ),
    ],
)
def test_a_verdict_is_explained(sentence: Sentence, said: str) -> None:
    assert explanation(sentence) == said


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (Usage(), ""),
        (Usage(1200, 34, None), "1,234 tokens"),
        (Usage(1200, 34, 0.0021), "1,234 tokens, $0.0021"),
    ],
)
def test_tokens_and_their_price_are_a_line(usage: Usage, line: str) -> None:
    assert usage_line(dataclasses.replace(ANSWER, usage=usage)) == line


def live_after(*events: Event) -> LiveTurn:
    live = LiveTurn("t1", "And how long?", PAPERS.get)
    for event in events:
        live.take(event)
    return live


FOUND = Retrieved(
    "How long do herons wait?",
    tuple(dataclasses.replace(s, label="", cited=False) for s in ANSWER.sources),
    0.9,
)
WAITS = WAITING.citations[0]


def test_a_live_turn_tells_how_far_it_is() -> None:
    assert live_after().view()["state"] == "reading"
    found = live_after(FOUND).view()
    assert (found["state"], found["standalone"]) == ("searching", "How long do herons wait?")
    assert found["sources"] == []
    writing = live_after(FOUND, SentenceStarted(0), TextAdded(0, "They "), TextAdded(0, "wait"))
    view = writing.view()
    assert (view["state"], view["sentences"][0]["text"]) == ("writing", "They wait")
    assert view["sentences"][0]["verdict"] is None


def test_a_live_turn_shows_the_source_as_soon_as_it_is_cited_and_once() -> None:
    live = live_after(FOUND, SentenceStarted(0), Cited(0, WAITS), Cited(0, WAITS))
    view = live.view()
    assert [one["label"] for one in view["sentences"][0]["citations"]] == ["1"]
    assert [(s["label"], s["paper_id"]) for s in view["sources"]] == [("1", "heron")]
    live.take(Checked(0, WAITING))
    assert live.view()["sentences"][0]["verdict"] == "verbatim"


def test_a_sentence_that_is_taken_back_goes_with_its_quotes() -> None:
    live = live_after(FOUND, SentenceStarted(0), Cited(0, WAITS), Replaced(0, None))
    assert live.view()["sentences"] == []
    assert live.view()["sources"] == []


def test_a_sentence_that_is_rewritten_brings_quotes_of_its_own() -> None:
    live = live_after(FOUND, SentenceStarted(0), Cited(0, WAITS), Replaced(0, DANCING))
    view = live.view()
    assert view["sentences"][0]["text"] == DANCING.text
    assert [s["paper_id"] for s in view["sources"]] == ["crane"]


def test_a_live_turn_ends_as_the_answer() -> None:
    live = live_after(FOUND, Noticed("busy"))
    assert live.view()["notices"] == ["busy"]
    live.take(Done(ANSWER))
    assert live.view() == turn_view("t1", ANSWER, PAPERS.get)


def test_quotes_that_lie_in_one_another_mark_every_piece_with_all_their_sentences() -> None:
    inner = Citation("1", "heron", HERON.title, "fish", 7, 11, 1)
    outer = Citation("1", "heron", HERON.title, "Herons fish.", 0, 12, 1)
    answer = dataclasses.replace(
        ANSWER,
        sentences=(
            dataclasses.replace(WAITING, citations=(outer,)),
            dataclasses.replace(WAITING, citations=(inner,)),
        ),
        sources=ANSWER.sources[:1],
    )
    pieces = turn_view("t1", answer, PAPERS.get)["sources"][0]["abstract"]
    assert [(p["text"], p["cited_by"]) for p in pieces[:3]] == [
        ("Herons ", [0]),
        ("fish", [0, 1]),
        (".", [0]),
    ]


def test_what_the_records_say_is_a_statement_with_its_papers_and_can_be_asked_without_filters() -> (
    None
):
    said = dataclasses.replace(
        ANSWER,
        text="1 of 2:\n- Herons [1]",
        sentences=(),
        mode="library",
        read_filters=Filters(2019),
    )
    view = turn_view("t1", said, PAPERS.get)
    assert (view["statement"], view["sentences"], view["abstention"]) == (said.text, [], None)
    assert view["read_filters"]
    assert view["provenance"] == "From the library's records"
    assert turn_view("t1", ANSWER, PAPERS.get)["statement"] == ""


def test_how_far_a_reading_is_shows_until_sentences_come() -> None:
    live = live_after(FOUND, Progressed(1_200, 2_450, "abstracts read"))
    assert live.view()["progress"] == "1,200 of 2,450 abstracts read"
    live.take(SentenceStarted(0))
    assert live.view()["progress"] == ""


def test_what_was_left_unread_can_be_read_too() -> None:
    survey = SurveyCount("2 of 9.", 2, 9, 400, n_read=9, unread=ReadingCost(391, 98_765, 0.25))
    button = "Read the other 391 too (about 99,000 tokens, about 0.25 USD)"
    assert turn_view("t1", dataclasses.replace(ANSWER, survey=survey), PAPERS.get)["unread"] == (
        button
    )
    view = turn_view("t1", dataclasses.replace(ABSTAINED, survey=survey), PAPERS.get)
    assert (view["unread"], view["heading"]) == (button, "")
    assert turn_view("t1", ANSWER, PAPERS.get)["unread"] == ""
