from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from assistant.answer.declining import find_unmatched
from assistant.evidence.answerability import FOUND_FROM, assess
from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    compute_abstention_features,
)
from assistant.evidence.scoring import score_evidence
from assistant.types import Paper
from tests.made_evidence import PAPERS, made_evidence

HELD = "How many hairs does the fur of otters hold on a square centimetre?"
OTHER_DETAIL = "How many kilograms does an adult otter of the fur trade weigh at Novosibirsk?"


def answerability(question: str, papers: list[Paper] | None = None) -> float:
    evidence = made_evidence(question) if papers is None else made_evidence(question, papers)
    return assess(score_evidence(evidence)).answerability


def test_features_are_finite_one_for_each_name() -> None:
    features = compute_abstention_features(score_evidence(made_evidence(HELD)))
    assert features.shape == (len(ABSTENTION_FEATURES),)
    assert np.isfinite(features).all()


def test_what_is_held_scores_above_a_detail_that_is_not() -> None:
    assert answerability(HELD) > answerability(OTHER_DETAIL)


@pytest.mark.parametrize(
    "question", ["otters in cold water", "Which papers are about bees?", "What is known of glass?"]
)
def test_a_topic_is_judged_by_whether_a_paper_is_about_it(question: str) -> None:
    held = assess(score_evidence(made_evidence(question)))
    absent = assess(score_evidence(made_evidence("Which papers are about chess tournaments?")))
    assert held.answerability == held.relevance > absent.answerability


def test_another_subject_is_less_relevant_than_a_missing_detail() -> None:
    far = assess(score_evidence(made_evidence("Who won the chess tournament in Reykjavik?")))
    near = assess(score_evidence(made_evidence(OTHER_DETAIL)))
    assert far.relevance < near.relevance
    assert far.answerability < answerability(HELD)


@pytest.mark.parametrize("question", ["", "?!", "what is it, then"])
def test_a_question_without_content_is_declined(question: str) -> None:
    found = assess(score_evidence(made_evidence(question)))
    assert found.answerability == 0
    assert not found.found


def test_an_empty_library_holds_no_answer() -> None:
    found = assess(score_evidence(made_evidence(HELD, [])))
    assert (found.answerability, found.found) == (0, False)


def test_one_paper_is_a_library() -> None:
    paper = Paper("p", "Frost on lakes", "The ice on the lake of Inari was 64 cm thick in March.")
    held = answerability("How thick was the ice on the lake of Inari in March?", [paper])
    absent = answerability("Which bank financed the railway to Trieste?", [paper])
    assert 0 < absent < held < 1


def test_another_subject_is_not_found() -> None:
    far = assess(score_evidence(made_evidence("Who won the chess tournament in Reykjavik?")))
    assert far.relevance < FOUND_FROM
    assert not far.found


def test_a_paper_found_by_its_name_is_shown_however_unlikely_the_answer() -> None:
    paper = Paper("p", "Zubrowka: a cache of recent pages", "Zubrowka evicts the oldest page.")
    asked = "which colour did the wedding dress of the inventor of Zubrowka have"
    evidence = made_evidence(asked, [paper, *PAPERS])
    named = dataclasses.replace(evidence, rare=frozenset({*evidence.known}))
    found = assess(score_evidence(named))
    assert found.relevance < FOUND_FROM
    assert (found.found, found.confidence) == (True, "uncertain")


def test_a_survey_is_likely_or_not_found() -> None:
    judged = assess(score_evidence(made_evidence("Which papers are about bees?")))
    assert judged.of_survey(0.9).found
    assert judged.of_survey(0.9).confidence == "likely"
    assert not judged.of_survey(0.01).found


@pytest.mark.parametrize(
    ("question", "unmatched"),
    [
        ("What does FlashOtters do?", ("FlashOtters",)),
        ("What does OtterBees do?", ()),  # the library may say "otter bees"
        ("How old are otters in Reykjavik?", ("Reykjavik",)),
    ],
)
def test_a_name_is_unmatched_where_the_library_lacks_it_whole_and_in_parts(
    question: str, unmatched: tuple[str, ...]
) -> None:
    assert find_unmatched(made_evidence(question)) == unmatched
