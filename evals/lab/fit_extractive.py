"""Fits the weights of extraction: the paper that a question is of, its sentences that answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.asked_sets import TRAINING, Asked
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.evidence.linear_model import LinearModel, logistic, softmax
from assistant.evidence.scoring import ExtractionModels
from assistant.evidence.sentence_features import (
    PAPER_FEATURES,
    SENTENCE_FEATURES,
    compute_paper_features,
    compute_sentence_features,
)

PAPER_PENALTY = 2e-2
SENTENCE_PENALTY = 2e-3
"""L2 penalties on standardised features. Source: measured with each field held out; 5e-4 to 2e-2
are alike, but that for described questions of the starter library the last finds the paper best."""

STYLE_WEIGHTS = {"described": 3.0}
"""Weight of a question in the choice of the paper, 1 for other styles: named ones are easy."""

TRAINING_WEIGHT = 0.3
"""Weight of a question written for fitting in the choice of the sentence, 1 for others: they are
three in four. Source: measured with each field held out; .1 and .3 are alike, 1 loses 2 % of the
facts of the older sets."""

BROAD = GOLDEN_FOLDER / "own_broad.jsonl"

WEIGHTS_FOLDER = Path(__file__).resolve().parents[2] / "assistant" / "weights"


@dataclass(frozen=True, slots=True)
class Example:
    """An answerable question: features of its candidates, and what is right.

    ``right`` (n_papers,) bool; ``answering[k]`` (n_sentences,) bool of paper k.
    """

    asked: Asked
    papers: NDArray[np.float64]
    sentences: tuple[NDArray[np.float64], ...]
    right: NDArray[np.bool_]
    answering: tuple[NDArray[np.bool_], ...]


def make_example(asked: Asked) -> Example:
    """Returns the features and labels of ``asked``."""
    papers = asked.evidence.papers
    return Example(
        asked=asked,
        papers=compute_paper_features(asked.evidence),
        sentences=tuple(compute_sentence_features(asked.evidence, paper) for paper in papers),
        right=asked.is_right(),
        answering=tuple(asked.answering(paper) for paper in papers),
    )


def is_fitted_on(asked: Asked) -> bool:
    """Returns whether extraction may be fitted on ``asked``: one paper, or a topic, answers it."""
    one_or_topic = asked.has_sentences or asked.kind == "broad"
    return asked.answerable and one_or_topic and not asked.fresh


def fit(examples: Sequence[Example]) -> ExtractionModels:
    """Returns the paper model and the sentence model that fit ``examples``.

    Both are listwise: they maximise the probability of the right papers among the candidates, and
    of the answering sentences among those of their paper. The sentence model's scores are then
    set on the scale where their logistic is the probability that the sentence answers.
    """
    found = [e for e in examples if e.right.any()]
    papers = fit_softmax(
        [e.papers for e in found],
        [e.right for e in found],
        PAPER_PENALTY,
        np.array([STYLE_WEIGHTS.get(e.asked.kind, 1.0) for e in found]),
    )
    groups = [
        (e.sentences[k], e.answering[k], TRAINING_WEIGHT if e.asked.field == TRAINING else 1.0)
        for e in found
        if e.asked.has_sentences
        for k in np.flatnonzero(e.right)
        if e.answering[k].any()
    ]
    rows, labels = [rows for rows, _, _ in groups], [answering for _, answering, _ in groups]
    share = np.array([weight for _, _, weight in groups])
    weights = fit_softmax(rows, labels, SENTENCE_PENALTY, share)
    scores = np.concatenate(rows) @ weights
    (scale,), bias = fit_logistic(
        scores[:, None],
        np.concatenate(labels).astype(float),
        0.0,
        np.repeat(share, [len(answering) for answering in labels]),
    )
    return ExtractionModels(
        LinearModel(PAPER_FEATURES, papers, 0.0),
        LinearModel(SENTENCE_FEATURES, scale * weights, bias),
    )


def fit_softmax(
    groups: Sequence[NDArray[np.float64]],
    right: Sequence[NDArray[np.bool_]],
    penalty: float,
    group_weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Returns weights, on the features' own scale, that rank the right rows of each group first."""
    mean, scale = _standard(np.concatenate(groups))
    standard = [(group - mean) / scale for group in groups]
    share = np.ones(len(groups)) if group_weights is None else group_weights
    share = share / share.sum()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for rows, is_right, part in zip(standard, right, share.tolist(), strict=True):
            p = softmax(rows @ weights)
            p_right = float(p[is_right].sum()) + 1e-12
            value -= np.log(p_right) * part
            slope = slope + rows.T @ (p - np.where(is_right, p / p_right, 0)) * part
        return value, slope

    best = minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B").x
    weights: NDArray[np.float64] = best / scale
    return weights


def fit_logistic(
    rows: NDArray[np.float64],
    labels: NDArray[np.float64],
    penalty: float,
    sample_weights: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Returns weights and bias, on the features' own scale, of a logistic regression."""
    mean, scale = _standard(rows)
    standard = (rows - mean) / scale
    share = np.ones(len(rows)) if sample_weights is None else sample_weights
    share = share / share.sum()

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = theta[:-1], theta[-1]
        p = logistic(standard @ weights + bias)
        likely = labels * np.log(p + 1e-12) + (1 - labels) * np.log(1 - p + 1e-12)
        value = -float(share @ likely) + penalty * float(weights @ weights)
        off = share * (p - labels)
        return value, np.append(standard.T @ off + 2 * penalty * weights, off.sum())

    theta = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    own_scale: NDArray[np.float64] = theta[:-1] / scale
    return own_scale, float(theta[-1] - own_scale @ mean)


def _standard(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scale = rows.std(axis=0)
    return rows.mean(axis=0), np.where(scale > 0, scale, 1.0)


def write_weights(file: str, models: dict[str, LinearModel], fitted_on: str) -> None:
    """Writes ``models`` as ``assistant/weights/<file>``."""
    content: dict[str, Any] = {"fitted_on": fitted_on}
    for part, model in models.items():
        content[part] = {
            "features": list(model.features),
            "weights": [round(float(w), 6) for w in model.weights],
            "bias": round(model.bias, 6),
        }
    WEIGHTS_FOLDER.mkdir(exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (WEIGHTS_FOLDER / file).write_text(text + "\n", encoding="utf-8")
