"""How far papers cover a question's words by meaning, word by word."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.query import Vocabulary
from assistant.text.passages import format_passage
from assistant.text.terms import extract_terms
from assistant.text.word_vectors import WORD_DIM, WordVectors, compute_soft_coverage
from assistant.types import Paper, Passage

REMEMBERED_PAPERS = 5_000
"""Papers whose word vectors stay in memory, 7 kB each."""


class LexicalScores(Vocabulary, Protocol):
    """What search reads of a library's lexical index."""

    def score(self, query_terms: Iterable[str]) -> NDArray[np.float32]:
        """Returns BM25 of every paper for the terms, (n_papers,) float32, >= 0."""
        ...

    def find_postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Returns the rows of the papers that hold ``term``, ascending, and their scores."""
        ...


class PassageLibrary(Protocol):
    """What is read of a library's snapshot here."""

    @property
    def lexical(self) -> LexicalScores:
        """Returns BM25 over the papers, by paper row."""
        ...

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        ...

    def passages(self, row: int) -> Sequence[Passage]:
        """Returns the passages of the paper in ``row``."""
        ...


class WordSource(Protocol):
    """An embedder whose model sees each word in its text, with the vectors cached."""

    def embed_words(self, texts: Sequence[str]) -> Sequence[WordVectors]:
        """Returns the word vectors of each of ``texts``, passages of the library."""
        ...

    def embed_query_words(self, text: str) -> WordVectors:
        """Returns the word vectors of a question."""
        ...


class PaperWordCache:
    """The word vectors of a library's papers, those used last kept in memory."""

    def __init__(self, library: PassageLibrary, words: WordSource) -> None:
        self._library = library
        self._words = words
        self._recent: OrderedDict[int, NDArray[np.int8]] = OrderedDict()
        self._lock = Lock()

    def compute_coverage(self, question: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Returns how far each of ``rows`` covers the words of ``question``, [0, 1]."""
        asked = self._words.embed_query_words(question)
        texts = [extract_terms(question[start:end]) for start, end in asked.spans.tolist()]
        idf = self._library.lexical.idf
        weights = np.array([max(map(idf, found)) for found in texts], dtype=np.float32)
        papers = self._load(rows.tolist())
        sizes = np.array([len(paper) for paper in papers])
        return compute_soft_coverage(
            asked.vectors, weights, np.concatenate(papers), np.cumsum(sizes) - sizes
        )

    def _load(self, rows: list[int]) -> list[NDArray[np.int8]]:
        """Returns each paper's word vectors, those of all its passages together."""
        with self._lock:
            known = {row: self._recent[row] for row in rows if row in self._recent}
        missing = [row for row in rows if row not in known]
        texts = {row: self._list_texts(row) for row in missing}
        flat = self._words.embed_words([text for row in missing for text in texts[row]])
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

    def _list_texts(self, row: int) -> list[str]:
        title = self._library.paper(row).title
        return [format_passage(title, passage) for passage in self._library.passages(row)]
