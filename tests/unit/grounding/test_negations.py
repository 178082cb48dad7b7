"""Denials on one side only."""

from __future__ import annotations

import pytest

from assistant.grounding.frequencies import compute_general_idf
from assistant.grounding.polarity.negations import find_negations, find_one_sided_denials


def found(claim: str, source: str) -> list[tuple[str, bool]]:
    denials = find_one_sided_denials(claim, [source], [source], compute_general_idf)
    return [(denial.phrase, denial.by_claim) for denial in denials]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The method needs no labels.", "The method works without labels."),
        ("It works without labels.", "It needs no labels."),
        ("It avoids retraining the decoder.", "It does not retrain the decoder."),
        ("It learns without supervision.", "It is an unsupervised learner."),
        ("It was not tested on long texts.", "It was tested on short texts, not on long ones."),
        ("The effect has not been studied.", "The effect is little studied."),
        ("It does not depend on the kernel.", "It is independent of the kernel."),
        ("Only the head is trained.", "Nothing but the head is trained."),
        ("It is fast.", "It is fast."),
        ("It needs no training.", "It is a training-free method."),
        ("It needs no human queries.", "It eliminates the need for human queries."),
        ("Whether or not it converges is open.", "Whether it converges is open."),
        ("It needs neither labels nor retraining.", "It needs no labels and no retraining."),
        ("Not all papers follow this trend.", "Most papers follow this trend."),
        ("Not every sample gains.", "Of the samples, 75% gain."),
        ("It works without fine-tuning.", "It requires no finetuning at all."),
        ("Not really: one head suffices.", "One head suffices."),
    ],
)
def test_both_sides_deny(claim: str, source: str) -> None:
    assert found(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "by_claim"),
    [
        ("The decoder is not retrained.", "The decoder is retrained on new text.", True),
        ("It cannot decode in parallel.", "It can decode in parallel.", True),
        ("It was never evaluated on speech.", "It was evaluated on speech.", True),
        ("It works without positional encodings.", "It adds positional encodings.", True),
        ("It needs positional encodings.", "It needs no positional encodings.", False),
        ("The draft needs image tokens.", "The draft does not need image tokens.", False),
        ("It needs human queries.", "It eliminates the need for human queries.", False),
        ("It needs new labels.", "It is trained without requiring new labels.", False),
        ("It is not integrated into one model.", "A query-free model is integrated into it.", True),
        ("Quality suffers a loss.", "There is no loss of quality.", False),
    ],
)
def test_one_side_denies(claim: str, source: str, by_claim: bool) -> None:
    assert by_claim in [side for _, side in found(claim, source)]


def test_what_the_source_also_affirms_is_not_denied() -> None:
    source = "Greedy search need not find the best span. With training it finds the best span."
    assert found("It finds the best span.", source) == []


def test_negations_of_a_text() -> None:
    assert len(find_negations("It doesn't and won't, not even now; not only that, no longer.")) == 3
    assert find_negations("") == ()
