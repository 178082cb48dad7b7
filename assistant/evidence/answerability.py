"""Evidence -> how likely the library holds the answer: likely, uncertain, or nothing found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assistant.evidence.answerability_features import (
    ABSTENTION_FEATURES,
    compute_abstention_features,
)
from assistant.evidence.gathering import QuestionEvidence, ScoredEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, load_model, logistic
from assistant.evidence.question import find_names
from assistant.text.terms import extract_terms
from assistant.types import Confidence

WEIGHTS = "abstention.json"
"""Source: fitted on answerable and unanswerable questions by evals/lab/fit.py."""

FOUND_FROM = 0.2
"""Below this relevance nothing was found.
Source: measured with each field held out, evals/lab/held_out.py: of answerable questions 1.5 % are
below, of those on matters outside the library 81 %."""

LIKELY_FROM = 0.45
"""From this answerability on an answer is likely, below it uncertain.
Source: measured with each field held out, evals/lab/held_out.py: of answerable questions 21 % are
below, of those that a near paper does not answer 67 %."""


NAMED_PAPERS = 3
"""A paper that is asked for by its name is among so many of the first."""


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

    def of_survey(self, answerability: float) -> Assessment:
        """Returns the assessment of a whole-library answer of this answerability.

        Each of its papers was judged, so that it is likely or not there.
        """
        found = answerability >= FOUND_FROM
        return replace(self, answerability=answerability, found=found, confidence="likely")


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
        found=relevance >= FOUND_FROM or _is_found_by_name(evidence),
        confidence="likely"
        if answerability >= LIKELY_FROM and relevance >= FOUND_FROM
        else "uncertain",
    )


def _is_found_by_name(evidence: QuestionEvidence) -> bool:
    """Returns whether one of the best papers has all names of the question in title or as names."""
    question = evidence.question
    asked = (evidence.rare | question.name_terms).intersection(question.terms)
    names = {term for term in asked if len(term) > 1 and not term[0].isdigit()}
    return bool(names) and any(
        names <= paper.title_terms.union(*map(extract_terms, find_names(" ".join(paper.texts))))
        for paper in evidence.papers[:NAMED_PAPERS]
    )
