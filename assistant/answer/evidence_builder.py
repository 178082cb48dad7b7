"""Search and evidence joined: what a library holds on a question, for answers and for fitting.

The one place where retrieval, the sentences of the papers found and the vectors of their words
come together. The product asks over a snapshot of its store; the evals' lab asks over papers held
in memory, so that weights are fitted on what the product computes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.gathering import CandidatePaper, QuestionEvidence, gather_evidence
from assistant.evidence.question import analyse_question
from assistant.evidence.sentence_match import load_sentence_match
from assistant.evidence.word_coverage import PaperWords, place_paper_words, weigh_question_words
from assistant.retrieval.search import PaperSearch, RankedPaper, Retrieval, SearchedLibrary
from assistant.text.passages import format_passage
from assistant.text.terms import extract_terms, find_word_runs
from assistant.types import Filters, Paper, SentenceSpan

if TYPE_CHECKING:
    from assistant.embeddings.embedder import Embedder
    from assistant.embeddings.word_embedder import WordEmbedder

_CACHED_PAPERS = 4096


class QuestionedLibrary(SearchedLibrary, Protocol):
    """What is read of a library to search it and to quote its papers."""

    def sentences(self, row: int) -> Sequence[SentenceSpan]:
        """Returns the places of the sentences of the paper in ``row``, in order."""
        ...


@dataclass(frozen=True, slots=True)
class _PaperText:
    """A paper with its sentences and their vectors, (n_sentences, dim) float32."""

    paper: Paper
    spans: tuple[SentenceSpan, ...]
    vectors: NDArray[np.float32]
    words: PaperWords | None


class EvidenceBuilder:
    """Searches one library and gathers the evidence of what was found; any thread may use it."""

    def __init__(
        self,
        library: QuestionedLibrary,
        embedder: Embedder,
        words: WordEmbedder | None,
    ) -> None:
        """Builds with the vectors of ``embedder`` and, where words have some, those of ``words``.

        They come from one model: ``words`` is ``embedder.words``, or None to do without.
        """
        self._match = load_sentence_match() if words is not None else None
        self._library = library
        self._words = words
        self._search = PaperSearch(library, words or embedder, words)
        # Of a method, it would hold the builder, and the builder it: a cycle that outlives both.
        read = partial(_read_paper, library, embedder, words)
        self._text_of = lru_cache(maxsize=_CACHED_PAPERS)(read)

    def search(self, question: str, top_k: int, filters: Filters | None = None) -> Retrieval:
        """Returns the at most ``top_k`` best papers for ``question``, best first.

        Raises:
            QuestionError: ``top_k`` is less than 1.
        """
        return self._search.search(question, top_k, filters)

    def rank(self, question: str, top_k: int, filters: Filters | None) -> list[int]:
        """Returns the rows of the papers that ``search`` finds, best first."""
        return [ranked.row for ranked in self.search(question, top_k, filters).papers]

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``; those asked for last stay in memory."""
        return self._text_of(row).paper

    def read(self, row: int) -> tuple[Paper, Sequence[SentenceSpan]]:
        """Returns the paper in ``row`` and the places of its sentences."""
        return self.paper(row), self._library.sentences(row)

    def build(
        self,
        question: str,
        retrieval: Retrieval,
        *,
        idf: Callable[[str], float] | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> QuestionEvidence:
        """Returns what the papers of ``retrieval`` hold on ``question``.

        ``idf`` and ``is_known`` tell a term's weight and whether the library holds it, by default
        as the library's lexical index has it; the evals ask as if a paper were not there.
        """
        lexical, query = self._library.lexical, retrieval.query
        asked, rare = None, frozenset[str]()
        if self._words is not None:
            asked = weigh_question_words(
                query.text, self._words.embed_query_words(query.text), lexical.idf
            )
            rare = _find_rare_terms(query.text, self._words)
        return gather_evidence(
            analyse_question(question, {c.original: c.replacement for c in query.corrections}),
            retrieval.vector,
            [self._make_candidate(ranked) for ranked in retrieval.papers],
            idf or lexical.idf,
            is_known or lexical.__contains__,
            asked,
            rare,
            self._match,
        )

    def _make_candidate(self, ranked: RankedPaper) -> CandidatePaper:
        text = self._text_of(ranked.row)
        return CandidatePaper(
            row=ranked.row,
            paper=text.paper,
            spans=text.spans,
            vectors=text.vectors,
            score=ranked.score,
            dense=ranked.dense,
            lexical=ranked.lexical,
            dense_z=ranked.dense_z,
            lexical_z=ranked.lexical_z,
            words=text.words,
        )


def _read_paper(
    library: QuestionedLibrary, embedder: Embedder, words: WordEmbedder | None, row: int
) -> _PaperText:
    paper = library.paper(row)
    passages = library.passages(row)
    spans = tuple(library.sentences(row))
    texts = [paper.abstract[span.start : span.end] for span in spans]
    placed = None
    if words is not None:
        found = words.embed_words([format_passage(paper.title, p) for p in passages])
        placed = place_paper_words(paper.title, passages, found, spans)
    return _PaperText(paper, spans, embedder.embed(texts), placed)


def _find_rare_terms(text: str, words: WordEmbedder) -> frozenset[str]:
    """Returns the terms of the words of ``text`` that are no everyday English, as names are."""
    return frozenset(
        term
        for run in find_word_runs(text)
        if any(c.isdigit() for c in run) or not words.is_everyday(run)
        for term in extract_terms(run)
    )
