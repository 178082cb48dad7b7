from __future__ import annotations

import pytest

from assistant.evidence.question import analyse_question
from assistant.evidence.topic import MAX_CHARACTERS, find_topic
from assistant.text.terms import extract_terms


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Which papers study glacier retreat?", "glacier retreat"),
        ("Do any of the papers discuss soil erosion?", "soil erosion"),
        ("What do we know about otters?", "otters"),
        ("what has been published on river ice", "river ice"),
        ("papers on bee navigation", "bee navigation"),
        ("Is there work on Basque?", "Basque"),
        ("Tell me about medieval glass.", "medieval glass"),
        ("Please give me an overview of tidal power", "tidal power"),
        ("I'm looking for studies of hail", "hail"),
        ("How does photosynthesis work?", "photosynthesis"),
        ("What is polarised light?", "polarised light"),
        ("who has worked on kelp?", "kelp"),
        ("river otters?", "river otters"),
        ("tin", "tin"),
    ],
)
def test_a_question_that_only_names_a_topic(question: str, topic: str) -> None:
    assert find_topic(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "How thick is the ice on the lake?",
        "Which papers study glaciers and what retreat do they report?",
        "What is the melting point of tin?",
        "What is the effect of salt?",
        "Why do bees dance?",
        "Does the hive keep its heat?",
        "papers on otters that weigh more than 9 kg",
        "How many papers are there?",
        "temperature of the melt at which lead and tin begin to part",
        "Which papers warm the hive in winter?",
        "冰川退缩",
        "",
        "x" * (MAX_CHARACTERS + 1),
    ],
)
def test_a_question_that_asks_more_is_not_a_topic(question: str) -> None:
    assert find_topic(question) is None


def test_the_words_that_ask_are_no_part_of_a_broad_question() -> None:
    found = analyse_question("Which papers study glacier retreat?")
    assert found.broad
    assert found.several
    assert found.terms == found.focus == tuple(extract_terms("glacier retreat"))
    assert found.value is None
    assert not analyse_question("How far did the glacier retreat?").broad


def test_a_broad_question_in_the_singular_wants_no_list() -> None:
    assert not analyse_question("Tell me about glacier retreat").several
