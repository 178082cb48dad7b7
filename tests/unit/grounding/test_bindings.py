"""Figures that belong to something else."""

from __future__ import annotations

import pytest

from assistant.grounding.bindings import misbound_figures
from assistant.grounding.frequencies import general_idf

MASKING = "Its masking ratios are 15% for the encoder and 70% for the decoder."
TASKS = "The evaluation spans 166 simulated tasks and 8 real-world tasks on robots."
COMPUTE = "RoBERTa-base and RoBERTa-large take 78% and 68% of the compute."


def misbound(claim: str, *texts: str) -> list[str]:
    return [own.text for own, _ in misbound_figures(claim, texts, general_idf)]


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The encoder masks 15% and the decoder 70%.", MASKING),
        ("For the decoder the masking ratio is 70%.", MASKING),
        ("It was tried on 8 real-world tasks.", TASKS),
        ("RoBERTa-base takes 78% and RoBERTa-large 68% of the compute.", COMPUTE),
        ("RoBERTa-large and RoBERTa-base take 68% and 78% of the compute.", COMPUTE),
        ("It takes 99%.", MASKING),
        ("No figure.", MASKING),
        ("It takes 15%.", ""),
    ],
)
def test_bound_rightly_or_not_at_all(claim: str, text: str) -> None:
    assert misbound(claim, text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Its masking ratios are 70% for the encoder and 15% for the decoder.", MASKING),
        ("The evaluation spans 8 simulated tasks and 166 real-world tasks.", TASKS),
        ("RoBERTa-base and RoBERTa-large take 68% and 78% of the compute.", COMPUTE),
    ],
)
def test_bound_wrongly(claim: str, text: str) -> None:
    assert misbound(claim, text)
