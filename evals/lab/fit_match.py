"""Fits how well a sentence answers a question, from the vectors of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.evidence.sentence_match import COSINE_SCALE, SentenceMatch

RANK = 64
PENALTY = 1e-4
"""L2 penalty. Source: measured on the fields; 3e-5 to 3e-4 are alike."""

N_STEPS = 100
_START_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class MatchExample:
    """A question (dim,), the sentences (n, dim) of its paper, and which answer it (n,) bool."""

    question: NDArray[np.float32]
    sentences: NDArray[np.float32]
    right: NDArray[np.bool_]


def fit_match(examples: Sequence[MatchExample]) -> SentenceMatch:
    """Returns the form that gives the answering sentences of each paper the largest share.

    Source: the softmax loss over the sentences of one paper, least by L-BFGS.
    """
    questions = np.stack([e.question for e in examples]).astype(np.float64)
    sentences = np.concatenate([e.sentences for e in examples]).astype(np.float64)
    right = np.concatenate([e.right for e in examples])
    sizes = [len(e.right) for e in examples]
    own = np.repeat(np.arange(len(examples)), sizes)
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    cosines = COSINE_SCALE * np.einsum("ij,ij->i", questions[own], sentences)
    dim = questions.shape[1]

    def split(theta: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        asked, stated = theta[: 2 * dim * RANK].reshape(2, dim, RANK)
        return asked, stated, theta[2 * dim * RANK :]

    def log_sums(scores: NDArray[np.float64]) -> NDArray[np.float64]:
        top = np.maximum.reduceat(scores, starts)
        sums: NDArray[np.float64] = top + np.log(np.add.reduceat(np.exp(scores - top[own]), starts))
        return sums

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        asked, stated, bias = split(theta)
        of_questions, of_sentences = questions @ asked, sentences @ stated
        scores = cosines + np.einsum("ij,ij->i", of_questions[own], of_sentences)
        scores += sentences @ bias
        of_all, of_right = log_sums(scores), log_sums(np.where(right, scores, -1e4))
        off = np.exp(scores - of_all[own]) - np.where(right, np.exp(scores - of_right[own]), 0)
        off /= len(examples)
        pulled = np.zeros((len(examples), RANK))
        np.add.at(pulled, own, off[:, None] * of_sentences)
        slopes = (
            questions.T @ pulled,
            sentences.T @ (off[:, None] * of_questions[own]),
            sentences.T @ off,
        )
        value = float((of_all - of_right).mean() + PENALTY * (theta @ theta))
        return value, np.concatenate([s.ravel() for s in slopes]) + 2 * PENALTY * theta

    random = np.random.default_rng(0).normal(0, _START_SPREAD, 2 * dim * RANK)
    start = np.r_[random, np.zeros(dim)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": N_STEPS}).x
    return SentenceMatch(*split(best))
