"""Texts to vectors, each text once: a model behind a cache.

The model is MiniLM from its wheel, an OpenAI-compatible server, or any LlamaIndex BaseEmbedding.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.errors import ModelError, SettingsError, StoreError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from assistant.embeddings.word_embedder import WordEmbedder

Progress = Callable[[int], None]
"""Told how many of the texts given are done."""

_TEXTS_A_COMMIT = 64  # what a kill costs at most, and rows enough for one transaction
_REMEMBERED_VECTORS = 20_000  # 31 MB at 384 dimensions
_MIN_NORM = 1e-6


class EmbeddingModel(Protocol):
    """What turns texts into vectors; norms need not be 1."""

    fingerprint: str
    dim: int | None
    """The length of a vector; None where only an answer can tell."""

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns (n_texts, dim) for texts that are stored."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns (dim,) for a question."""


class Embedder:
    """An embedding model whose vectors are kept on disk and the latest in memory.

    ``fingerprint`` names the model and its version: vectors of different fingerprints must never
    meet in one index. ``notices`` are sentences about the cache that a person should see.
    """

    def __init__(
        self, model: EmbeddingModel, cache: EmbeddingCache, words: WordEmbedder | None = None
    ) -> None:
        """Embeds with ``model``; ``words`` is None for models that give words no vectors."""
        self._model = model
        self.cache = cache
        self.words = words
        self._dim = model.dim
        self._recent = _Recent(_REMEMBERED_VECTORS)
        self._recent_queries = _Recent(_REMEMBERED_VECTORS)

    @property
    def fingerprint(self) -> str:
        """The model and its version, such as 'minilm-l6-v2:8199be6f'."""
        return self._model.fingerprint

    @property
    def dim(self) -> int:
        """The length of a vector; a server that was not asked yet is asked once."""
        if self._dim is None:
            self._dim = self.embed_query("dimension").size
        return self._dim

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        return tuple(self.cache.notices)

    def embed(
        self,
        texts: Sequence[str],
        progress: Progress | None = None,
        *,
        durable: bool = False,
    ) -> NDArray[np.float32]:
        """Returns the vectors of ``texts``, (n_texts, dim) float32, L2-normalised.

        Equal texts are embedded once, and none that the cache holds. New vectors are stored
        every few batches, so that work that was cut short goes on from there. Where they cannot
        be stored, that is a notice, or with ``durable`` an error.

        Raises:
            ModelError: the model cannot be reached or gives vectors that cannot be used.
            StoreError: with ``durable``, the cache cannot be written.
        """
        vectors = self._recent.get(texts)
        missing = list(dict.fromkeys(text for text in texts if text not in vectors))
        keys = {text: hash_text(text) for text in missing}
        cached = self.cache.get(self.fingerprint, list(keys.values()))
        for text, key in keys.items():
            vector = cached.get(key)
            if vector is not None and self._dim in (None, vector.size):
                vectors[text] = vector
        new = [text for text in missing if text not in vectors]
        n_known = len(texts) - len(new)
        if progress and n_known:
            progress(n_known)
        # Longest first: batches of like lengths waste no padding, and the time left is not
        # promised too short.
        new.sort(key=len, reverse=True)
        for start in range(0, len(new), _TEXTS_A_COMMIT):
            part = new[start : start + _TEXTS_A_COMMIT]
            made = dict(zip(part, self._normalise(self._model.embed_texts(part)), strict=True))
            vectors.update(made)
            self._keep({keys[text]: vector for text, vector in made.items()}, durable)
            if progress:
                progress(n_known + start + len(part))
        self._recent.put({text: vectors[text] for text in missing})
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        if len({vector.size for vector in vectors.values()}) > 1:
            raise self._make_error("vectors of another length than before")
        return np.stack([vectors[text] for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns the vector of a question, (dim,) float32, L2-normalised.

        Raises:
            ModelError: as ``embed``.
        """
        known = self._recent_queries.get([text])
        if text not in known:
            vector: NDArray[np.float32] = self._normalise(
                self._model.embed_query(text)[np.newaxis]
            )[0]
            self._recent_queries.put({text: vector})
            return vector
        return known[text]

    def load_ahead(self) -> None:
        """Begins to load a model that lies on disk, so that the first question waits less."""
        if self.words is not None:
            self.words.model.load_ahead()

    def close(self) -> None:
        """Closes the cache."""
        self.cache.close()

    def _normalise(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns ``vectors`` at length 1, or refuses those that no cosine can be taken of."""
        if vectors.ndim != 2 or self._dim not in (None, vectors.shape[1]):
            raise self._make_error(f"vectors of shape {vectors.shape}")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or (norms < _MIN_NORM).any():
            raise self._make_error("a vector that is zero or not a number")
        self._dim = vectors.shape[1]
        return np.asarray(vectors / norms, dtype=np.float32)

    def _make_error(self, what: str) -> ModelError:
        expected = f"expected {self._dim} finite numbers each" if self._dim else "expected numbers"
        return ModelError(
            f"embedding model {self.fingerprint!r} gave {what}, {expected}; choose another model"
        )

    def _keep(self, vectors: dict[bytes, NDArray[np.float32]], durable: bool) -> None:
        try:
            self.cache.put(self.fingerprint, vectors)
        except StoreError as exc:
            if durable:
                raise
            if str(exc) not in self.cache.notices:
                self.cache.notices.append(str(exc))


class _Recent:
    """The vectors used last, by text; safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def get(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in found:
                self._vectors.move_to_end(text)
            return found

    def put(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            self._vectors.update(vectors)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)


def open_embedder(
    name: str = "minilm",
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    cache_path: Path | None = None,
    override: BaseEmbedding | None = None,
    n_threads: int | None = None,
) -> Embedder:
    """Returns the embedder called ``name``: 'minilm' or 'openai:MODEL'.

    ``override`` is a LlamaIndex embedding to use in place of the named one. ``cache_path`` is
    the SQLite file of the cache; None keeps vectors in memory.

    Raises:
        SettingsError: there is no embedder of that name.
        ModelError: a model's file is missing or damaged.
    """
    cache = EmbeddingCache(cache_path)
    if name == "minilm" and override is None:
        from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM

        minilm = WordMiniLM(n_threads)
        return Embedder(minilm, cache, WordEmbedder(minilm, cache))
    return Embedder(_open_model(name, base_url, api_key, override), cache)


def _open_model(
    name: str,
    base_url: str | None,
    api_key: str | None,
    override: BaseEmbedding | None,
) -> EmbeddingModel:
    """Returns the model; each is imported only where it is used, for they load slowly."""
    if override is not None:
        from assistant.embeddings.llama_embedding import LlamaModel

        return LlamaModel(override)
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        from assistant.embeddings.openai_embedding import OpenAIModel

        return OpenAIModel(model, base_url=base_url, api_key=api_key)
    raise SettingsError(f"unknown embedding {name!r}; use 'minilm' or 'openai:MODEL'")
