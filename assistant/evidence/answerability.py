"""Evidence -> how likely the library holds the answer, and the reason where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    compute_abstention_features,
)
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, load_model, logistic
from assistant.types import AbstentionReason

WEIGHTS = "abstention.json"
"""Source: fitted on answerable and unanswerable questions by evals/lab/fit_abstention.py."""

DEFAULT_THRESHOLD = 0.25
"""Below this answerability the assistant declines.
Source: measured on held-out folds, evals/lab/abstention.py. It declines 2 % of answerable questions
that name their system, 9 % of those that describe it and none that only name a topic; it answers
2 of 5 near-misses and 8 % of questions on papers that are not there."""

MIN_RELEVANCE = 0.5
"""Below this the reason for declining is that no paper is about the matter."""

NOTHING_RELEVANT = "Not in this library: none of its papers is about this."
NOT_STATED = "Not in this library: its closest papers do not state this."


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether the library holds the answer.

    ``answerability`` is a calibrated probability in [0, 1], higher means more likely; where a
    question only names a topic or asks for papers, it is the relevance.
    ``relevance`` in [0, 1] is that a paper on the matter is there at all. ``reason`` and
    ``message`` are what to say should the answer be declined; ``threshold`` is the default.
    """

    answerability: float
    relevance: float
    reason: AbstentionReason
    message: str
    threshold: float = DEFAULT_THRESHOLD


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
    is 0 and nothing is relevant.
    """
    evidence = scored.evidence
    if not evidence.papers or not evidence.question.terms:
        return Assessment(0.0, 0.0, "nothing_relevant", NOTHING_RELEVANT)
    models = models or load_abstention_models(evidence.words is not None)
    features = compute_abstention_features(scored)[np.newaxis]
    relevance = float(logistic(models.relevant.score(features))[0])
    answerability = relevance
    if not evidence.question.wants_papers:
        answerability = float(logistic(models.answerable.score(features))[0])
    if relevance < MIN_RELEVANCE:
        return Assessment(answerability, relevance, "nothing_relevant", NOTHING_RELEVANT)
    return Assessment(answerability, relevance, "not_stated", NOT_STATED)
