"""A small embedding for tests that need another embedder than MiniLM."""

from __future__ import annotations

from typing import ClassVar

from llama_index.core.base.embeddings.base import BaseEmbedding


class LetterEmbedding(BaseEmbedding):
    """Counts of letters: deterministic, and texts of like spelling are near."""

    DIM: ClassVar[int] = 26

    def _get_text_embedding(self, text: str) -> list[float]:
        lowered = text.lower()
        return [lowered.count(chr(ord("a") + n)) + 0.01 for n in range(self.DIM)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
