"""Any LlamaIndex embedding as the model of our embedder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

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
            raise self._make_error(exc) from exc

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns (dim,) by the embedding's query side."""
        try:
            return np.asarray(self._embedding.get_query_embedding(text), dtype=np.float32)
        except AssistantError:
            raise
        except Exception as exc:
            raise self._make_error(exc) from exc

    def _make_error(self, exc: Exception) -> ModelError:
        return ModelError(
            f"embedding {self.fingerprint!r} failed with {type(exc).__name__}; "
            "check its model, key and address"
        )
