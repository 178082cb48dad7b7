"""Our MiniLM as a LlamaIndex embedding."""

from __future__ import annotations

from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from assistant.embeddings.minilm import FINGERPRINT, MiniLM


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
        return _to_floats(self._model.embed_query(text))

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [_to_floats(vector) for vector in self._model.encode(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return _to_floats(self._model.embed_query(query))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _to_floats(vector: NDArray[np.float32]) -> list[float]:
    floats: list[float] = vector.tolist()
    return floats
