"""LlamaIndex's embedding seam, both ways: any of theirs in ours, and ours in theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from assistant.embeddings.minilm import FINGERPRINT, MiniLM
from assistant.errors import AssistantError, ModelError


class LlamaModel:
    """A LlamaIndex embedding as the embedder's model; its query and text sides stay apart."""

    dim: int | None = None

    def __init__(self, embedding: BaseEmbedding) -> None:
        self._embedding = embedding
        self.fingerprint = f"{type(embedding).__qualname__}:{embedding.model_name}"

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns (n_texts, dim) by the embedding's text side."""
        try:
            vectors = self._embedding.get_text_embedding_batch(list(texts))
            return np.asarray(vectors, dtype=np.float32)
        except AssistantError:
            raise
        except Exception as exc:
            raise self._failed(exc) from exc

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns (dim,) by the embedding's query side."""
        try:
            return np.asarray(self._embedding.get_query_embedding(text), dtype=np.float32)
        except AssistantError:
            raise
        except Exception as exc:
            raise self._failed(exc) from exc

    def _failed(self, exc: Exception) -> ModelError:
        return ModelError(
            f"embedding {self.fingerprint!r} failed with {type(exc).__name__}; "
            "check its model, key and address"
        )


class MiniLMEmbedding(BaseEmbedding):
    """MiniLM for a LlamaIndex pipeline: the vectors that the assistant itself uses."""

    _model: MiniLM = PrivateAttr()

    def __init__(self, **fields: Any) -> None:
        super().__init__(**{"model_name": FINGERPRINT, **fields})
        self._model = MiniLM()

    @classmethod
    def class_name(cls) -> str:
        """Returns the name LlamaIndex stores the embedding under."""
        return "MiniLMEmbedding"

    def _get_text_embedding(self, text: str) -> list[float]:
        return _floats(self._model.embed_query(text))

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [_floats(vector) for vector in self._model.encode(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return _floats(self._model.embed_query(query))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _floats(vector: NDArray[np.float32]) -> list[float]:
    floats: list[float] = vector.tolist()
    return floats
