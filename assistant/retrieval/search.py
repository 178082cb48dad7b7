"""A question -> the library's papers, best first: dense and lexical scores in one ranking.

The best papers of either side are candidates; every candidate gets its true score from both,
and, where the embedder gives words their own vectors, a third: how far the paper's words cover
the question's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import QuestionError
from assistant.retrieval.paper_words import PaperWordCache, PassageLibrary, WordSource
from assistant.retrieval.query import CleanedQuery, QueryCleaner
from assistant.retrieval.ranking import find_top_rows, fuse, standardise
from assistant.types import Filters

N_CANDIDATES = 100
"""Papers taken from either side. Source: measured, evals/lab/retrieval.py; 50 to 200 are alike."""


class SearchedLibrary(PassageLibrary, Protocol):
    """What search reads of a library's snapshot; rows count papers or passages from 0."""

    @property
    def n_papers(self) -> int:
        """Returns the number of papers."""
        ...

    @property
    def passage_papers(self) -> NDArray[np.int32]:
        """Returns the paper row of every passage row, ascending."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Returns the rows and cosines of the passages nearest to ``vector``."""
        ...

    def cosines(
        self, vector: NDArray[np.float32], passage_rows: NDArray[np.int64] | None
    ) -> NDArray[np.float32]:
        """Returns the exact cosines of ``passage_rows``, or of all, to ``vector``."""
        ...

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Returns which papers ``filters`` allow, (n_papers,)."""
        ...


class QueryEmbedder(Protocol):
    """What search needs of an embedder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns the L2-normalised vector of ``text``, (dim,) float32."""
        ...


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper found, with what its place rests on.

    ``score`` orders the papers of one search and means nothing across searches. ``dense`` is
    the cosine of its best passage, [-1, 1]; ``lexical`` is BM25, >= 0; ``dense_z`` and
    ``lexical_z`` are the two, standardised over this search's candidates; ``coverage`` is the
    share in [0, 1] of the idf of the question's terms whose terms the paper holds;
    ``soft_coverage`` the same by meaning, [0, 1], or None where words have no vectors.
    """

    row: int
    score: float
    dense: float
    lexical: float
    dense_z: float
    lexical_z: float
    coverage: float
    soft_coverage: float | None = None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A search and its evidence: papers best first, the query as cleaned and as embedded.

    ``n_searched`` counts the papers that the filters allowed.
    """

    query: CleanedQuery
    vector: NDArray[np.float32]
    papers: tuple[RankedPaper, ...]
    n_searched: int


class PaperSearch:
    """Ranks the papers of one library snapshot for a question."""

    def __init__(
        self,
        library: SearchedLibrary,
        embedder: QueryEmbedder,
        words: WordSource | None = None,
    ) -> None:
        """Searches ``library``; ``words`` is None for models that give words no vectors."""
        self._library = library
        self._embedder = embedder
        self._cleaner = QueryCleaner(library.lexical)
        self._words = None if words is None else PaperWordCache(library, words)

    def search(self, question: str, top_k: int = 10, filters: Filters | None = None) -> Retrieval:
        """Returns the at most ``top_k`` best papers among those that ``filters`` allow.

        Raises:
            QuestionError: ``top_k`` is less than 1.
        """
        if top_k < 1:
            raise QuestionError(f"cannot return {top_k!r} papers; ask for 1 or more")
        library = self._library
        query = self.clean(question)
        vector = self._embedder.embed_query(query.text)
        allowed = library.matching(filters) if filters else None
        n_searched = library.n_papers if allowed is None else int(allowed.sum())
        lexical = library.lexical.score(query.terms)
        rows = self._find_candidates(vector, lexical, allowed, max(N_CANDIDATES, top_k))
        if rows.size == 0:
            return Retrieval(query, vector, (), n_searched)
        dense, lexical = self.score_dense(vector, rows), lexical[rows]
        soft = None if self._words is None else self._words.compute_coverage(query.text, rows)
        fused = fuse(dense, lexical) if soft is None else fuse(dense, lexical, soft)
        best = find_top_rows(fused, top_k)
        papers = zip(
            rows[best].tolist(),
            fused[best].tolist(),
            dense[best].tolist(),
            lexical[best].tolist(),
            standardise(dense)[best].tolist(),
            standardise(lexical)[best].tolist(),
            self._compute_coverage(query.terms, rows[best]).tolist(),
            [None] * len(best) if soft is None else soft[best].tolist(),
            strict=True,
        )
        return Retrieval(
            query, vector, tuple(RankedPaper(*values) for values in papers), n_searched
        )

    def clean(self, question: str) -> CleanedQuery:
        """Returns ``question`` as it is searched for in this library."""
        return self._cleaner.clean(question)

    def _find_candidates(
        self,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        allowed: NDArray[np.bool_] | None,
        n: int,
    ) -> NDArray[np.int64]:
        """Returns the rows of the ``n`` best allowed papers of either side, ascending."""
        library = self._library
        if library.n_papers == 0:
            return np.zeros(0, dtype=np.int64)
        if allowed is not None:
            return self._find_allowed_candidates(vector, lexical, np.flatnonzero(allowed), n)
        passages, _ = library.nearest(vector, min(n, len(library.passage_papers)))
        return np.union1d(library.passage_papers[passages], find_top_rows(lexical, n)).astype(
            np.int64
        )

    def _find_allowed_candidates(
        self,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        rows: NDArray[np.int64],
        n: int,
    ) -> NDArray[np.int64]:
        """Returns the ``n`` best of ``rows`` by either side, by exact scores, ascending.

        An approximate search cannot be filtered afterwards: what it finds may all be excluded.
        """
        if rows.size <= n:
            return rows
        dense = self.score_dense(vector, rows)
        return np.union1d(rows[find_top_rows(dense, n)], rows[find_top_rows(lexical[rows], n)])

    def score_dense(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Returns each paper's highest cosine over its passages, (len(rows),) float32.

        ``rows`` are ascending, and so are the papers of the passages; a paper without any has 0.
        """
        of = self._library.passage_papers
        first = np.searchsorted(of, rows, side="left")
        n_passages = np.searchsorted(of, rows, side="right") - first
        starts = np.cumsum(n_passages) - n_passages
        passages = np.arange(int(n_passages.sum())) + np.repeat(first - starts, n_passages)
        best = np.zeros(rows.size, dtype=np.float32)
        filled = n_passages > 0
        if filled.any():
            cosines = self._library.cosines(vector, passages)
            best[filled] = np.maximum.reduceat(cosines, starts[filled])
        return best

    def _compute_coverage(
        self, terms: Sequence[str], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Returns the share of the idf of ``terms`` that each of ``rows`` holds, [0, 1]."""
        index = self._library.lexical
        held = np.zeros(rows.size)
        total = 0.0
        for term in terms:
            idf = index.idf(term)
            total += idf
            held += idf * np.isin(rows, index.find_postings(term)[0])
        return held / total if total else held
