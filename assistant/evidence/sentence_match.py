"""How well a sentence answers a question, learnt: a bilinear form of the two's vectors.

The cosine of MiniLM says what is about the same; a sentence that answers is of another make than
the question, and that much of it is learnt from questions with the sentences that answer them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.array_files import map_array

MATCH_FILE = Path(__file__).parents[1] / "weights" / "sentence_match.npy"
"""(dim, 2 rank + 1) float16: ``asked``, ``stated`` and ``bias`` side by side.
Source: fitted by evals/lab/fit.py."""

COSINE_SCALE = 15.0
"""What the cosine counts beside the learnt form.
Source: fits that chose it themselves ended at 9 to 18, by their penalty."""


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """score(q, s) = COSINE_SCALE q.s + (asked' q).(stated' s) + bias.s, higher is better.

    ``asked`` and ``stated`` are (dim, rank), ``bias`` (dim,), all float64.
    """

    asked: NDArray[np.float64]
    stated: NDArray[np.float64]
    bias: NDArray[np.float64]

    def score(
        self, question: NDArray[np.float32], sentences: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Returns the log share of each of a paper's ``sentences`` (n, dim), (n,) float64 <= 0.

        exp of it sums to 1: the probabilities that each answers, supposing that one does.
        """
        q, s = question.astype(np.float64), sentences.astype(np.float64)
        scores = COSINE_SCALE * (s @ q) + (s @ self.stated) @ (q @ self.asked) + s @ self.bias
        scores -= scores.max(initial=-np.inf)
        shares: NDArray[np.float64] = scores - np.log(np.exp(scores).sum())
        return shares


@cache
def load_sentence_match() -> SentenceMatch:
    """Returns the form that comes with the package, for vectors of MiniLM alone."""
    columns = np.array(map_array(MATCH_FILE), dtype=np.float64)
    rank = columns.shape[1] // 2
    return SentenceMatch(columns[:, :rank], columns[:, rank : 2 * rank], columns[:, -1])
