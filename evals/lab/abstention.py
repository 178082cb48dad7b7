"""Measures abstention: AUROC by kind of question, calibration, what each threshold costs.

    python -m assistant_evals.lab.abstention --data FOLDER

Every question is judged by weights fitted on the other folds' papers (five folds); the kinds are
also measured with weights that saw no question of that kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.answers import N_FOLDS, folds
from assistant_evals.lab.fit_abstention import (
    BROAD,
    FAR,
    FOREIGN,
    HELD_OUT,
    REMOVED,
    Case,
    cases,
    fit_cases,
)
from assistant_evals.lab.flat_library import measured_libraries
from assistant_evals.lab.measuring_data import parse_data
from assistant_evals.metrics.label_agreement import expected_calibration_error
from assistant_evals.metrics.roc import auroc
from numpy.typing import NDArray

from assistant.evidence.answerability import DEFAULT_THRESHOLD, AbstentionModels
from assistant.evidence.linear_model import logistic

THRESHOLDS = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7)
SINGLE = ("named", "described")
KINDS = ("near-miss", "missing-detail", "false-premise", "outside-library", "off-topic")


def held_out_scores(found: Sequence[Case], seed: int = 0) -> NDArray[np.float64]:
    """Returns each case's answerability under models fitted on other folds' papers."""
    fold = np.array(folds([c.group for c in found], seed))
    scores = np.zeros(len(found))
    for j in range(N_FOLDS):
        models = fit_cases([c for c, f in zip(found, fold, strict=True) if f != j])
        scores[fold == j] = _scores(models, [c for c, f in zip(found, fold, strict=True) if f == j])
    return scores


def without_kind(found: Sequence[Case], kind: str, seed: int = 0) -> float:
    """Returns the AUROC of ``kind`` under models that saw no unanswerable question like it."""
    fold = np.array(folds([c.group for c in found], seed))
    scores = np.full(len(found), np.nan)
    for j in range(N_FOLDS):
        seen = [c for c, f in zip(found, fold, strict=True) if f != j and not c.kind.endswith(kind)]
        scores[fold == j] = _scores(
            fit_cases(seen), [c for c, f in zip(found, fold, strict=True) if f == j]
        )
    return _auroc(_of(found, scores, SINGLE), _of(found, scores, (kind,)))


def _auroc(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    """Returns the area under the ROC curve; NaN where either side is empty."""
    area = auroc(positives, negatives)
    return float("nan") if area is None else area


def _scores(models: AbstentionModels, found: Sequence[Case]) -> NDArray[np.float64]:
    """Returns each case's answerability, as ``answering.abstention.assess`` reads it."""
    rows = np.stack([c.features for c in found])
    wants_papers = np.array([c.wants_papers for c in found])
    scores = np.where(wants_papers, models.relevant.score(rows), models.answerable.score(rows))
    return logistic(scores)


def _of(
    found: Sequence[Case], scores: NDArray[np.float64], kinds: Sequence[str]
) -> NDArray[np.float64]:
    return scores[[c.kind in kinds for c in found]]


def report(name: str, found: Sequence[Case]) -> None:
    """Prints the tables of one library."""
    scores = held_out_scores(found)
    single = _of(found, scores, SINGLE)
    print(f"\n{name}: AUROC of answerable single-paper questions against")
    print(f"  off-topic and outside-library  {_auroc(single, _of(found, scores, tuple(FAR))):.3f}")
    removed = _auroc(single, _of(found, scores, (REMOVED,)))
    print(f"  the same with the paper removed {removed:.3f}")
    for kind in KINDS:
        negative = _of(found, scores, (kind,))
        named = _auroc(_of(found, scores, ("named",)), negative)
        own = _auroc(_of(found, scores, ("own answerable",)), _of(found, scores, (f"own {kind}",)))
        print(
            f"  {kind:16} {_auroc(single, negative):.3f}   named only {named:.3f}"
            f"   own pairs {own:.3f}   kind not seen {without_kind(found, kind):.3f}"
        )
    foreign = _auroc(single, _of(found, scores, (FOREIGN,)))
    print(f"  queries of other fields        {foreign:.3f}")
    kept = [i for i, c in enumerate(found) if c.kind not in {REMOVED, FOREIGN}]
    for label in (BROAD, HELD_OUT):
        present = _of(found, scores, (label,))
        far = _of(found, scores, (f"{label} outside-library",))
        print(
            f"  {label:16} {_auroc(present, far):.3f}   at {DEFAULT_THRESHOLD} declined "
            f"{(present < DEFAULT_THRESHOLD).mean():.3f}, answered though absent "
            f"{(far >= DEFAULT_THRESHOLD).mean():.3f}"
        )
    _costs([found[i] for i in kept], scores[kept])


def _costs(found: Sequence[Case], scores: NDArray[np.float64]) -> None:
    """Prints the calibration error and what each threshold costs."""
    labels = np.array([c.answerable for c in found])
    share = np.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum())
    error = expected_calibration_error(scores.tolist(), labels.tolist(), share.tolist())
    print(f"  expected calibration error {error:.3f}")
    shown = ("named", "described", "rough", "multi", "own answerable")
    print("  threshold: answerable wrongly declined | unanswerable wrongly answered")
    print("       ", *(f"{k[:9]:>9}" for k in shown), "|", *(f"{k[:9]:>9}" for k in KINDS))
    for threshold in THRESHOLDS:
        declined = [f"{(_of(found, scores, (k,)) < threshold).mean():9.3f}" for k in shown]
        answered = [
            f"{(_of(found, scores, (k, f'own {k}')) >= threshold).mean():9.3f}" for k in KINDS
        ]
        print(f"   {threshold:4.2f}", *declined, "|", *answered)


def main() -> None:
    """Prints the tables of the starter library and the feed."""
    data = parse_data(__doc__)
    for name, library in measured_libraries(data.starter, data.feed).items():
        report(name, cases(library, GOLDEN_FOLDER, data.collections))


if __name__ == "__main__":
    main()
