"""A question -> the library's papers, best first: dense and lexical scores in one ranking.

The best papers of either side are candidates; every candidate gets its true score from both,
and, where the embedder gives words their own vectors, a third: how far the paper's words cover
the question's.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.chunking import passage_text
from assistant.errors import QuestionError
from assistant.lexical import LexicalIndex
from assistant.query import CleanedQuery, QueryCleaner
from assistant.ranking import fuse, standardise, top_rows
from assistant.terms import terms
from assistant.types import Filters, Paper, Passage
from assistant.word_vectors import WORD_DIM, WordVectors, soft_coverage

N_CANDIDATES = 100
"""Papers taken from either side. Source: measured, evals/retrieval.py; 50 to 200 are alike."""

REMEMBERED_PAPERS = 5_000
"""Papers whose word vectors stay in memory, 7 kB each."""


class SearchedLibrary(Protocol):
    """What search reads of a library's snapshot; rows count papers or passages from 0."""

    @property
    def n_papers(self) -> int:
        """Returns the number of papers."""
        ...

    @property
    def passage_papers(self) -> NDArray[np.int32]:
        """Returns the paper row of every passage row, ascending."""
        ...

    @property
    def lexical(self) -> LexicalIndex:
        """Returns BM25 over the papers, by paper row."""
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

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        ...

    def passages(self, row: int) -> Sequence[Passage]:
        """Returns the passages of the paper in ``row``."""
        ...

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Returns which papers ``filters`` allow, (n_papers,)."""
        ...


class QueryEmbedder(Protocol):
    """What search needs of an embedder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns the L2-normalised vector of ``text``, (dim,) float32."""
        ...


class WordEmbedder(Protocol):
    """An embedder whose model sees each word in its text, with the vectors cached."""

    def words(self, texts: Sequence[str]) -> Sequence[WordVectors]:
        """Returns the word vectors of each of ``texts``."""
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

    ``best_dense`` and ``best_lexical`` are each side's own maximum over the searched papers;
    the paper ranked first need not have either. ``n_searched`` counts the papers that the
    filters allowed.
    """

    query: CleanedQuery
    vector: NDArray[np.float32]
    papers: tuple[RankedPaper, ...]
    best_dense: float
    best_lexical: float
    n_searched: int


class PaperSearch:
    """Ranks the papers of one library snapshot for a question."""

    def __init__(
        self,
        library: SearchedLibrary,
        embedder: QueryEmbedder,
        words: WordEmbedder | None = None,
    ) -> None:
        """Searches ``library``; ``words`` is None for models that give words no vectors."""
        self._library = library
        self._embedder = embedder
        self._cleaner = QueryCleaner(library.lexical)
        self._words = None if words is None else _PaperWords(library, words)

    def search(self, question: str, top_k: int = 10, filters: Filters | None = None) -> Retrieval:
        """Returns the at most ``top_k`` best papers among those that ``filters`` allow.

        Raises:
            QuestionError: ``top_k`` is less than 1.
        """
        if top_k < 1:
            raise QuestionError(f"cannot return {top_k!r} papers; ask for 1 or more")
        library = self._library
        query = self._cleaner.clean(question)
        vector = self._embedder.embed_query(query.text)
        allowed = library.matching(filters) if filters else None
        n_searched = library.n_papers if allowed is None else int(allowed.sum())
        lexical = library.lexical.scores(query.terms)
        rows = self._candidates(vector, lexical, allowed, max(N_CANDIDATES, top_k))
        if rows.size == 0:
            return Retrieval(query, vector, (), 0.0, 0.0, n_searched)
        dense, lexical = self._dense(vector, rows), lexical[rows]
        soft = None if self._words is None else self._words.coverage(query.text, rows)
        fused = fuse(dense, lexical) if soft is None else fuse(dense, lexical, soft)
        best = top_rows(fused, top_k)
        papers = zip(
            rows[best].tolist(),
            fused[best].tolist(),
            dense[best].tolist(),
            lexical[best].tolist(),
            standardise(dense)[best].tolist(),
            standardise(lexical)[best].tolist(),
            self._coverage(query.terms, rows[best]).tolist(),
            [None] * len(best) if soft is None else soft[best].tolist(),
            strict=True,
        )
        return Retrieval(
            query,
            vector,
            tuple(RankedPaper(*values) for values in papers),
            float(dense.max()),
            float(lexical.max()),
            n_searched,
        )

    def _candidates(
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
            return self._allowed_candidates(vector, lexical, np.flatnonzero(allowed), n)
        passages, _ = library.nearest(vector, min(n, len(library.passage_papers)))
        return np.union1d(library.passage_papers[passages], top_rows(lexical, n)).astype(np.int64)

    def _allowed_candidates(
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
        dense = self._dense(vector, rows)
        return np.union1d(rows[top_rows(dense, n)], rows[top_rows(lexical[rows], n)])

    def _dense(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Returns each paper's highest cosine over its passages, (len(rows),) float32.

        ``rows`` are ascending, and so are the papers of the passages.
        """
        of = self._library.passage_papers
        first = np.searchsorted(of, rows, side="left")
        n_passages = np.searchsorted(of, rows, side="right") - first
        starts = np.cumsum(n_passages) - n_passages
        passages = np.arange(int(n_passages.sum())) + np.repeat(first - starts, n_passages)
        cosines = self._library.cosines(vector, passages)
        return np.maximum.reduceat(cosines, starts)

    def _coverage(self, terms: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Returns the share of the idf of ``terms`` that each of ``rows`` holds, [0, 1]."""
        index = self._library.lexical
        held = np.zeros(rows.size)
        total = 0.0
        for term in terms:
            idf = index.idf(term)
            total += idf
            held += idf * np.isin(rows, index.postings(term)[0])
        return held / total if total else held


class _PaperWords:
    """The word vectors of a library's papers, those used last kept in memory."""

    def __init__(self, library: SearchedLibrary, words: WordEmbedder) -> None:
        self._library = library
        self._words = words
        self._recent: OrderedDict[int, NDArray[np.int8]] = OrderedDict()
        self._lock = Lock()

    def coverage(self, question: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Returns how far each of ``rows`` covers the words of ``question``, [0, 1]."""
        (asked,) = self._words.words([question])
        texts = [terms(question[start:end]) for start, end in asked.spans.tolist()]
        idf = self._library.lexical.idf
        weights = np.array([max(map(idf, found)) for found in texts], dtype=np.float32)
        papers = self._of(rows.tolist())
        sizes = np.array([len(paper) for paper in papers])
        return soft_coverage(
            asked.vectors, weights, np.concatenate(papers), np.cumsum(sizes) - sizes
        )

    def _of(self, rows: list[int]) -> list[NDArray[np.int8]]:
        """Returns each paper's word vectors, those of all its passages together."""
        with self._lock:
            known = {row: self._recent[row] for row in rows if row in self._recent}
        missing = [row for row in rows if row not in known]
        texts = {row: self._texts(row) for row in missing}
        flat = self._words.words([text for row in missing for text in texts[row]])
        found = iter(flat)
        none = np.zeros((0, WORD_DIM), dtype=np.int8)
        for row in missing:
            known[row] = np.concatenate([none, *(next(found).vectors for _ in texts[row])])
        with self._lock:
            for row in rows:
                self._recent[row] = known[row]
                self._recent.move_to_end(row)
            while len(self._recent) > REMEMBERED_PAPERS:
                self._recent.popitem(last=False)
        return [known[row] for row in rows]

    def _texts(self, row: int) -> list[str]:
        title = self._library.paper(row).title
        return [passage_text(title, passage) for passage in self._library.passages(row)]
