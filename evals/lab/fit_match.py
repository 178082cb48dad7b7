"""Fits how well a sentence answers a question, from the vectors of the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from numpy.typing import NDArray

from assistant.evidence.sentence_match import (
    COSINE_SCALE,
    N_PLACES,
    NONE_SCORE,
    PRODUCT_SCALE,
    SentenceMatch,
    mark_places,
)

HIDDEN, PRODUCTS = 256, 128
"""Units and products. Source: measured on the fields; half and twice as many are alike."""

DROPOUT = 0.4
"""The share of hidden units left out at each step. Source: measured on the fields; without, the
second pass over the questions loses what the first gained."""

EPOCHS, BATCH, STEP = 3, 64, 1e-3
_WARM_UP = 100  # steps until STEP is reached
_DECAY = (0.9, 0.999)
_NEVER = -1e4
_TINY = 1e-30

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class MatchExample:
    """A question (dim,), the sentences (n, dim) of its paper, and which answer it (n,) bool.

    None answers a question whose answer the paper lacks.
    """

    question: NDArray[np.float32]
    sentences: NDArray[np.float32]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Batch:
    """``size`` examples of up to ``n`` sentences, those that are not there marked in ``absent``.

    ``questions`` (size, dim); ``sentences`` (size * n, dim); ``marks`` (size * n, 2 N_PLACES);
    ``absent`` (size, n), 0 or _NEVER; ``right`` (size, n + 1), 1 or 0, the last: none answers.
    ``kept`` are the two layers' units that are not left out, (size * n, h), 0 or 1 / (1 - DROPOUT).
    """

    questions: NDArray[np.float32]
    sentences: NDArray[np.float32]
    marks: NDArray[np.float32]
    absent: NDArray[np.float32]
    right: NDArray[np.float32]
    kept: tuple[NDArray[np.float32], NDArray[np.float32]]


def fit_match(
    examples: Sequence[MatchExample], hidden: int = HIDDEN, products: int = PRODUCTS
) -> SentenceMatch:
    """Returns the network that gives what answers each question the largest share.

    Source: the softmax loss over the sentences of one paper and the choice that none of them
    answers, by Adam (Kingma & Ba, 2015) with steps that fall to 0.
    """
    random = np.random.default_rng(0)
    weights = draw_weights(random, examples[0].question.shape[0], hidden, products)
    slope = value_and_grad(compute_loss)
    means = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    n_steps = EPOCHS * -(-len(examples) // BATCH)
    for step, batch in enumerate(_make_batches(examples, hidden, random), 1):
        _, slopes = slope(weights, batch)
        size = STEP * min(1, step / _WARM_UP) * (1 - (step - 1) / n_steps)
        for name, weight in weights.items():
            for mean, decay, power in zip(means[name], _DECAY, (1, 2), strict=True):
                mean *= decay
                mean += (1 - decay) * slopes[name] ** power
            first, second = (m / (1 - d**step) for m, d in zip(means[name], _DECAY, strict=True))
            weight -= size * first / (np.sqrt(second) + 1e-8)
    return SentenceMatch.from_arrays(weights)


def draw_weights(random: np.random.Generator, dim: int, h: int, r: int) -> Weights:
    """Returns small random weights; 0 for those that give scores, so that cosines come first."""
    shapes = {
        "asked_factors": (dim, r),
        "stated_factors": (dim, r),
        "products": (r, h),
        "asked": (dim, h),
        "stated": (dim, h),
        "places": (2 * N_PLACES, h),
        "rivals": (h,),
        "own": (h, h),
        "beside": (h, h),
        "bias": (h,),
        "answers": (h,),
        "none": (h,),
    }
    spread = {name: 1 / np.sqrt(3 * shape[0]) for name, shape in shapes.items()}
    spread |= {"places": 0.1, "bias": 0.0, "answers": 0.0, "none": 0.0}
    return {
        name: (spread[name] * random.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }


def _make_batches(
    examples: Sequence[MatchExample], hidden: int, random: np.random.Generator
) -> Iterator[Batch]:
    for _ in range(EPOCHS):
        order = random.permutation(len(examples))
        for start in range(0, len(order), BATCH):
            chosen = [examples[i] for i in order[start : start + BATCH]]
            yield stack(chosen, hidden, random)


def stack(examples: Sequence[MatchExample], h: int, random: np.random.Generator) -> Batch:
    """Returns ``examples`` side by side, with ``h`` hidden units of which some are left out."""
    size, n = len(examples), max(len(e.right) for e in examples)
    sentences = np.zeros((size, n, examples[0].question.shape[0]), dtype=np.float32)
    marks = np.zeros((size, n, 2 * N_PLACES), dtype=np.float32)
    absent = np.full((size, n), _NEVER, dtype=np.float32)
    right = np.zeros((size, n + 1), dtype=np.float32)
    for k, example in enumerate(examples):
        own = len(example.right)
        sentences[k, :own], marks[k, :own] = example.sentences, mark_places(own)
        absent[k, :own], right[k, :own] = 0, example.right
        right[k, n] = not example.right.any()
    first, second = (random.random((2, size * n, h)) >= DROPOUT).astype(np.float32) / (1 - DROPOUT)
    return Batch(
        questions=np.stack([e.question for e in examples]),
        sentences=sentences.reshape(size * n, -1),
        marks=marks.reshape(size * n, -1),
        absent=absent,
        right=right,
        kept=(first, second),
    )


def compute_loss(weights: Weights, batch: Batch) -> Any:
    """Returns the mean negative log share of what is right; as SentenceMatch.score has it."""
    size, n = batch.absent.shape
    asked, stated = batch.questions, batch.sentences

    def spread(of_questions: Any) -> Any:
        return anp.repeat(of_questions, n, axis=0)

    def pool(hidden: Any) -> Any:
        return anp.einsum("kn,knh->kh", likely, anp.reshape(hidden, (size, n, -1)))

    cosines = COSINE_SCALE * np.einsum("ij,ij->i", np.repeat(asked, n, axis=0), stated)
    factors = spread(asked @ weights["asked_factors"]) * (stated @ weights["stated_factors"])
    hidden = batch.kept[0] * _swish(
        spread(asked @ weights["asked"])
        + stated @ weights["stated"]
        + PRODUCT_SCALE * factors @ weights["products"]
        + batch.marks @ weights["places"]
    )
    likely = _softmax(anp.reshape(cosines + hidden @ weights["rivals"], (size, n)) + batch.absent)
    hidden = batch.kept[1] * _swish(
        hidden @ weights["own"] + spread(pool(hidden) @ weights["beside"]) + weights["bias"]
    )
    scores = anp.reshape(cosines + hidden @ weights["answers"], (size, n)) + batch.absent
    none = anp.reshape(NONE_SCORE + pool(hidden) @ weights["none"], (size, 1))
    shares = _softmax(anp.concatenate([scores, none], axis=1))
    return -anp.mean(anp.log(anp.sum(shares * batch.right, axis=1) + _TINY))


def _softmax(scores: Any) -> Any:
    shares = anp.exp(scores - anp.max(scores, axis=1, keepdims=True))
    return shares / anp.sum(shares, axis=1, keepdims=True)


def _swish(x: Any) -> Any:
    return x * 0.5 * (1 + anp.tanh(0.5 * x))
