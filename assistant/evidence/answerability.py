"""Evidence -> how likely the library holds the answer: likely, uncertain, or nothing found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    compute_abstention_features,
)
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, load_model, logistic
from assistant.types import Confidence

WEIGHTS = "abstention.json"
"""Source: fitted on answerable and unanswerable questions by evals/lab/fit_abstention.py."""

FOUND_FROM = 0.2
"""Below this relevance nothing was found.
Source: measured with each field held out, evals/lab/abstention.py."""

LIKELY_FROM = 0.4
"""From this answerability on an answer is likely, below it uncertain.
Source: measured with each field held out, evals/lab/abstention.py."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether the library holds the answer.

    ``answerability`` is a calibrated probability in [0, 1], higher means more likely; where a
    question only names a topic or asks for papers, it is the relevance.
    ``relevance`` in [0, 1] is that a paper on the matter is there at all. ``found`` says that
    sentences are worth showing, ``confidence`` whether they should answer.
    """

    answerability: float
    relevance: float
    found: bool
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class AbstentionModels:
    """Two logistic models of the same features.

    ``answerable``: does the library hold the answer; ``relevant``: a paper on the matter.
    """

    answerable: LinearModel
    relevant: LinearModel


def load_abstention_models(with_words: bool = True) -> AbstentionModels:
    """Returns the models that come with the package.

    Those without words use nothing that depends on the embedder's own scale of cosines.
    """
    suffix = "" if with_words else WITHOUT_WORDS
    return AbstentionModels(
        load_model(WEIGHTS, "answerable" + suffix, ABSTENTION_FEATURES),
        load_model(WEIGHTS, "relevant" + suffix, ABSTENTION_FEATURES),
    )


def assess(scored: ScoredEvidence, models: AbstentionModels | None = None) -> Assessment:
    """Returns how likely the library holds the answer that ``scored`` is evidence for.

    Without any candidate paper, or where the question has no content word, the answerability
    is 0 and nothing is found.
    """
    evidence = scored.evidence
    if not evidence.papers or not evidence.question.terms:
        return Assessment(0.0, 0.0, found=False, confidence="uncertain")
    models = models or load_abstention_models(evidence.words is not None)
    features = compute_abstention_features(scored)[np.newaxis]
    relevance = float(logistic(models.relevant.score(features))[0])
    answerability = relevance
    if not evidence.question.wants_papers:
        answerability = float(logistic(models.answerable.score(features))[0])
    return Assessment(
        answerability,
        relevance,
        found=relevance >= FOUND_FROM,
        confidence="likely" if answerability >= LIKELY_FROM else "uncertain",
    )
