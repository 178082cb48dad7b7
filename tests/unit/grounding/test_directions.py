"""Directions that a claim turns round."""

from __future__ import annotations

import pytest

from assistant.grounding.frequencies import compute_general_idf
from assistant.grounding.polarity.directions import find_turns


def turned(claim: str, source: str) -> list[str]:
    return [turn.word for turn in find_turns(claim, [source], [source], compute_general_idf)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It reduces the error.", "It lowers the error."),
        ("It reduces errors and improves accuracy.", "It improves accuracy, reduces errors."),
        ("It improves latency.", "It reduces latency."),
        ("It lowers perplexity.", "It improves perplexity."),
        ("GPT beats BERT on GLUE.", "BERT is beaten by GPT on GLUE."),
        ("GPT outperforms BERT.", "BERT underperforms GPT."),
        ("It is 3 times faster.", "It gives a speedup of 3 times."),
        ("Accuracy rises and cost falls.", "Cost falls while accuracy rises."),
        ("Training does not degrade quality.", "Training improves quality."),
        ("It is good or bad.", "It is good."),
        ("It needs at least 3 layers.", "It needs at most 9 words and at least 3 layers."),
        ("Test loss falls.", "The test loss is lower."),
        ("Large language models win.", "Small gains are won by large language models."),
        ("It stops once confidence exceeds a threshold.", "A threshold is exceeded by confidence."),
        ("The attention entropy is high.", "Attention sinks reduce the attention entropy."),
        ("", ""),
    ],
)
def test_same_direction(claim: str, source: str) -> None:
    assert turned(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It increases the word error rate.", "It lowers the word error rate."),
        ("It degrades translation quality.", "It improves translation quality."),
        ("It improves exact match.", "It lowers exact match."),
        ("It increases the latency of decoding.", "It improves the latency of decoding."),
        ("GPT beats BERT on retrieval.", "BERT beats GPT on retrieval."),
        ("BERT is slower than GPT on CPUs.", "BERT is faster than GPT on CPUs."),
        ("It is 3 times slower.", "It is 3 times faster than before."),
        ("Training takes more than 5 days.", "Training takes less than 5 days."),
        ("The encoding counts up to a length.", "The encoding counts down to a length."),
        ("The encoder falls short of BERT.", "The encoder surpasses BERT."),
        ("Throughput is 4 times lower.", "Throughput is 4 times higher."),
        (
            "Big PaLM decoders beat SwanLM.",
            "SwanLM is best at it, outperforming big PaLM decoders.",
        ),
    ],
)
def test_turned_direction(claim: str, source: str) -> None:
    assert turned(claim, source)


def test_each_word_is_compared_where_it_stands() -> None:
    source = "Full tuning wins at lower budgets, and low-rank adaptation wins at higher budgets."
    assert turned("Low-rank adaptation wins at higher budgets.", source) == []


def test_another_sentence_may_speak_for_the_claim() -> None:
    near = "The attention entropy of the model was low."
    other = "The attention entropy of the model was high."
    claim = "The attention entropy of the model is high."
    assert find_turns(claim, [near], [near], compute_general_idf)
    assert not find_turns(claim, [near], [near, other], compute_general_idf)
