"""A library snapshot held in memory, for tests that need no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.store.lexical_index import LexicalIndex
from assistant.text.sentences import split_sentences
from assistant.types import Filters, Paper, Passage, SentenceSpan


class MemorySnapshot:
    """One passage a paper, its vector the given one; the same reading methods as the store's."""

    def __init__(self, papers: Sequence[Paper], vectors: NDArray[np.float32]) -> None:
        self._papers = list(papers)
        self._vectors = vectors
        self.paper_ids = [paper.paper_id for paper in papers]
        self.n_papers = self.n_passages = len(papers)
        self.passage_papers = np.arange(len(papers), dtype=np.int32)
        self.lexical = LexicalIndex.build(f"{p.title}\n{p.abstract}" for p in papers)

    def paper(self, row: int) -> Paper:
        return self._papers[row]

    def passages(self, row: int) -> tuple[Passage, ...]:
        paper = self._papers[row]
        spans = split_sentences(paper.abstract)
        end = len(paper.abstract)
        return (Passage(f"{paper.paper_id}#1", paper.paper_id, paper.abstract, 0, end, spans, 0),)

    def sentences(self, row: int) -> tuple[SentenceSpan, ...]:
        return split_sentences(self._papers[row].abstract)

    def row(self, paper_id: str) -> int:
        if paper_id not in self.paper_ids:
            raise KeyError(paper_id)
        return self.paper_ids.index(paper_id)

    def papers(self) -> Iterator[Paper]:
        return iter(self._papers)

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        cosines = self._vectors @ vector
        rows = np.argsort(-cosines, kind="stable")[:top_k]
        return rows, cosines[rows]

    def cosines(
        self, vector: NDArray[np.float32], passage_rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        return (self._vectors if passage_rows is None else self._vectors[passage_rows]) @ vector

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Years and paper ids only: enough to see that a search obeys the mask."""
        return np.array(
            [
                (filters.year_from is None or (p.year or 0) >= filters.year_from)
                and (filters.year_to is None or (p.year or 9999) <= filters.year_to)
                and (not filters.paper_ids or p.paper_id in filters.paper_ids)
                for p in self._papers
            ],
            dtype=bool,
        )

    def close(self) -> None:
        pass
