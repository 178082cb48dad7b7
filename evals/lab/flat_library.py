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

from assistant.answer.evidence_builder import EvidenceBuilder
from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.evidence.gathering import UNKNOWN_TERM, QuestionEvidence
from assistant.ingest import read_papers
from assistant.ingest.identity import title_key
from assistant.store.lexical_index import LexicalIndex
from assistant.store.recorded_fields import RecordedFields
from assistant.text.passages import chunk_paper, format_passage
from assistant.text.terms import extract_terms
from assistant.types import Filters, Paper, Passage, SentenceSpan

TOP_K = 10
"""Candidate papers an answer is chosen from."""


class FlatLibrary:
    """Exact search over papers and their sentences; reads like a snapshot of the store.

    ``evidence`` is what the product computes, by its own builder.
    """

    def __init__(
        self,
        papers: Sequence[Paper],
        embedder: Embedder,
        words: WordEmbedder | None = None,
        top_k: int = TOP_K,
    ) -> None:
        """Holds ``papers``; evidence is of the ``top_k`` best of them."""
        self.top_k = top_k
        self.embedder = embedder
        self.words = words
        self.stored = list(papers)
        self.paper_ids = [paper.paper_id for paper in papers]
        self._passages = [chunk_paper(paper) for paper in papers]
        passages = [(row, p) for row, own in enumerate(self._passages) for p in own]
        self.passage_papers = np.array([row for row, _ in passages], dtype=np.int32)
        self.n_papers, self.n_passages = len(papers), len(passages)
        self._vectors = embedder.embed(
            [format_passage(papers[row].title, p) for row, p in passages]
        )
        self.lexical = LexicalIndex.build(map(_full_text, papers))
        self.fields = RecordedFields(
            (paper.authors for paper in papers),
            (paper.year for paper in papers),
            (paper.venue for paper in papers),
        )
        # All at once is quicker than paper by paper; the embedder remembers them.
        embedder.embed(
            [
                paper.abstract[span.start : span.end]
                for row, paper in enumerate(papers)
                for span in self.sentences(row)
            ]
        )
        self.builder = EvidenceBuilder(self, embedder, words)

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        return self.stored[row]

    def passages(self, row: int) -> tuple[Passage, ...]:
        """Returns the passages of the paper in ``row``."""
        return self._passages[row]

    def sentences(self, row: int) -> list[SentenceSpan]:
        """Returns the sentences of the paper in ``row``, over its whole abstract, in order."""
        return [span for passage in self._passages[row] for span in passage.sentences]

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

    def find(self, question: str, top_k: int) -> list[str]:
        """Returns the ids of the ``top_k`` best papers for ``question``."""
        return [self.paper_ids[p.row] for p in self.builder.search(question, top_k).papers]

    def evidence(self, question: str, without: str | None = None) -> QuestionEvidence:
        """Returns the evidence of the ``top_k`` best papers for ``question``.

        With ``without``, the id of a paper, as if the library did not hold that paper.
        """
        if without is None:
            return self.builder.build(question, self.builder.search(question, self.top_k))
        removed = self.paper_ids.index(without)
        found = self.builder.search(question, self.top_k + 1)
        left = tuple(paper for paper in found.papers if paper.row != removed)[: self.top_k]
        lost = frozenset(extract_terms(_full_text(self.stored[removed])))
        return self.builder.build(
            question,
            dataclasses.replace(found, papers=left),
            idf=lambda term: self._idf(term, term in lost),
            is_known=lambda term: self.lexical.document_frequency(term) > (term in lost),
        )

    def _idf(self, term: str, lost: bool) -> float:
        """Returns the idf of ``term``; one that only the removed paper held is unknown."""
        unknown = lost and self.lexical.document_frequency(term) == 1
        return self.lexical.idf(UNKNOWN_TERM if unknown else term)


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
