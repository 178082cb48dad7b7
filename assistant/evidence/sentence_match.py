"""How well a sentence answers a question, learnt: a bilinear form of the two's vectors.

The cosine of MiniLM says what is about the same; a sentence that answers is of another make than
the question, and that much of it is learnt from questions with the sentences that answer them,
and from questions whose paper holds no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.array_files import map_array

MATCH_FILE = Path(__file__).parents[1] / "weights" / "sentence_match.npy"
"""(dim, 2 rank + 2) float16: ``asked``, ``stated``, ``bias`` and ``none`` side by side.
Source: fitted by evals/lab/fit.py."""

COSINE_SCALE = 15.0
"""What the cosine counts beside the learnt form.
Source: fits that chose it themselves ended at 9 to 18, by their penalty."""


NONE_SCORE = 10.0
"""What the choice that no sentence answers scores before its learnt part, beside cosines times
COSINE_SCALE. Source: where fits that chose it ended, about."""


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """Scores of sentences for a question, and of the choice that none answers, higher is better.

    score(q, s) = COSINE_SCALE q.s + (asked' q).(stated' s) + bias.s, and none(q) = NONE_SCORE +
    none.q. ``asked`` and ``stated`` are (dim, rank), ``bias`` and ``none`` (dim,), all float64.
    """

    asked: NDArray[np.float64]
    stated: NDArray[np.float64]
    bias: NDArray[np.float64]
    none: NDArray[np.float64]

    def score(
        self, question: NDArray[np.float32], sentences: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], float]:
        """Returns the log shares of a paper's ``sentences`` (n, dim), and the log odds of any.

        The shares, (n,) float64 <= 0, are the logs of the probabilities that each answers where
        one does: exp of them sums to 1. The odds are those that one does at all.
        """
        q, s = question.astype(np.float64), sentences.astype(np.float64)
        scores = COSINE_SCALE * (s @ q) + (s @ self.stated) @ (q @ self.asked) + s @ self.bias
        top = scores.max(initial=-np.inf)
        total = top + np.log(np.exp(scores - top).sum())
        return scores - total, float(total - NONE_SCORE - q @ self.none)


@cache
def load_sentence_match() -> SentenceMatch:
    """Returns the form that comes with the package, for vectors of MiniLM alone."""
    columns = np.array(map_array(MATCH_FILE), dtype=np.float64)
    rank = columns.shape[1] // 2 - 1
    asked, stated = columns[:, :rank], columns[:, rank : 2 * rank]
    return SentenceMatch(asked, stated, columns[:, -2], columns[:, -1])
