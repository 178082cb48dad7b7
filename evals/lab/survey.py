"""Fits and measures whole-library answers: which papers belong, and what is quoted of them.

    python -m assistant_evals.lab.survey --data FOLDER [--fit]

``own_survey.jsonl`` lists for each question the papers that must be in the answer and all that
may be. Every second question is held out: weights are fitted, and constants were chosen, on the
others. A paper that may but need not be there is neither right nor wrong to leave out.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.fit_extractive import BROAD, fit_logistic, write_weights
from assistant_evals.lab.flat_library import TOP_K, FlatLibrary, papers_of, read_rows, renamed_like
from assistant_evals.lab.measuring_data import MeasuringData
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.facts import find_facts
from assistant_evals.metrics.rankings import recall_at_k
from assistant_evals.metrics.roc import auroc
from numpy.typing import NDArray

from assistant.answer.quoting import quote_sentence, select_sentences
from assistant.answer.survey.criterion import find_criterion
from assistant.answer.survey.features import SURVEY_FEATURES, compute_survey_features
from assistant.answer.survey.recognition import is_comparison, is_survey
from assistant.answer.survey.selection import (
    SURVEY_TOP_K,
    WEIGHTS,
    Survey,
    compare_papers,
    estimate_answerability,
    survey_papers,
)
from assistant.embeddings.embedder import open_embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.evidence.answerability import FOUND_FROM, assess
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, load_model
from assistant.evidence.question import analyse_question
from assistant.evidence.scoring import score_evidence
from assistant.types import Sentence

PENALTY = 3e-3
"""L2 penalty on standardised features. Source: measured on folds; 1e-3 to 1e-2 are alike."""

N_FOLDS = 6
DEPTHS = (10, 20, 30, 50, 100)
OWN = GOLDEN_FOLDER / "own_survey.jsonl"
MULTI = GOLDEN_FOLDER / "multi.jsonl"


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its wide evidence: features, and which candidates must or may belong."""

    row: Mapping[str, Any]
    judged: ScoredEvidence
    features: NDArray[np.float64]
    must: NDArray[np.bool_]
    may: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer: shares in [0, 1], None where they do not apply; papers shown.

    ``precision`` is the share of the shown papers that may belong, ``recall`` that of those
    which must belong and are shown.
    """

    row: Mapping[str, Any]
    precision: float | None
    recall: float | None
    facts: float | None
    n_papers: int
    n_sentences: int

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; 0 where nothing is shown."""
        if self.recall is None:
            return None
        precision = self.precision or 0.0
        total = precision + self.recall
        return 2 * precision * self.recall / total if total else 0.0


def wide_libraries(data: MeasuringData, with_words: bool = True) -> dict[str, FlatLibrary]:
    """Returns the starter library and the feed of the same papers, under the starter's ids."""
    path = os.environ.get("EVALS_CACHE")
    embedder = open_embedder(cache_path=Path(path) if path else None)
    words = WordEmbedder(WordMiniLM(), embedder.cache) if with_words else None
    papers = papers_of(data.starter)
    return {
        "starter": FlatLibrary(papers, embedder, words, SURVEY_TOP_K),
        "feed": FlatLibrary(
            renamed_like(papers_of(data.feed), papers), embedder, words, SURVEY_TOP_K
        ),
    }


def example(row: Mapping[str, Any], library: FlatLibrary) -> Example:
    """Returns the features and labels of the golden question ``row``."""
    judged = score_evidence(library.evidence(row["question"]))
    evidence = judged.evidence
    ids = [paper.candidate.paper.paper_id for paper in evidence.papers]
    must = row.get("must", row.get("papers", ()))
    return Example(
        row=row,
        judged=judged,
        features=compute_survey_features(evidence, find_criterion(evidence.question)),
        must=np.array([i in must for i in ids], dtype=bool),
        may=np.array([i in row.get("papers", ()) for i in ids], dtype=bool),
    )


def fit(examples: Sequence[Example]) -> LinearModel:
    """Returns a logistic regression of the papers that must belong against those that may not.

    Every question weighs the same, however many candidates it has.
    """
    rows, labels, weights = [], [], []
    for e in examples:
        clear = e.must | ~e.may
        rows.append(e.features[clear])
        labels.append(e.must[clear].astype(float))
        weights.append(np.full(int(clear.sum()), 1 / max(int(clear.sum()), 1)))
    found, bias = fit_logistic(
        np.concatenate(rows), np.concatenate(labels), PENALTY, np.concatenate(weights)
    )
    return LinearModel(SURVEY_FEATURES, found, bias)


def measure(row: Mapping[str, Any], quoted: Sequence[Sentence]) -> Outcome:
    """Returns how the quoted sentences serve the golden question ``row``."""
    shown = {citation.paper_id for s in quoted for citation in s.citations}
    may, must = set(row.get("papers", ())), set(row.get("must", row.get("papers", ())))
    facts = find_facts(" ".join(s.text for s in quoted), row.get("facts", ()))
    return Outcome(
        row=row,
        precision=len(shown & may) / len(shown) if shown else None,
        recall=len(shown & must) / len(must) if must else None,
        facts=sum(facts) / len(facts) if facts else None,
        n_papers=len(shown),
        n_sentences=len(quoted),
    )


def surveyed(e: Example, model: LinearModel | None = None) -> Outcome:
    """Returns the outcome of a survey; where it includes no paper, of what is quoted instead."""
    found = survey_papers(e.judged, 0, model=model)
    if not found.included and e.row.get("answerable", True):
        return as_before(e)
    return _quoted(e, found)


