"""Fits the weights of abstention: is the answer there, and is anything on the matter there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from assistant_evals.lab.asked_sets import TRAINING, Asked
from assistant_evals.lab.fit_extractive import fit_logistic
from numpy.typing import NDArray

from assistant.evidence.answerability import AbstentionModels
from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    RELEVANCE_FEATURES,
    compute_abstention_features,
)
from assistant.evidence.gathering import QuestionEvidence
from assistant.evidence.linear_model import LinearModel
from assistant.evidence.scoring import ExtractionModels, score_evidence

PENALTY = 3e-3
"""L2 penalty on standardised features. Source: measured with each field held out; 3e-3 to 1e-2 are
alike."""

FAR = frozenset({"outside-library", "off-topic"})
REMOVED = "paper removed"
"""A single-paper question asked of the library without its paper: the same words, no answer."""

REMOVED_SHARE, TRAINING_SHARE = 0.15, 0.6
"""Weights of either kind, relevance's and answerability's, on their side. Source: measured with
each field held out: more of the removed declines more of the described questions, and less of the
training questions calls more of natural ones uncertain (.43 at .3, .35 at .7)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its features (len(ABSTENTION_FEATURES),)."""

    asked: Asked
    kind: str
    answerable: bool
    features: NDArray[np.float64]

    @property
    def is_far(self) -> bool:
        """Whether the library holds no paper on what is asked."""
        return self.kind in FAR or self.kind == REMOVED

    @property
    def wants_papers(self) -> bool:
        """Whether it asks for papers on a matter, which relevance alone judges."""
        return self.asked.evidence.question.wants_papers


def make_cases(asked: Sequence[Asked], models: Mapping[str, ExtractionModels]) -> list[Case]:
    """Returns the cases of ``asked``; ``models`` by field were fitted without that field."""
    cases = []
    for one in asked:
        own = models[one.field]
        cases.append(Case(one, one.kind, one.answerable, _compute(one.evidence, own)))
        if one.lacking is not None:
            cases.append(Case(one, REMOVED, False, _compute(one.lacking, own)))
    return cases


def _compute(evidence: QuestionEvidence, models: ExtractionModels) -> NDArray[np.float64]:
    if not evidence.papers:
        return np.zeros(len(ABSTENTION_FEATURES))
    return compute_abstention_features(score_evidence(evidence, models))


def fit_cases(cases: Sequence[Case], unused: frozenset[str] = frozenset()) -> AbstentionModels:
    """Returns the models that fit ``cases``; the features named in ``unused`` get no weight.

    Both sides of each weigh the same in total. Questions without their paper teach what is far,
    those written for fitting what is stated.
    """
    cases = [c for c in cases if not c.asked.fresh]
    stated = [c for c in cases if c.kind != REMOVED and not c.wants_papers]
    near = [c for c in cases if c.asked.field != TRAINING]
    return AbstentionModels(
        _fit(stated, [c.answerable for c in stated], unused),
        _fit(
            near,
            [not c.is_far for c in near],
            unused | (set(ABSTENTION_FEATURES) - set(RELEVANCE_FEATURES)),
        ),
    )


def _fit(cases: Sequence[Case], labels: Sequence[bool], unused: frozenset[str]) -> LinearModel:
    rows = np.stack([c.features for c in cases])
    rows[:, [name in unused for name in ABSTENTION_FEATURES]] = 0.0
    right = np.array(labels)
    share = np.zeros(len(cases))
    for side in (right, ~right):
        rest = side.copy()
        for made, weight in (
            (np.array([c.kind == REMOVED for c in cases]), REMOVED_SHARE),
            (np.array([c.asked.field == TRAINING for c in cases]), TRAINING_SHARE),
        ):
            part = side & made
            if part.any():
                share[part] = weight / part.sum()
                rest &= ~part
        share[rest] = (1 - share[side].sum()) / max(rest.sum(), 1)
    weights, bias = fit_logistic(rows, right.astype(float), PENALTY, share)
    return LinearModel(ABSTENTION_FEATURES, weights, bias)
