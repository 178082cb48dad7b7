"""Fits the weights of the extractive answerer on golden questions and writes their JSON.

    python -m assistant_evals.lab.fit_extractive --data FOLDER

Figures must come from ``assistant_evals.lab.answers``, which fits on other folds than it measures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.flat_library import measured_libraries, read_rows
from assistant_evals.lab.measuring_data import parse_data
from assistant_evals.metrics.facts import find_facts
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.evidence.gathering import QuestionEvidence
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, logistic, softmax
from assistant.evidence.scoring import ExtractionModels
from assistant.evidence.sentence_features import (
    PAPER_FEATURES,
    SENTENCE_FEATURES,
    compute_paper_features,
    compute_sentence_features,
)

PAPER_PENALTY = 5e-3
SENTENCE_PENALTY = 1e-3
"""L2 penalties on standardised features. Source: measured on folds; 3e-4 to 1e-2 are alike."""

STYLE_WEIGHTS = {"described": 3.0}
"""Weight of a question in the choice of the paper, 1 for other styles: named ones are easy.
Source: measured on folds, evals/lab/answers.py."""

SHARPNESS = 0.7
"""What the paper weights are multiplied by: fitted odds are surer than held-out ones.
Source: measured on folds: 2 % more of the described questions have the right paper cited, 4 % more
papers of questions for several are, with as many facts held."""

BROAD = GOLDEN_FOLDER / "own_broad.jsonl"

WEIGHTS_FOLDER = Path(__file__).resolve().parents[2] / "assistant" / "weights"


@dataclass(frozen=True, slots=True)
class Example:
    """A golden question with its evidence: features and what is right.

    ``right`` (n_papers,) bool; ``holds[k]`` (n_sentences, n_facts) bool says which of the
    needed facts each sentence of paper k has.
    """

    row: dict[str, Any]
    evidence: QuestionEvidence
    papers: NDArray[np.float64]
    sentences: tuple[NDArray[np.float64], ...]
    right: NDArray[np.bool_]
    holds: tuple[NDArray[np.bool_], ...]


def example(row: dict[str, Any], evidence: QuestionEvidence) -> Example:
    """Returns the features and labels of the golden question ``row``."""
    wanted = set(row.get("papers", ()))
    return Example(
        row=row,
        evidence=evidence,
        papers=compute_paper_features(evidence),
        sentences=tuple(compute_sentence_features(evidence, paper) for paper in evidence.papers),
        right=np.array([p.candidate.paper.paper_id in wanted for p in evidence.papers], dtype=bool),
        holds=tuple(
            np.array([find_facts(text, row.get("facts", ())) for text in paper.texts], dtype=bool)
            for paper in evidence.papers
        ),
    )


def broad_rows(fitted_on: bool) -> list[dict[str, Any]]:
    """Returns our questions that only name a topic: every second one is never fitted on."""
    return read_rows(BROAD)[0 if fitted_on else 1 :: 2]


def fit(examples: Sequence[Example]) -> ExtractionModels:
    """Returns the paper model and the sentence model that fit ``examples``.

    The paper model maximises the probability of the right papers among the candidates; the
    sentence model is a logistic regression over the sentences of right papers, of those questions
    that need facts.
    """
    found = [e for e in examples if e.right.any()]
    papers = SHARPNESS * fit_softmax(
        [e.papers for e in found],
        [e.right for e in found],
        PAPER_PENALTY,
        np.array([STYLE_WEIGHTS.get(e.row.get("style", ""), 1.0) for e in found]),
    )
    rows, labels = [], []
    for e in found:
        if not e.row.get("facts"):
            continue
        for k in np.flatnonzero(e.right):
            rows.append(e.sentences[k])
            labels.append(e.holds[k].any(axis=1))
    weights, bias = fit_logistic(
        np.concatenate(rows), np.concatenate(labels).astype(float), SENTENCE_PENALTY
    )
    return ExtractionModels(
        LinearModel(PAPER_FEATURES, papers, 0.0), LinearModel(SENTENCE_FEATURES, weights, bias)
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


def main() -> None:
    """Fits on single-paper and broad questions over both texts and writes extractive.json."""
    data = parse_data(__doc__)
    rows = read_rows(GOLDEN_FOLDER / "single.jsonl")
    rows += [row for row in broad_rows(fitted_on=True) if row["answerable"]]
    parts: dict[str, LinearModel] = {}
    for with_words in (True, False):
        examples = [
            example(row, library.evidence(row["question"]))
            for library in measured_libraries(data.starter, data.feed, with_words).values()
            for row in rows
        ]
        models = fit(examples)
        suffix = "" if with_words else WITHOUT_WORDS
        parts |= {"paper" + suffix: models.paper, "sentence" + suffix: models.sentence}
    write_weights(
        "extractive.json",
        parts,
        f"{len(rows)} questions for one paper or topic over the starter library and the feed",
    )


if __name__ == "__main__":
    main()
