"""How likely each paper is asked about, and each of its sentences states what is asked."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.evidence.gathering import QuestionEvidence, ScoredEvidence
from assistant.evidence.linear_model import (
    WITHOUT_WORDS,
    LinearModel,
    load_model,
    logistic,
    softmax,
)
from assistant.evidence.sentence_features import (
    PAPER_FEATURES,
    SENTENCE_FEATURES,
    compute_paper_features,
    compute_sentence_features,
)

WEIGHTS = "extractive.json"
"""Source: fitted on questions of several fields by evals/lab/fit.py."""


@dataclass(frozen=True, slots=True)
class ExtractionModels:
    """The two linear models of extraction."""

    paper: LinearModel
    sentence: LinearModel


def load_extraction_models(with_words: bool = True) -> ExtractionModels:
    """Returns the models that come with the package, for evidence with or without word vectors."""
    suffix = "" if with_words else WITHOUT_WORDS
    return ExtractionModels(
        load_model(WEIGHTS, "paper" + suffix, PAPER_FEATURES),
        load_model(WEIGHTS, "sentence" + suffix, SENTENCE_FEATURES),
    )


def score_evidence(
    evidence: QuestionEvidence, models: ExtractionModels | None = None
) -> ScoredEvidence:
    """Returns the probabilities that each paper is asked about and each sentence answers."""
    models = models or load_extraction_models(evidence.words is not None)
    return ScoredEvidence(
        evidence=evidence,
        papers=softmax(models.paper.score(compute_paper_features(evidence))),
        sentences=tuple(
            logistic(models.sentence.score(compute_sentence_features(evidence, paper)))
            for paper in evidence.papers
        ),
    )
