"""Fits the weights of abstention on answerable and unanswerable questions and writes their JSON.

    python -m assistant_evals.lab.fit_abstention --data FOLDER

Figures must come from ``assistant_evals.lab.abstention``, which fits on other folds than it
measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.answers import held_out
from assistant_evals.lab.fit_extractive import broad_rows, example, fit, fit_logistic, write_weights
from assistant_evals.lab.flat_library import FlatLibrary, measured_libraries, read_rows
from assistant_evals.lab.measuring_data import parse_data
from numpy.typing import NDArray

from assistant.evidence.answerability import AbstentionModels
from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    EMBEDDER_BOUND,
    compute_abstention_features,
)
from assistant.evidence.gathering import QuestionEvidence, ScoredEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel
from assistant.evidence.scoring import score_evidence

PENALTY = 0.01
"""L2 penalty on standardised features. Source: measured on folds; 3e-3 to 3e-2 are alike."""

FAR = frozenset({"outside-library", "off-topic"})
REMOVED = "paper removed"
"""A single-paper question asked of the library without its paper: the same words, no answer."""
FOREIGN = "foreign"
"""Search queries of collections from other fields: no paper of the library is about them."""

BROAD, HELD_OUT = "broad", "held-out broad"
"""Questions that only name a topic; of those held out none is ever fitted on."""

FOREIGN_COLLECTIONS = ("cranfield", "cisi", "lisa")
N_FOREIGN = 33
"""Queries taken from each collection, evenly spaced."""

REMOVED_SHARE, FOREIGN_SHARE = 0.15, 0.1
"""Weight of either kind among the unanswerable. Source: measured on folds, evals/lab/abstention.py:
more of either tells absent papers better and declines more of the described questions."""

OWN = GOLDEN_FOLDER / "own_answerability.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its features; ``group`` keeps questions on one paper in one fold."""

    row: dict[str, Any]
    kind: str
    answerable: bool
    group: str
    features: NDArray[np.float64]
    wants_papers: bool = False


def case(row: dict[str, Any], kind: str, judged: ScoredEvidence) -> Case:
    """Returns the case of the golden question ``row``."""
    papers = row.get("papers") or row.get("closest") or [row["id"]]
    features = (
        compute_abstention_features(judged)
        if judged.evidence.papers
        else np.zeros(len(ABSTENTION_FEATURES))
    )
    answerable = bool(row.get("answerable", True))
    return Case(row, kind, answerable, papers[0], features, judged.evidence.question.wants_papers)


def cases(library: FlatLibrary, golden: Path, collections: Path | None) -> list[Case]:
    """Returns the cases of every golden set over ``library``, and of foreign ``collections``.

    The extractive models that judge a single-paper question were fitted without its paper.
    """
    rows = read_rows(golden / "single.jsonl")
    rows += [row for row in broad_rows(fitted_on=True) if row["answerable"]]
    fitted = [example(row, library.evidence(row["question"])) for row in rows]
    found = []
    for e, models in zip(fitted, held_out(fitted), strict=True):
        if e.row["style"] == BROAD:
            found.append(case(e.row, BROAD, score_evidence(e.evidence, models)))
            continue
        found.append(case(e.row, e.row["style"], score_evidence(e.evidence, models)))
        lacking = library.evidence(e.row["question"], without=e.row["papers"][0])
        found.append(case(e.row | {"answerable": False}, REMOVED, score_evidence(lacking, models)))
    whole = fit(fitted)
    for row, kind in [*_others(golden), *(_foreign(collections) if collections else [])]:
        evidence: QuestionEvidence = library.evidence(row["question"])
        found.append(case(row, kind, score_evidence(evidence, whole)))
    return found


def _others(golden: Path) -> list[tuple[dict[str, Any], str]]:
    rows = [(row, row["kind"]) for row in read_rows(golden / "unanswerable.jsonl")]
    for name in ("rough", "multi"):
        rows += [(row, name) for row in read_rows(golden / f"{name}.jsonl")]
    absent = [row for row in broad_rows(fitted_on=True) if not row["answerable"]]
    rows += [(row, f"{BROAD} {row['kind']}") for row in absent]
    rows += [
        (row, HELD_OUT if row["answerable"] else f"{HELD_OUT} {row['kind']}")
        for row in broad_rows(fitted_on=False)
    ]
    for row in read_rows(OWN):
        rows.append((row, "own " + ("answerable" if row["answerable"] else row["kind"])))
    return rows


def _foreign(collections: Path) -> list[tuple[dict[str, Any], str]]:
    rows = []
    for name in FOREIGN_COLLECTIONS:
        queries = read_rows(collections / name / "queries.jsonl")
        for query in queries[:: max(len(queries) // N_FOREIGN, 1)][:N_FOREIGN]:
            row = {"id": f"{name}-{query['_id']}", "question": query["text"], "answerable": False}
            rows.append((row, FOREIGN))
    return rows


def fit_cases(found: Sequence[Case], unused: frozenset[str] = frozenset()) -> AbstentionModels:
    """Returns the models that fit ``found``: is the answer there, is a paper on the matter there.

    Both sides of each weigh the same in total. The features named in ``unused`` get no weight.
    The first model judges no question that wants papers on a matter, and is fitted on none.
    """
    found = [c for c in found if not c.kind.startswith(HELD_OUT)]
    rows = np.stack([c.features for c in found])
    rows[:, [name in unused for name in ABSTENTION_FEATURES]] = 0.0
    kinds = np.array([c.kind for c in found])
    answerable = np.array([c.answerable for c in found])
    relevant = np.array([not is_far(c) for c in found])
    asks = np.array([not c.wants_papers for c in found])
    return AbstentionModels(
        _balanced(rows[asks], answerable[asks], kinds[asks]), _balanced(rows, relevant, kinds)
    )


def is_far(c: Case) -> bool:
    """Returns whether the library holds no paper on what ``c`` asks."""
    return c.kind in {REMOVED, FOREIGN} or c.kind.endswith(tuple(FAR))


def _balanced(
    rows: NDArray[np.float64], labels: NDArray[np.bool_], kinds: NDArray[np.str_]
) -> LinearModel:
    made = {REMOVED: REMOVED_SHARE, FOREIGN: FOREIGN_SHARE}
    made = {kind: weight for kind, weight in made.items() if (kinds == kind).any()}
    written = ~labels & ~np.isin(kinds, list(made))
    share = np.where(labels, 1 / max(labels.sum(), 1), 0.0)
    share[written] = (1 - sum(made.values())) / max(written.sum(), 1)
    for kind, weight in made.items():
        of_kind = ~labels & (kinds == kind)
        share[of_kind] = weight / max(of_kind.sum(), 1)
    weights, bias = fit_logistic(rows, labels.astype(float), PENALTY, share)
    return LinearModel(ABSTENTION_FEATURES, weights, bias)


def main() -> None:
    """Fits on the questions over both texts and writes abstention.json."""
    data = parse_data(__doc__)
    parts: dict[str, LinearModel] = {}
    n = 0
    for with_words in (True, False):
        found = [
            c
            for library in measured_libraries(data.starter, data.feed, with_words).values()
            for c in cases(library, GOLDEN_FOLDER, data.collections)
        ]
        models = fit_cases(found, frozenset() if with_words else EMBEDDER_BOUND)
        suffix = "" if with_words else WITHOUT_WORDS
        parts |= {"answerable" + suffix: models.answerable, "relevant" + suffix: models.relevant}
        n = len(found) // 2
    write_weights("abstention.json", parts, f"{n} questions over the starter library and the feed")


if __name__ == "__main__":
    main()
