"""Questions to begin with: on what the library holds, and answered by it."""

from __future__ import annotations

import dataclasses

import pytest
from assistant_ui.chat.example_questions import (
    N_EXAMPLES,
    N_INSTEAD,
    ExampleQuestions,
    example_questions,
    is_answered,
    paper_question,
    questions_instead,
    topics,
)

from assistant import Assistant, Paper


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Heron: Small Models", "What is Heron?"),
        ("Grey Heron-2: On Water", "What is Grey Heron-2?"),
        ("On Herons", None),
        ("What is said here: a Study", None),
        ("Beyond Herons: Owls", None),
        ("Heron:", None),
    ],
)
def test_a_title_that_names_something_is_asked_about(title: str, question: str | None) -> None:
    assert paper_question(Paper("p", title, "A.")) == question


def papers(*titles: str, keywords: tuple[str, ...] = ()) -> list[Paper]:
    return [Paper(str(i), title, "A.", keywords=keywords) for i, title in enumerate(titles)]


def test_topics_are_shared_by_several_titles() -> None:
    titles = ["Grey Heron Nests", "The Grey Heron", "Nests of the Grey Heron", "Owl Nests"]
    assert topics(papers(*titles)) == ["grey heron"]


def test_keywords_are_topics_where_there_are_any() -> None:
    made = papers("Grey Heron", "Grey Heron", "Grey Heron", keywords=("Wading",))
    assert topics(made) == ["wading"]


def test_a_topic_of_the_whole_library_is_none() -> None:
    assert topics(papers(*["Grey Heron"] * 40)) == []


def test_an_empty_library_has_no_examples() -> None:
    with Assistant.open(create=True) as assistant:
        assistant.ingest([Paper("heron", "Heron: Small Models", "Herons fish.")])
        assistant.remove("heron")
        assert example_questions(assistant) == []
        assert questions_instead(assistant, ["gone"]) == []


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(home=tmp_path_factory.mktemp("home"), library="starter")


def test_examples_are_answered_by_their_library(starter: Assistant) -> None:
    questions = example_questions(starter)
    assert len(set(questions)) == N_EXAMPLES
    for question in questions:
        assert not starter.ask(question).abstained, question


def test_questions_instead_are_on_the_closest_papers(starter: Assistant) -> None:
    answer = starter.ask("How many legs has a spider?")
    assert answer.abstention is not None
    questions = questions_instead(starter, answer.abstention.closest)
    assert len(questions) <= N_INSTEAD
    assert all(is_answered(starter, question) for question in questions)


def test_examples_are_found_once_for_a_state_of_the_library(starter: Assistant) -> None:
    examples = ExampleQuestions()
    assert examples.of(starter) is examples.of(starter)


def test_what_cannot_be_asked_is_not_answered(starter: Assistant) -> None:
    assert not is_answered(starter, "")
    assert not is_answered(starter, dataclasses.replace(starter.papers()[0]).title * 500)
