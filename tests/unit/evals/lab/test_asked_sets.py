"""Which questions are held out with a field."""

from __future__ import annotations

import pytest
from assistant_evals.lab.asked_sets import TRAINING, Asked, is_held_out_with

from assistant.evidence.gathering import QuestionEvidence
from assistant.evidence.question import analyse_question


def ask(field: str, **row: str) -> Asked:
    nothing = QuestionEvidence(
        analyse_question("otters?"), (), {}, 1.0, frozenset(), frozenset(), None
    )
    return Asked(field, "named", False, row, nothing)


@pytest.mark.parametrize(
    ("asked", "field", "held_out"),
    [
        (ask("aerodynamics"), "aerodynamics", True),
        (ask("aerodynamics"), "psychiatry", False),
        (ask(TRAINING, collection="cranfield"), "aerodynamics", True),
        (ask(TRAINING, collection="cisi"), "aerodynamics", False),
        (ask(TRAINING, collection="cisi"), "psychiatry", False),
        (ask(TRAINING, collection="cisi"), TRAINING, True),
    ],
)
def test_a_field_is_held_out_with_its_collection(asked: Asked, field: str, held_out: bool) -> None:
    assert is_held_out_with(asked, field) is held_out
