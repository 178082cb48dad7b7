"""Sentences as a capable LLM writes them: well formed, and judged as well as was measured."""

from __future__ import annotations

from assistant_evals.lab.written_claims import (
    count_wrong,
    load_written_claims,
    read_papers_of_claims,
)

from assistant.grounding.checker import Checker

MOST_FALSE_ALARMS = 0.06
LEAST_FOUND = 0.78
"""Measured without a model, with a little room."""


def test_sentences_cite_what_is_there() -> None:
    rows, papers = load_written_claims(), read_papers_of_claims()
    assert len({row.id for row in rows}) == len(rows)
    assert {paper_id for row in rows for paper_id, _ in row.cited} <= papers.keys()
    halves = {
        half: {paper_id for row in rows if row.half == half for paper_id, _ in row.cited}
        for half in ("shaping", "held_out")
    }
    assert not halves["shaping"] & halves["held_out"]


def test_true_sentences_pass_and_altered_ones_do_not() -> None:
    counts = count_wrong(Checker(), load_written_claims(), read_papers_of_claims())
    wrong = {label: sum(w for key, (w, _) in counts.items() if key[0] == label) for label in (0, 1)}
    n = {label: sum(n for key, (_, n) in counts.items() if key[0] == label) for label in (0, 1)}
    assert wrong[1] / n[1] <= MOST_FALSE_ALARMS, f"{wrong[1]} of {n[1]} true ones"
    assert 1 - wrong[0] / n[0] >= LEAST_FOUND, f"{wrong[0]} of {n[0]} altered ones"
