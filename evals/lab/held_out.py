"""Measures extraction and abstention with each field, or each style, held out of every fit.

    python -m assistant_evals.lab.held_out --data FOLDER [--output FILE]

For every field and style: how often an answer begins with a sentence that answers, has one among
its sentences, and holds all facts; what is declined and what is answered as uncertain. With a field
all that was written on other abstracts of its collection is held out. A field's fresh questions
were never fitted on by anything; the field scifact has no others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.lab.asked_sets import (
    COLLECTIONS,
    TRAINING,
    Asked,
    ask_sets,
    is_held_out_with,
    match_examples,
    open_vectors,
)
from assistant_evals.lab.fit import fit_without, list_fields, make_examples
from assistant_evals.lab.fit_abstention import FAR, Case, fit_cases, make_cases
from assistant_evals.lab.fit_extractive import Example, fit
from assistant_evals.lab.fit_match import fit_match
from assistant_evals.metrics.facts import find_facts
from assistant_evals.metrics.roc import auroc

from assistant.answer.quoting import select_sentences
from assistant.embeddings.embedder import Embedder
from assistant.evidence.answerability import AbstentionModels, Assessment, assess
from assistant.evidence.gathering import QuestionEvidence
from assistant.evidence.scoring import ExtractionModels, score_evidence
from assistant.evidence.sentence_match import SentenceMatch

STYLES = ("named", "described", "rough")
NEAR = frozenset({"near-miss", "missing-detail"})
CURVE = tuple(round(0.05 * i, 2) for i in range(1, 20))
"""Thresholds of the curves."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question; quotations are None where it is not known what answers."""

    asked: Asked
    assessment: Assessment
    first: bool | None
    among: bool | None
    facts: bool | None
    n_sentences: int

    @property
    def state(self) -> str:
        """'declined', 'uncertain' or 'likely'."""
        return self.assessment.confidence if self.assessment.found else "declined"


def measure(asked: Asked, extraction: ExtractionModels, abstention: AbstentionModels) -> Outcome:
    """Returns the outcome of ``asked`` under models that were not fitted on it."""
    scored = score_evidence(asked.evidence, extraction)
    told = assess(scored, abstention)
    if not asked.has_sentences:
        return Outcome(asked, told, None, None, None, 0)
    quoted = select_sentences(scored)
    right = [_answers(asked, s.citations[0].paper_id, s.citations[0].sentence) for s in quoted]
    held = find_facts(" ".join(s.text for s in quoted), asked.row.get("facts", ()))
    return Outcome(asked, told, right[0], any(right), all(held), len(quoted))


def _answers(asked: Asked, paper_id: str, number: int) -> bool:
    if paper_id not in asked.row["papers"]:
        return False
    ids = [paper.candidate.paper.paper_id for paper in asked.evidence.papers]
    paper = asked.evidence.papers[ids.index(paper_id)]
    return bool(asked.answering(paper)[number - 1])


def hold_out_fields(
    asked: Sequence[Asked], examples: Sequence[Example], cases: Sequence[Case]
) -> list[Outcome]:
    """Returns the outcome of every question under models fitted without its field."""
    outcomes = []
    models = fit_without(examples, list_fields(asked))
    for name in list_fields(asked):
        if name == TRAINING:
            continue
        abstention = fit_cases([c for c in cases if not is_held_out_with(c.asked, name)])
        own = [one for one in asked if one.field == name]
        outcomes += [measure(one, models[name], abstention) for one in own]
    return outcomes


def match_anew(asked: Sequence[Asked], folder: Path) -> list[Asked]:
    """Returns ``asked`` with each field matched by a network fitted without its collection."""
    embedder, _ = open_vectors()
    networks = {
        name: fit_match(match_examples(folder, embedder, without=name))
        for name in dict.fromkeys(COLLECTIONS.values())
    }
    return [
        replace(one, evidence=_rematch(one, networks[COLLECTIONS[one.field]], embedder))
        if one.field in COLLECTIONS
        else one
        for one in asked
    ]


def _rematch(asked: Asked, match: SentenceMatch, embedder: Embedder) -> QuestionEvidence:
    (question,) = embedder.embed([asked.row["question"]])
    papers = asked.evidence.papers
    matches = match.score(question, [paper.candidate.vectors for paper in papers])
    papers = tuple(
        replace(paper, matches=shares, match_odds=odds)
        for paper, (shares, odds) in zip(papers, matches, strict=True)
    )
    return replace(asked.evidence, papers=papers)


