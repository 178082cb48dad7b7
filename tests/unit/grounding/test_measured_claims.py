"""The shipped claims: well formed, and judged as well as was measured."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from assistant_evals.judging.claims import Half, Kind, load_claims
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.lab.grounding import (
    HALVES,
    Labelled,
    lines_of_labelled,
    shares_right,
    threshold_of,
)

from assistant.grounding.checker import Checker
from assistant.starter.papers import locate_starter

LEAST: dict[Kind, float] = {
    "paraphrase": 0.92,
    "figure": 0.92,
    "name": 0.95,
    "other_paper": 0.9,
    "negation": 0.72,
    "direction": 0.75,
}
"""Shares that are right without a model, a little below what was measured."""


@cache
def measured() -> dict[tuple[Half, Kind], tuple[int, int]]:
    return shares_right(Checker(), load_claims(), papers_of(locate_starter()))


def test_claims_are_about_papers_of_the_library_and_distinct() -> None:
    claims = load_claims()
    papers = {paper.paper_id for paper in papers_of(locate_starter())}
    assert {claim.paper_id for claim in claims} <= papers
    assert len({claim.id for claim in claims}) == len(claims)
    assert len({(claim.paper_id, claim.claim) for claim in claims}) == len(claims)
    assert all((claim.kind == "paraphrase") == bool(claim.label) for claim in claims)


def test_no_paper_is_in_both_halves() -> None:
    halves = {half: {c.paper_id for c in load_claims() if c.half == half} for half in HALVES}
    assert not halves["shaping"] & halves["held_out"]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("kind", LEAST)
def test_verdicts_are_right_as_often_as_measured(half: Half, kind: Kind) -> None:
    right, n = measured()[half, kind]
    assert right / n >= LEAST[kind], f"{right} of {n}"


def labelled(name: str, scores: list[float], labels: list[int]) -> Labelled:
    return Labelled(name, np.array(scores), np.array(labels))


def test_a_threshold_comes_from_the_other_sets_only() -> None:
    easy = labelled("easy", [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    shifted = labelled("shifted", [0.6, 0.7, 0.94, 0.95], [0, 0, 1, 1])
    assert threshold_of([easy]) == 0.8
    lines = list(lines_of_labelled([easy, shifted]))
    assert "balanced accuracy 0.500 at 0.94" in lines[0]
    assert "balanced accuracy 1.000 at 0.80" in lines[1]
    assert all("ROC-AUC 1.000" in line for line in lines)
