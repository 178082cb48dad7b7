"""Words as a transformer sees them in their text: small vectors that compare word with word.

A sentence encoder's last layer holds one state for each word piece; its pooled vector is their
mean, so these come with it at no further cost. Kept are the words that carry content, each as
one vector of 64 small integers: about 7 kB a paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.files.arrays import map_array
from assistant.text.terms import extract_terms

PROJECTION_FILE = Path(__file__).parents[1] / "weights" / "word_projection.npy"
WORD_DIM = 64
"""Dimensions kept of a state.
Source: measured, evals/lab/fit_projection.py; 48 to 384 rank alike."""

_SCALE = 127
_SPAN_BYTES = 8


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The content words of one text in order.

    ``spans`` (n_words, 2) int32 are their character offsets in the text that was embedded;
    ``vectors`` (n_words, 64) int8 are unit vectors times 127.
    """

    spans: NDArray[np.int32]
    vectors: NDArray[np.int8]

    def to_bytes(self) -> bytes:
        """Returns spans and vectors one after the other, for a cache."""
        return self.spans.astype("<i4").tobytes() + self.vectors.tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes) -> WordVectors:
        """Returns what ``to_bytes`` wrote.

        Raises:
            ValueError: ``blob`` has a length that no number of words gives.
        """
        n_words, rest = divmod(len(blob), _SPAN_BYTES + WORD_DIM)
        if rest:
            raise ValueError(f"{len(blob)!r} bytes are no word vectors")
        spans = np.frombuffer(blob, dtype="<i4", count=2 * n_words).reshape(n_words, 2)
        vectors = np.frombuffer(blob, dtype=np.int8, offset=_SPAN_BYTES * n_words)
        return cls(spans.astype(np.int32), vectors.reshape(n_words, WORD_DIM))


def compute_word_vectors(
    text: str,
    word_ids: Sequence[int | None],
    offsets: Sequence[tuple[int, int]],
    states: NDArray[np.float32],
) -> WordVectors:
    """Returns the vectors of the content words of ``text``.

    ``states`` (n_pieces, dim) float32 are the word pieces' last states, ``offsets`` their places
    in ``text`` and ``word_ids`` the word each belongs to, None for the model's own pieces. A word
    counts as content where it has terms.
    """
    spans: list[tuple[int, int]] = []
    pieces: list[list[int]] = []
    last: int | None = None
    for piece, (word_id, (start, end)) in enumerate(zip(word_ids, offsets, strict=True)):
        if word_id is None:
            continue
        if word_id == last:
            spans[-1] = (spans[-1][0], end)
            pieces[-1].append(piece)
        else:
            spans.append((start, end))
            pieces.append([piece])
        last = word_id
    content = [word for word, (start, end) in enumerate(spans) if extract_terms(text[start:end])]
    units = _normalise(states)
    means = [units[pieces[word]].mean(axis=0) for word in content]
    reduced = _normalise(
        np.array(means, dtype=np.float32).reshape(-1, states.shape[1]) @ _load_projection().T
    )
    return WordVectors(
        np.array([spans[word] for word in content], dtype=np.int32).reshape(-1, 2),
        np.rint(reduced * _SCALE).astype(np.int8),
    )


def compute_soft_coverage(
    query: NDArray[np.int8],
    weights: NDArray[np.float32],
    words: NDArray[np.int8],
    starts: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Returns how much of a question's meaning each text covers, (n_texts,) float32 in [0, 1].

    ``query`` (n_query_words, 64) and ``words`` (n_words, 64) are word vectors, the latter those
    of all texts one after the other; text i begins at ``starts[i]``, ascending, and may be empty.
    Every question word finds its nearest word in the text; the squared cosines, those below 0
    taken as 0, are averaged with the question words' ``weights`` (n_query_words,), >= 0.

    Source: the MaxSim operator of Khattab & Zaharia, "ColBERT", 2020, section 3.3; squares and
    idf weights measured: evals/lab/retrieval.py.
    """
    n_words = np.diff(np.append(starts, len(words)))
    total = float(weights.sum())
    covered = np.zeros(len(starts), dtype=np.float32)
    filled = n_words > 0
    if total <= 0 or not filled.any():
        return covered
    cosines = (query.astype(np.float32) / _SCALE) @ (words.astype(np.float32) / _SCALE).T
    best = np.maximum.reduceat(np.maximum(cosines, 0.0), starts[filled], axis=1)
    covered[filled] = np.minimum(weights @ best**2 / total, 1.0)
    return covered


@cache
def _load_projection() -> NDArray[np.float32]:
    """Returns the directions kept of a state, (64, dim) float32, orthonormal rows."""
    return np.asarray(map_array(PROJECTION_FILE), dtype=np.float32)


def _normalise(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns ``rows`` at length 1; a row of zeros stays as it is."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1.0), dtype=np.float32)
