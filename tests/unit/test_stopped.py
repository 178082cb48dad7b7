"""What there is of an answer whose events ended early."""

from __future__ import annotations

import pytest

from assistant.answer.stopped import STOPPED, compose_stopped
from assistant.errors import LibraryError
from assistant.events import (
    Checked,
    Event,
    Noticed,
    Replaced,
    Retrieved,
    SentenceStarted,
    TextAdded,
)
from assistant.settings import Settings
from assistant.types import Citation, Paper, Sentence, Source

PAPERS = {i: Paper(i, f"On {i}s", f"The {i} waits.") for i in ("heron", "crane", "stork")}


def find(paper_id: str) -> Paper:
    if paper_id not in PAPERS:
        raise LibraryError(f"no {paper_id}")
    return PAPERS[paper_id]


def source(label: str, paper_id: str) -> Source:
    return Source(label, paper_id, f"On {paper_id}s", (), None, 0.5, False)


def sentence(paper_id: str, label: str, *, passes: bool = True) -> Sentence:
    text = f"The {paper_id} waits."
    cited = Citation(label, paper_id, f"On {paper_id}s", text, 0, len(text), 1)
    return Sentence(text, "supported" if passes else "unsupported", 0.5, (cited,))


BEGUN: list[Event] = [
    Retrieved("Which birds wait?", (source("1", "heron"), source("2", "gone")), 0.75),
    SentenceStarted(0, "llm"),
    Checked(0, sentence("crane", "1", passes=False)),
    SentenceStarted(1, "llm"),
    Checked(1, sentence("stork", "2")),
    Noticed("the window was small"),
]
FLAGS = Settings(unsupported="flag")
DROPS = Settings(unsupported="drop")


def test_what_passed_is_kept_and_its_papers_counted_anew() -> None:
    answer = compose_stopped("and birds?", BEGUN, find, "openai:m", DROPS)
    assert answer is not None
    assert answer.text == "The stork waits. [1]"
    assert [(s.label, s.paper_id, s.cited) for s in answer.sources] == [
        ("1", "stork", True),
        ("2", "heron", False),
    ]
    assert (answer.question, answer.standalone_question) == ("and birds?", "Which birds wait?")
    assert answer.notices == ("the window was small", STOPPED)
    assert (answer.model, answer.complete, answer.answerability) == ("openai:m", False, 0.75)


def test_what_failed_is_kept_where_it_is_flagged() -> None:
    answer = compose_stopped("birds?", BEGUN, find, "openai:m", FLAGS)
    assert answer is not None
    assert answer.text == "The crane waits. [1] The stork waits. [2]"


def test_what_was_taken_back_is_gone_and_what_was_mended_stays() -> None:
    mended = [*BEGUN, Replaced(0, sentence("crane", "1")), Replaced(1, None)]
    answer = compose_stopped("birds?", mended, find, "openai:m", DROPS)
    assert answer is not None
    assert answer.text == "The crane waits. [1]"


@pytest.mark.parametrize("n", range(3))
def test_without_a_sentence_there_is_no_answer(n: int) -> None:
    events = [*BEGUN[:n], TextAdded(0, "The crane")]
    assert compose_stopped("birds?", events, find, "openai:m", FLAGS) is None
    assert compose_stopped("birds?", [*BEGUN, Replaced(1, None)], find, None, DROPS) is None
