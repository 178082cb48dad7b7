"""Quantities that have changed places."""

from __future__ import annotations

import pytest

from assistant.grounding.exchanged_quantities import find_exchanged
from assistant.grounding.frequencies import compute_general_idf

MASKING = "Its masking ratios are 15% for the encoder and 70% for the decoder."
TASKS = "The evaluation spans 166 simulated tasks and 8 real-world tasks on robots."
COMPUTE = "RoBERTa-base and RoBERTa-large take 78% and 68% of the compute."


def exchanged(claim: str, *texts: str) -> list[str]:
    return [own.text for own, _ in find_exchanged(claim, texts, compute_general_idf)]


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The encoder masks 15% and the decoder 70%.", MASKING),
        ("For the decoder the masking ratio is 70%.", MASKING),
        ("It was tried on 8 real-world tasks.", TASKS),
        ("RoBERTa-base takes 78% and RoBERTa-large 68% of the compute.", COMPUTE),
        ("RoBERTa-large and RoBERTa-base take 68% and 78% of the compute.", COMPUTE),
        ("It takes 99%.", MASKING),
        ("No quantity.", MASKING),
        ("It takes 15%.", ""),
    ],
)
def test_in_their_places_or_nowhere(claim: str, text: str) -> None:
    assert exchanged(claim, text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Its masking ratios are 70% for the encoder and 15% for the decoder.", MASKING),
        ("The evaluation spans 8 simulated tasks and 166 real-world tasks.", TASKS),
    ],
)
def test_in_each_other_s_places(claim: str, text: str) -> None:
    assert exchanged(claim, text)
