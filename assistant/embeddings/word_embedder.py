"""MiniLM with the vectors of a text's words, both from one pass of the model, both cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.embeddings.minilm import FINGERPRINT, MiniLM
from assistant.text.word_vectors import WordVectors, compute_word_vectors

WORDS_FINGERPRINT = f"{FINGERPRINT}:words1"
"""Names the model, the projection and which words are kept; to be raised when one changes."""

_TEXTS_A_COMMIT = 64  # what a kill costs at most, and rows enough for one transaction
_REMEMBERED_QUESTIONS = 1_000

TextVectors = tuple[NDArray[np.float32], WordVectors]
"""A text's vector, (384,) float32, L2-normalised, and those of its words."""


class WordMiniLM(MiniLM):
    """MiniLM that gives a text's vector and its words' vectors together."""

    def embed_with_words(self, texts: Sequence[str]) -> list[TextVectors]:
        """Returns vector and word vectors of each of ``texts``.

        Raises:
            ModelError: a file of the model is missing or not the one it should be.
        """
        found: dict[int, TextVectors] = {}
        for reading in self.read(texts):
            mean = reading.states.mean(axis=0)
            vector = np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
            encoding = reading.encoding
            words = compute_word_vectors(
                texts[reading.row], encoding.word_ids, encoding.offsets, reading.states
            )
            found[reading.row] = (vector, words)
        return [found[row] for row in range(len(texts))]


class WordEmbedder:
    """Vectors and word vectors of passages and questions, passed through the model once.

    Passages are kept in ``cache``: their vectors where an Embedder of the same model looks for
    them, their words under a fingerprint of their own. Questions are kept in memory only.
    """

    def __init__(self, model: WordMiniLM, cache: EmbeddingCache) -> None:
        self.model = model
        self.cache = cache
        self._questions: OrderedDict[str, TextVectors] = OrderedDict()
        self._lock = Lock()

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns the vector of a question, (384,) float32, L2-normalised."""
        return self._embed_question(text)[0]

    def embed_query_words(self, text: str) -> WordVectors:
        """Returns the word vectors of a question; after ``embed_query`` they cost nothing."""
        return self._embed_question(text)[1]

    def is_everyday(self, word: str) -> bool:
        """Returns whether ``word`` is one piece of the model's vocabulary: common in English."""
        return self.model.count_pieces(word) == 1

    def embed_words(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[WordVectors]:
        """Returns the word vectors of each of ``texts``; what is new is embedded and cached.

        ``progress`` is told how many of the texts are done.

        Raises:
            ModelError: the model cannot be used.
            StoreError: the cache cannot be written.
        """
        keys = [hash_text(text) for text in texts]
        cached = self.cache.get(WORDS_FINGERPRINT, list(dict.fromkeys(keys)))
        found = {key: WordVectors.from_bytes(blob.tobytes()) for key, blob in cached.items()}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        # Longest first: batches of like lengths, and the time left is not promised too short.
        order = sorted(missing, key=lambda key: -len(missing[key]))
        for start in range(0, len(order), _TEXTS_A_COMMIT):
            part = order[start : start + _TEXTS_A_COMMIT]
            made = dict(
                zip(part, self.model.embed_with_words([missing[k] for k in part]), strict=True)
            )
            found.update({key: words for key, (_, words) in made.items()})
            self.cache.put(FINGERPRINT, {key: vector for key, (vector, _) in made.items()})
            self.cache.put(WORDS_FINGERPRINT, {k: view_as_floats(w) for k, (_, w) in made.items()})
            if progress:
                progress(len(texts) - len(order) + start + len(part))
        return [found[key] for key in keys]

    def _embed_question(self, text: str) -> TextVectors:
        with self._lock:
            if text in self._questions:
                self._questions.move_to_end(text)
                return self._questions[text]
        (embedded,) = self.model.embed_with_words([text])
        with self._lock:
            self._questions[text] = embedded
            if len(self._questions) > _REMEMBERED_QUESTIONS:
                self._questions.popitem(last=False)
        return embedded


def view_as_floats(words: WordVectors) -> NDArray[np.float32]:
    """Returns the bytes of ``words`` as the cache stores them: bits of float32, not numbers."""
    return np.frombuffer(words.to_bytes(), dtype=np.float32)
