"""Evidence -> how likely the library holds the answer, and the reason where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.abstention_features import ABSTENTION_FEATURES, abstention_features
from assistant.evidence import Judged
from assistant.linear_model import LinearModel, load_model, logistic
from assistant.types import AbstentionReason

WEIGHTS = "abstention.json"
"""Source: fitted on golden questions and our own pairs by evals/fit_abstention.py."""

DEFAULT_THRESHOLD = 0.3
"""Below this answerability the assistant declines.
Source: measured, evals/abstention.py, whose table tells the cost on either side."""

NOTHING_RELEVANT = "Not in this library: none of its papers is about this."
NOT_STATED = "Not in this library: its closest papers do not state this."


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether the library holds the answer.

    ``answerability`` is a calibrated probability in [0, 1], higher means more likely.
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
    """Two logistic models of the same features: is the answer there, is a paper on it there."""

    answerable: LinearModel
    relevant: LinearModel


def shipped_models() -> AbstentionModels:
    """Returns the models whose weights come with the package."""
    return AbstentionModels(
        load_model(WEIGHTS, "answerable", ABSTENTION_FEATURES),
        load_model(WEIGHTS, "relevant", ABSTENTION_FEATURES),
    )


def assess(judged: Judged, models: AbstentionModels | None = None) -> Assessment:
    """Returns how likely the library holds the answer that ``judged`` is evidence for.

    Without any candidate paper, or where the question has no content word, the answerability
    is 0 and nothing is relevant.
    """
    if not judged.evidence.papers or not judged.evidence.question.terms:
        return Assessment(0.0, 0.0, "nothing_relevant", NOTHING_RELEVANT)
    models = models or shipped_models()
    features = abstention_features(judged)[np.newaxis]
    answerability = float(logistic(models.answerable.scores(features))[0])
    relevance = float(logistic(models.relevant.scores(features))[0])
    if relevance < 0.5:
        return Assessment(answerability, relevance, "nothing_relevant", NOTHING_RELEVANT)
    return Assessment(answerability, relevance, "not_stated", NOT_STATED)