def hold_out_styles(
    asked: Sequence[Asked], examples: Sequence[Example], cases: Sequence[Case]
) -> list[Outcome]:
    """Returns the outcomes of the answerable questions under models fitted without their style."""
    outcomes = []
    for style in STYLES:
        own = [one for one in asked if one.answerable and one.kind == style]
        extraction = fit([e for e in examples if e.asked.kind != style])
        abstention = fit_cases([c for c in cases if not (c.answerable and c.asked.kind == style)])
        outcomes += [measure(one, extraction, abstention) for one in own]
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Returns a row for each field, freshness and kind of question: counts and shares."""
    groups: dict[tuple[str, bool, str], list[Outcome]] = {}
    for o in outcomes:
        groups.setdefault((o.asked.field, o.asked.fresh, o.asked.kind), []).append(o)
    return [
        {"field": field, "fresh": fresh, "kind": kind, "n": len(own), **_shares(own)}
        for (field, fresh, kind), own in groups.items()
    ]


def _shares(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    quoted = [o for o in outcomes if o.first is not None]
    shares = {
        "declined": _mean(o.state == "declined" for o in outcomes),
        "uncertain": _mean(o.state == "uncertain" for o in outcomes),
    }
    if quoted:
        shares |= {
            "first": _mean(bool(o.first) for o in quoted),
            "among": _mean(bool(o.among) for o in quoted),
            "facts": _mean(bool(o.facts) for o in quoted),
            "sentences": _mean(o.n_sentences for o in quoted),
        }
    return shares


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 3)


def separate(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Returns for each field the areas under the ROC curves of its unanswerable questions."""
    rows = []
    for field in dict.fromkeys(o.asked.field for o in outcomes):
        for fresh in (False, True):
            own = [o for o in outcomes if (o.asked.field, o.asked.fresh) == (field, fresh)]
            present = [o for o in own if o.asked.answerable and o.asked.kind in STYLES[:2]]
            near = [o for o in own if o.asked.kind in NEAR]
            far = [o for o in own if o.asked.kind in FAR]
            rows.append(
                {
                    "field": field,
                    "fresh": fresh,
                    "near": _area(present, near, lambda o: o.assessment.answerability),
                    "far": _area(present, far, lambda o: o.assessment.relevance),
                }
            )
    return rows


def _area(
    present: Sequence[Outcome], absent: Sequence[Outcome], score: Callable[[Outcome], float]
) -> float | None:
    area = auroc([score(o) for o in present], [score(o) for o in absent])
    return None if area is None else round(area, 3)


def draw_curves(outcomes: Sequence[Outcome]) -> dict[str, list[dict[str, float]]]:
    """Returns, at each threshold, what it declines, and what it calls uncertain, of either side."""

    def shares(score: Callable[[Outcome], float], absent: frozenset[str]) -> list[dict[str, float]]:
        present = [score(o) for o in outcomes if o.asked.answerable and o.asked.kind in STYLES]
        lacking = [score(o) for o in outcomes if o.asked.kind in absent]
        return [
            {
                "threshold": threshold,
                "answerable": _mean(value < threshold for value in present),
                "unanswerable": _mean(value < threshold for value in lacking),
            }
            for threshold in CURVE
        ]

    return {
        "declined, outside the library": shares(
            lambda o: o.assessment.relevance, frozenset({"outside-library"})
        ),
        "uncertain, near-misses": shares(lambda o: o.assessment.answerability, NEAR),
    }


def print_rows(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Prints rows as a table of plain text."""
    print(f"\n{title}")
    for row in rows:
        fields = (f"{k} {v}" for k, v in row.items() if k not in ("field", "fresh", "kind"))
        fresh = " fresh" if row.get("fresh") else ""
        print(f"  {row['field'] + fresh:28} {row.get('kind', ''):16}", *fields)


def main() -> None:
    """Prints the tables; ``--output`` writes them as JSON too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    asked = ask_sets(options.data)
    examples = make_examples(asked)
    cases = make_cases(asked, fit_without(examples, list_fields(asked)))
    by_field = hold_out_fields(match_anew(asked, options.data), examples, cases)
    by_style = hold_out_styles(asked, examples, cases)
    tables = {
        "each field held out": summarise(by_field),
        "each style held out": summarise(by_style),
    }
    for title, rows in tables.items():
        print_rows(title, rows)
    areas = separate(by_field)
    print_rows("areas under the ROC curves, each field held out", areas)
    curves = draw_curves(by_field)
    for name, points in curves.items():
        print(f"\n{name}")
        for p in points:
            print("  ", *(f"{name} {value:.3f}" for name, value in p.items()))
    if options.output:
        options.output.write_text(
            json.dumps({**tables, "areas": areas, "curves": curves}, indent=1)
        )


if __name__ == "__main__":
    main()
