"""The fitted figures of a library, each question judged by weights fitted on other papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assistant_evals.abstention import auroc, held_out_scores
from assistant_evals.answers import Outcome, answers, held_out
from assistant_evals.fit_abstention import FAR, Case, cases
from assistant_evals.fit_extractive import broad_rows, example
from assistant_evals.flat_library import FlatLibrary, read_rows
from assistant_evals.golden_sets import GOLDEN_FOLDER
from numpy.typing import NDArray

from assistant.answering.abstention import DEFAULT_THRESHOLD

STYLES = ("named", "described")


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers to single-paper and broad questions, and how answerable every question seems.

    All are by models of other folds; questions of kind HELD_OUT are in no fold's fit at all.
    ``scores`` (n_cases,) float64 in [0, 1] are those of ``cases``, in order.
    """

    outcomes: tuple[Outcome, ...]
    cases: tuple[Case, ...]
    scores: NDArray[np.float64]

    def all_facts(self, style: str) -> list[float]:
        """Returns 1.0 for each question of ``style`` whose answer holds every needed fact."""
        return [float(o.all_facts) for o in self.outcomes if o.row["style"] == style]

    def cited(self, style: str) -> list[float]:
        """Returns 1.0 for each question of ``style`` whose answer cites the right paper."""
        return [float(o.cited) for o in self.outcomes if o.row["style"] == style]

    def answerability(self, kinds: Sequence[str]) -> NDArray[np.float64]:
        """Returns the scores of the questions of ``kinds``: STYLES, FAR, BROAD, "near-miss" ..."""
        return self.scores[[c.kind in kinds for c in self.cases]]

    def separation(self, kinds: Sequence[str] = tuple(FAR)) -> float:
        """Returns the AUROC of the single-paper questions against unanswerable ``kinds``."""
        return auroc(self.answerability(STYLES), self.answerability(kinds))

    def declined(self, kinds: Sequence[str], threshold: float = DEFAULT_THRESHOLD) -> list[float]:
        """Returns 1.0 for each question of ``kinds`` that is declined at ``threshold``."""
        return [float(score < threshold) for score in self.answerability(kinds)]


def out_of_fold(
    library: FlatLibrary, golden: Path = GOLDEN_FOLDER, collections: Path | None = None
) -> OutOfFold:
    """Returns the held-out answers and answerabilities of the golden questions over ``library``.

    ``collections`` holds the search collections of other fields whose queries are among the
    unanswerable examples of the shipped weights; without them the fit does without.
    """
    rows = read_rows(golden / "single.jsonl")
    rows += [row for row in broad_rows(fitted_on=True) if row["answerable"]]
    single = [example(row, library.evidence(row["question"])) for row in rows]
    found = cases(library, golden, collections)
    return OutOfFold(tuple(answers(single, held_out(single))), tuple(found), held_out_scores(found))
