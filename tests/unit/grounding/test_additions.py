"""What an answer adds to its question must be in its sources; repeating the question is none."""

from __future__ import annotations

import pytest

from assistant.grounding.additions import flag_addition
from assistant.grounding.checker import Checker, SourceSentence

TEXTS = (
    "We train Otter, a small model, on Italian clinical notes.",
    "It retains general knowledge after the medical training.",
    "Inference takes 40 % less time on phones.",
)
PASSAGES = [SourceSentence("otter", "Otter", text, n) for n, text in enumerate(TEXTS, 1)]


@pytest.mark.parametrize(
    ("question", "claim", "verdict"),
    [
        ("What is Otter trained on?", "Otter is trained on Italian clinical notes.", "supported"),
        (
            "How much general knowledge does Otter retain after medical training?",
            "Otter retains half of its general knowledge after medical training.",
            "unsupported",
        ),
        (
            "How serious is the loss of general knowledge after the medical training?",
            "The general knowledge after the medical training is alarming.",
            "unsupported",
        ),
        (
            "Does it retain general knowledge after the medical training?",
            "It retains general knowledge after the medical training.",
            "verbatim",
        ),
    ],
)
def test_what_is_added_decides(question: str, claim: str, verdict: str) -> None:
    assert Checker().check(claim, PASSAGES, [0, 1, 2], question).verdict == verdict


@pytest.mark.parametrize(("score", "flagged"), [(0.7, True), (0.9, False)])
def test_a_repeated_question_must_be_close_to_a_source(score: float, flagged: bool) -> None:
    question = "Did the study of otters use the Base or the Large model?"
    claim = "The study of otters used the Large model."
    flag = flag_addition(claim, question, TEXTS, score, lambda _: 1.0)
    assert (flag is not None) == flagged


def test_the_weightiest_missing_word_is_named() -> None:
    claim = "Otter loses significant knowledge."
    weights = {"signific": 3.0, "lose": 1.0}
    flag = flag_addition(
        claim, "What of the knowledge of Otter?", TEXTS, 0.7, lambda t: weights.get(t, 1.0)
    )
    assert flag is not None
    assert (flag.kind, flag.token) == ("addition", "significant")


def test_without_a_question_nothing_is_an_addition() -> None:
    found = Checker().check("Otter is trained on Italian clinical notes.", PASSAGES, [0])
    assert found.flags == ()
