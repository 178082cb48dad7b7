"""Which questions are held out with a field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from assistant_evals.lab import asked_sets
from assistant_evals.lab.asked_sets import TRAINING, Asked, is_held_out_with, match_examples

from assistant.embeddings.embedder import open_embedder
from assistant.evidence.gathering import QuestionEvidence
from assistant.evidence.question import analyse_question
from assistant.types import Paper
from tests.embeddings import LetterEmbedding


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


@pytest.mark.parametrize(("numbers", "fits"), [([], True), ([2], True), ([3], False), ([0], False)])
def test_an_answer_is_a_sentence_that_the_abstract_has(
    numbers: list[int], fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    row: dict[str, Any] = {
        "id": "made/1/0",
        "collection": "made",
        "question": "how many otters",
        "sentences": numbers,
    }
    paper = Paper("made/1", "Otters", "Otters are back. We counted 40 of them.")
    embedder = open_embedder(override=LetterEmbedding())
    monkeypatch.setattr(asked_sets, "read_written", lambda *_: [(paper, [row])])
    if fits:
        (example,) = match_examples(Path(), embedder)
        assert [i + 1 for i, right in enumerate(example.right) if right] == numbers
    else:
        with pytest.raises(ValueError, match="made/1/0: 2 sentences, not"):
            match_examples(Path(), embedder)
