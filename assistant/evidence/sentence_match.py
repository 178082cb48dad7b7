"""How well a sentence answers a question, learnt: a small network over the vectors of the two.

The cosine of MiniLM says what is about the same. A sentence that answers is of another make than
the question: that, where in an abstract what is asked for stands, and whether a better sentence
stands beside it, are learnt from questions with the sentences that answer them, and from questions
whose paper holds no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from assistant.files.arrays import read_arrays

MATCH_FILE = Path(__file__).parents[1] / "weights" / "sentence_match.npz"
"""The fields of SentenceMatch by name, float16. Source: fitted by evals/lab/fit.py."""

COSINE_SCALE = 15.0
"""What the cosine counts beside what is learnt.
Source: fits that chose it themselves ended at 9 to 18, by their penalty."""

NONE_SCORE = 10.0
"""What the choice that no sentence answers scores before its learnt part, beside cosines times
COSINE_SCALE. Source: where fits that chose it ended, about."""

PRODUCT_SCALE = 20.0
"""Brings products of two small factors to the size of the rest before anything is learnt."""

N_PLACES = 12
"""Places told apart from an abstract's start, and as many from its end; what is further counts as
the last of them."""


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """A network of two layers over the sentences of one paper; see ``score``.

    Of vectors of ``dim``, ``r`` products and ``h`` hidden units, all float32: ``asked_factors`` and
    ``stated_factors`` (dim, r), ``products`` (r, h), ``asked`` and ``stated`` (dim, h), ``places``
    (2 N_PLACES, h), ``rivals`` (h,), ``own`` and ``beside`` (h, h), ``bias`` (h,), ``answers`` and
    ``none`` (h,).
    """

    asked_factors: NDArray[np.float32]
    stated_factors: NDArray[np.float32]
    products: NDArray[np.float32]
    asked: NDArray[np.float32]
    stated: NDArray[np.float32]
    places: NDArray[np.float32]
    rivals: NDArray[np.float32]
    own: NDArray[np.float32]
    beside: NDArray[np.float32]
    bias: NDArray[np.float32]
    answers: NDArray[np.float32]
    none: NDArray[np.float32]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> SentenceMatch:
        """Returns the network whose weights ``arrays`` are, by the names of the fields.

        Raises:
            KeyError: one is missing.
        """
        return cls(**{f.name: arrays[f.name].astype(np.float32) for f in fields(cls)})

    def to_arrays(self, dtype: DTypeLike) -> dict[str, NDArray[Any]]:
        """Returns the weights by the names of the fields, as ``dtype``."""
        return {f.name: getattr(self, f.name).astype(dtype) for f in fields(self)}

    def score(
        self, question: NDArray[np.float32], papers: Sequence[NDArray[np.float32]]
    ) -> list[tuple[NDArray[np.float64], float]]:
        """Returns for each of ``papers`` the log shares of its sentences, and the log odds of any.

        A paper is the vectors of its sentences, (n >= 1, dim). The shares, (n,) float64 <= 0, are
        the logs of the probabilities that each answers where one does: exp of them sums to 1. The
        odds are those that one does at all.
        """
        if not papers:
            return []
        sizes = [len(sentences) for sentences in papers]
        starts = np.cumsum([0, *sizes[:-1]])
        paper_of = np.repeat(np.arange(len(papers)), sizes)
        sentences = np.concatenate(papers)
        cosines = COSINE_SCALE * (sentences @ question)
        factors = (question @ self.asked_factors) * (sentences @ self.stated_factors)
        hidden = swish(
            question @ self.asked
            + sentences @ self.stated
            + PRODUCT_SCALE * factors @ self.products
            + np.concatenate([mark_places(n) for n in sizes]) @ self.places
        )
        rivalry = (cosines + hidden @ self.rivals).astype(np.float64)
        weights = np.exp(rivalry - _add_logs(rivalry, starts)[paper_of]).astype(np.float32)
        rivals = np.add.reduceat(weights[:, None] * hidden, starts)
        hidden = swish(hidden @ self.own + (rivals @ self.beside)[paper_of] + self.bias)
        scores = (cosines + hidden @ self.answers).astype(np.float64)
        totals = _add_logs(scores, starts)
        shares = np.split(scores - totals[paper_of], starts[1:])
        none = NONE_SCORE + np.add.reduceat(weights * (hidden @ self.none), starts)
        return list(zip(shares, (totals - none).tolist(), strict=True))


def swish(x: NDArray[Any]) -> NDArray[np.float32]:
    """Returns x times its logistic function.

    Source: Ramachandran et al., "Searching for Activation Functions", 2017.
    """
    return np.asarray(x * 0.5 * (1 + np.tanh(0.5 * x)), dtype=np.float32)


def mark_places(n_sentences: int) -> NDArray[np.float32]:
    """Returns (n_sentences, 2 N_PLACES) float32: 1 at each one's place from start and from end."""
    marks = np.zeros((n_sentences, 2 * N_PLACES), dtype=np.float32)
    rows = np.arange(n_sentences)
    marks[rows, np.minimum(rows, N_PLACES - 1)] = 1
    marks[rows, N_PLACES + np.minimum(rows[::-1], N_PLACES - 1)] = 1
    return marks


def _add_logs(scores: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Returns the log of the sum of exponentials of each part of ``scores``."""
    tops = np.maximum.reduceat(scores, starts)
    sizes = np.diff([*starts, len(scores)])
    sums = np.add.reduceat(np.exp(scores - np.repeat(tops, sizes)), starts)
    return np.asarray(tops + np.log(sums))


@cache
def load_sentence_match() -> SentenceMatch:
    """Returns the network that comes with the package, for vectors of MiniLM alone."""
    return SentenceMatch.from_arrays(read_arrays(MATCH_FILE))
