"""Fits the weights of abstention on answerable and unanswerable questions and writes their JSON.

    python -m evals.fit_abstention STARTER.json FEED.txt GOLDEN_FOLDER

Figures must come from ``evals.abstention``, which fits on other folds than it measures.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.abstention import AbstentionModels
from assistant.abstention_features import ABSTENTION_FEATURES, abstention_features
from assistant.evidence import Evidence, Judged
from assistant.extractive import judge
from assistant.linear_model import LinearModel

from .answers import held_out
from .fit_extractive import example, fit, fit_logistic, write_weights
from .flat_library import FlatLibrary, measured_libraries, read_rows

PENALTY = 0.01
"""L2 penalty on standardised features. Source: measured on folds; 3e-3 to 3e-2 are alike."""

FAR = frozenset({"outside-library", "off-topic"})
OWN = Path(__file__).parent / "golden" / "own_answerability.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its features; ``group`` keeps questions on one paper in one fold."""

    row: dict[str, Any]
    kind: str
    answerable: bool
    group: str
    features: NDArray[np.float64]


def case(row: dict[str, Any], kind: str, judged: Judged) -> Case:
    """Returns the case of the golden question ``row``."""
    papers = row.get("papers") or row.get("closest") or [row["id"]]
    features = (
        abstention_features(judged)
        if judged.evidence.papers
        else np.zeros(len(ABSTENTION_FEATURES))
    )
    return Case(row, kind, bool(row.get("answerable", True)), papers[0], features)


def cases(library: FlatLibrary, golden: Path) -> list[Case]:
    """Returns the cases of every golden set over ``library``.

    The extractive models that judge a single-paper question were fitted without its paper.
    """
    single = [
        example(row, library.evidence(row["question"]))
        for row in read_rows(golden / "single.jsonl")
    ]
    found = [
        case(e.row, e.row["style"], judge(e.evidence, models))
        for e, models in zip(single, held_out(single), strict=True)
    ]
    whole = fit(single)
    for row, kind in _others(golden):
        evidence: Evidence = library.evidence(row["question"])
        found.append(case(row, kind, judge(evidence, whole)))
    return found


def _others(golden: Path) -> list[tuple[dict[str, Any], str]]:
    rows = [(row, row["kind"]) for row in read_rows(golden / "unanswerable.jsonl")]
    for name in ("rough", "multi"):
        rows += [(row, name) for row in read_rows(golden / f"{name}.jsonl")]
    for row in read_rows(OWN):
        rows.append((row, "own " + ("answerable" if row["answerable"] else row["kind"])))
    return rows


def fit_cases(found: Sequence[Case]) -> AbstentionModels:
    """Returns the models that fit ``found``: is the answer there, is a paper on it there.

    Both sides of each weigh the same in total, whatever their numbers.
    """
    rows = np.stack([c.features for c in found])
    answerable = np.array([c.answerable for c in found], dtype=float)
    relevant = np.array([not c.kind.endswith(tuple(FAR)) for c in found], dtype=float)
    return AbstentionModels(_balanced(rows, answerable), _balanced(rows, relevant))


def _balanced(rows: NDArray[np.float64], labels: NDArray[np.float64]) -> LinearModel:
    share = np.where(labels == 1, 1 / max(labels.sum(), 1), 1 / max((1 - labels).sum(), 1))
    weights, bias = fit_logistic(rows, labels, PENALTY, share)
    return LinearModel(ABSTENTION_FEATURES, weights, bias)


def main(starter: str, feed: str, golden: str) -> None:
    """Fits on the questions over both texts and writes abstention.json."""
    found = [
        c
        for library in measured_libraries(Path(starter), Path(feed)).values()
        for c in cases(library, Path(golden))
    ]
    models = fit_cases(found)
    write_weights(
        "abstention.json",
        {"answerable": models.answerable, "relevant": models.relevant},
        f"{len(found) // 2} questions over the starter library and the feed",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