def answered(e: Example) -> Outcome:
    """Returns the outcome of what suits the question: a survey, a comparison, or neither."""
    question = e.judged.evidence.question
    if is_survey(question):
        return surveyed(e)
    return _quoted(e, compare_papers(e.judged, 0)) if is_comparison(question) else as_before(e)


def _quoted(e: Example, found: Survey) -> Outcome:
    return measure(
        e.row, [quote_sentence(one.paper, span) for one in found.included for span in one.spans]
    )


def as_before(e: Example) -> Outcome:
    """Returns the outcome of at most four sentences chosen among the first ten papers."""
    narrow = replace(e.judged.evidence, papers=e.judged.evidence.papers[:TOP_K])
    return measure(e.row, select_sentences(score_evidence(narrow)))


def alone(e: Example) -> float:
    """Returns the relevance of the library to the question, from its first ten papers."""
    narrow = replace(e.judged.evidence, papers=e.judged.evidence.papers[:TOP_K])
    return assess(score_evidence(narrow)).relevance


def together(e: Example) -> float:
    """Returns the answerability of the survey."""
    return estimate_answerability(survey_papers(e.judged, 0), alone(e))


def summary(outcomes: Sequence[Outcome]) -> str:
    """Returns one line: the means over answerable questions, and papers shown for others."""
    found = [o for o in outcomes if o.recall is not None]
    empty = [o.n_papers for o in outcomes if o.recall is None]
    names = ("precision", "recall", "f1", "facts", "n_papers", "n_sentences")
    means = ((name, mean_of([getattr(o, name) for o in found])[0]) for name in names)
    text = "  ".join(f"{name} {value:.3f}" for name, value in means if value is not None)
    return f"n={len(found):<3} {text}" + (f"  unanswerable: {empty} papers" if empty else "")


def folded(examples: Sequence[Example]) -> list[Outcome]:
    """Returns the outcomes of ``examples`` under models fitted on other questions.

    The texts of one question are in one fold.
    """
    ids = list(dict.fromkeys(e.row["id"] for e in examples))
    fold = {row_id: place % N_FOLDS for place, row_id in enumerate(ids)}
    models = [fit([e for e in examples if fold[e.row["id"]] != f]) for f in range(N_FOLDS)]
    return [surveyed(e, models[fold[e.row["id"]]]) for e in examples]


def main() -> None:
    """Prints the figures of both texts; with --fit, writes survey.json first."""
    parser = argparse.ArgumentParser(description="Fit and measure whole-library answers.")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--fit", action="store_true", help="write the weights")
    options = parser.parse_args()
    data = MeasuringData(options.data)
    own = read_rows(OWN)
    if options.fit:
        parts = {}
        for with_words in (True, False):
            libraries = wide_libraries(data, with_words)
            fitted = [example(row, lib) for row in own[0::2] for lib in libraries.values()]
            parts["belongs" + ("" if with_words else WITHOUT_WORDS)] = fit(fitted)
            print("on folds" if with_words else "on folds, without words", summary(folded(fitted)))
        write_weights(WEIGHTS, parts, "every second question of own_survey.jsonl, both texts")
        load_model.cache_clear()
    for name, library in wide_libraries(data).items():
        _report(name, library, own)


def _report_declined(name: str, library: FlatLibrary, own: Sequence[Mapping[str, Any]]) -> None:
    """Prints which surveys are declined, of questions that nothing here was fitted on."""
    rows = [*own[1::2], *read_rows(BROAD)[1::2], *read_rows(MULTI)]
    asked = [example(row, library) for row in rows if is_survey(analyse_question(row["question"]))]
    for part, score in (("abstention alone", alone), ("with the survey", together)):
        scores = [(e.row.get("answerable", True), score(e)) for e in asked]
        right = [value for answerable, value in scores if answerable]
        wrong = [value for answerable, value in scores if not answerable]
        n_declined = sum(value < FOUND_FROM for value in right)
        n_answered = sum(value >= FOUND_FROM for value in wrong)
        print(
            f"{name:8} held out, {part}: AUROC {auroc(right, wrong):.3f}, declines {n_declined} "
            f"of {len(right)} with an answer, answers {n_answered} of {len(wrong)} without"
        )


def _report(name: str, library: FlatLibrary, own: Sequence[Mapping[str, Any]]) -> None:
    listed = [row for row in own[1::2] if row["answerable"]]
    for depth in DEPTHS:
        recall = [recall_at_k(library.find(r["question"], depth), r["must"], depth) for r in listed]
        print(
            f"{name:8} papers that must be there among the first {depth}: {mean_of(recall)[0]:.3f}"
        )
    for part, rows in (("fitted on", own[0::2]), ("held out", own[1::2])):
        examples = [example(row, library) for row in rows]
        print(f"{name:8} own, {part:9} before ", summary([as_before(e) for e in examples]))
        print(f"{name:8} own, {part:9} survey ", summary([surveyed(e) for e in examples]))
    _report_declined(name, library, own)
    examples = [example(row, library) for row in listed]
    examples = [example(row, library) for row in read_rows(MULTI)]
    for kind in ("list", "trend", "conflict", "compare", "all"):
        of_kind = [e for e in examples if kind in (e.row["kind"], "all")]
        questions = [e.judged.evidence.question for e in of_kind]
        n_surveys, n_compared = sum(map(is_survey, questions)), sum(map(is_comparison, questions))
        print(f"{name:8} multi {kind}: {n_surveys} surveys, {n_compared} comparisons")
        print(f"{name:8}   before ", summary([as_before(e) for e in of_kind]))
        print(f"{name:8}   now    ", summary([answered(e) for e in of_kind]))


if __name__ == "__main__":
    main()
