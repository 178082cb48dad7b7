"""Fits how well a sentence answers a question, from the vectors of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.evidence.sentence_match import COSINE_SCALE, NONE_SCORE, SentenceMatch

RANK = 64
PENALTY = 1e-4
"""L2 penalty. Source: measured on the fields; 5e-5 to 2e-4 are alike."""

N_STEPS = 100
_START_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class MatchExample:
    """A question (dim,), the sentences (n, dim) of its paper, and which answer it (n,) bool.

    None answers a question whose answer the paper lacks.
    """

    question: NDArray[np.float32]
    sentences: NDArray[np.float32]
    right: NDArray[np.bool_]


def fit_match(examples: Sequence[MatchExample]) -> SentenceMatch:
    """Returns the form that gives what answers each question the largest share.

    Source: the softmax loss over the sentences of one paper and the choice that none of them
    answers, least by L-BFGS.
    """
    questions = np.stack([e.question for e in examples])
    sentences = np.concatenate([e.sentences for e in examples])
    right = np.concatenate([e.right for e in examples])
    none_right = np.array([not e.right.any() for e in examples])
    sizes = [len(e.right) for e in examples]
    own = np.repeat(np.arange(len(examples)), sizes)
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    cosines = COSINE_SCALE * np.einsum("ij,ij->i", questions[own], sentences)
    dim = questions.shape[1]

    def split(theta: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        asked, stated = theta[: 2 * dim * RANK].reshape(2, dim, RANK)
        bias, none = theta[2 * dim * RANK :].reshape(2, dim)
        return asked, stated, bias, none

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        asked, stated, bias, none = split(theta.astype(np.float32))
        of_questions, of_sentences = questions @ asked, sentences @ stated
        scores = cosines + np.einsum("ij,ij->i", of_questions[own], of_sentences)
        scores += sentences @ bias
        none_scores = NONE_SCORE + questions @ none
        top = np.maximum(np.maximum.reduceat(scores, starts), none_scores)
        shares, none_shares = np.exp(scores - top[own]), np.exp(none_scores - top)
        total = np.add.reduceat(shares, starts) + none_shares
        rights, none_rights = shares * right, none_shares * none_right
        total_right = np.add.reduceat(rights, starts) + none_rights + 1e-30
        n = np.float32(len(examples))
        off = (shares / total[own] - rights / total_right[own]) / n
        none_off = (none_shares / total - none_rights / total_right) / n
        pulled = np.add.reduceat(off[:, None] * of_sentences, starts)
        slopes = (
            questions.T @ pulled,
            sentences.T @ (off[:, None] * of_questions[own]),
            sentences.T @ off,
            questions.T @ none_off,
        )
        value = float(np.log(total / total_right).mean()) + PENALTY * float(theta @ theta)
        slope = np.concatenate([s.ravel() for s in slopes]).astype(np.float64)
        return value, slope + 2 * PENALTY * theta

    random = np.random.default_rng(0).normal(0, _START_SPREAD, 2 * dim * RANK)
    start = np.r_[random, np.zeros(2 * dim)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": N_STEPS}).x
    return SentenceMatch(*split(best))
