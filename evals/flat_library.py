"""A library held in memory for measuring: papers in, evidence for any question out."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.evidence.gathering import UNKNOWN_TERM, CandidatePaper, Evidence, gather
from assistant.evidence.question import analyse
from assistant.evidence.word_coverage import AskedWords, PaperWords, asked_words, paper_words
from assistant.ingest import read_papers
from assistant.ingest.identity import title_key
from assistant.retrieval.search import PaperSearch, RankedPaper
from assistant.store.lexical_index import LexicalIndex
from assistant.text.passages import chunk_paper, passage_text, sentence_text
from assistant.text.sentences import split_sentences
from assistant.text.terms import terms
from assistant.types import Filters, Paper, Passage

TOP_K = 10
"""Candidate papers an answer is chosen from."""


class FlatLibrary:
    """Exact search over papers and their sentences; reads like a snapshot of the store."""

    def __init__(
        self, papers: Sequence[Paper], embedder: Embedder, words: WordEmbedder | None = None
    ) -> None:
        self.embedder = embedder
        self.words = words
        self.stored = list(papers)
        self.paper_ids = [paper.paper_id for paper in papers]
        passages = [(row, p) for row, paper in enumerate(papers) for p in chunk_paper(paper)]
        self.passage_papers = np.array([row for row, _ in passages], dtype=np.int32)
        self.n_papers, self.n_passages = len(papers), len(passages)
        self._vectors = embedder.embed([passage_text(papers[row].title, p) for row, p in passages])
        self.lexical = LexicalIndex.build(map(_full_text, papers))
        self._word_cache: dict[int, PaperWords] = {}
        self._spans = [split_sentences(paper.abstract) for paper in papers]
        texts = [
            sentence_text(paper.title, paper.abstract[s.start : s.end])
            for paper, spans in zip(papers, self._spans, strict=True)
            for s in spans
        ]
        ends = np.cumsum([len(spans) for spans in self._spans])
        self._sentence_vectors = np.split(embedder.embed(texts), ends[:-1])
        self._passages: list[list[Passage]] = [[] for _ in papers]
        for row, passage in passages:
            self._passages[row].append(passage)
        self._search = PaperSearch(self, words or embedder, words)

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        return self.stored[row]

    def passages(self, row: int) -> list[Passage]:
        """Returns the passages of the paper in ``row``."""
        return self._passages[row]

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Returns the passage rows nearest to ``vector`` and their cosines, best first."""
        cosines = self._vectors @ vector
        rows = np.argsort(-cosines, kind="stable")[:top_k]
        return rows, cosines[rows]

    def cosines(
        self, vector: NDArray[np.float32], passage_rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Returns the cosines of ``passage_rows``, or of all passages, to ``vector``."""
        vectors = self._vectors if passage_rows is None else self._vectors[passage_rows]
        found: NDArray[np.float32] = vectors @ vector
        return found

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Returns that every paper may be used: measuring filters nothing."""
        assert not filters
        return np.ones(self.n_papers, dtype=bool)

    def evidence(self, question: str, without: str | None = None) -> Evidence:
        """Returns the evidence of the TOP_K best papers for ``question``.

        With ``without``, the id of a paper, as if the library did not hold that paper.
        """
        removed = self.paper_ids.index(without) if without else None
        found = self._search.search(question, TOP_K + (removed is not None))
        left = [paper for paper in found.papers if paper.row != removed][:TOP_K]
        lost = frozenset(terms(_full_text(self.stored[removed]))) if removed is not None else ()
        candidates = [self.candidate(paper) for paper in left]
        corrections = {c.original: c.replacement for c in found.query.corrections}
        return gather(
            analyse(question, corrections),
            found.vector,
            candidates,
            lambda term: self._idf(term, term in lost),
            lambda term: self.lexical.document_frequency(term) > (term in lost),
            self._asked(found.query.text),
        )

    def candidate(self, found: RankedPaper) -> CandidatePaper:
        """Returns a paper that was found, with its sentences."""
        return CandidatePaper(
            row=found.row,
            paper=self.stored[found.row],
            spans=self._spans[found.row],
            vectors=self._sentence_vectors[found.row],
            score=found.score,
            dense=found.dense,
            lexical=found.lexical,
            dense_z=found.dense_z,
            lexical_z=found.lexical_z,
            words=self._words_of(found.row),
        )

    def _idf(self, term: str, lost: bool) -> float:
        """Returns the idf of ``term``; one that only the removed paper held is unknown."""
        unknown = lost and self.lexical.document_frequency(term) == 1
        return self.lexical.idf(UNKNOWN_TERM if unknown else term)

    def _asked(self, text: str) -> AskedWords | None:
        if self.words is None:
            return None
        return asked_words(text, self.words.query_words(text), self.lexical.idf)

    def _words_of(self, row: int) -> PaperWords | None:
        if self.words is None:
            return None
        if row not in self._word_cache:
            title, passages = self.stored[row].title, self._passages[row]
            found = self.words.words([passage_text(title, passage) for passage in passages])
            self._word_cache[row] = paper_words(title, passages, found, self._spans[row])
        return self._word_cache[row]


def _full_text(paper: Paper) -> str:
    return f"{paper.title}\n{paper.abstract}"


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Returns the JSON objects of a JSONL file, in order."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def papers_of(path: Path) -> list[Paper]:
    """Returns the papers that the product reads from ``path``."""
    return [found for found in read_papers(path) if isinstance(found, Paper)]


def renamed_like(papers: Sequence[Paper], named: Sequence[Paper]) -> list[Paper]:
    """Returns ``papers`` under the ids that ``named`` has for the same titles."""
    ids = {title_key(paper.title): paper.paper_id for paper in named}
    return [
        dataclasses.replace(paper, paper_id=ids.get(title_key(paper.title), paper.paper_id))
        for paper in papers
    ]


def measured_libraries(
    starter: Path, feed: Path, with_words: bool = True
) -> dict[str, FlatLibrary]:
    """Returns the two libraries that golden facts hold for, under the starter's ids.

    Vectors are kept in the file that ``EVALS_CACHE`` names, so that runs after the first are quick.
    """
    path = os.environ.get("EVALS_CACHE")
    embedder = open_embedder(cache_path=Path(path) if path else None)
    words = WordEmbedder(WordMiniLM(), embedder.cache) if with_words else None
    papers = papers_of(starter)
    return {
        "starter": FlatLibrary(papers, embedder, words),
        "feed": FlatLibrary(renamed_like(papers_of(feed), papers), embedder, words),
    }
