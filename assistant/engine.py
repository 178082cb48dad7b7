"""The steps from a question to a cited answer, joined.

LlamaIndex is not imported here: it takes more than a second, and quotations need none of it. Its
query engine over this one is in llama_query_engine.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.answering.abstention import assess
from assistant.answering.evidence import CandidatePaper, Judged, gather
from assistant.answering.extractive import Selected, judge, quote, select_sentences
from assistant.answering.question import analyse
from assistant.answering.word_evidence import PaperWords, asked_words, paper_words
from assistant.chunking import passage_text, sentence_text
from assistant.errors import QuestionError
from assistant.retrieval.search import PaperSearch, RankedPaper, Retrieval
from assistant.types import (
    Abstention,
    Answer,
    Filters,
    Paper,
    Passage,
    SearchResult,
    Sentence,
    SentenceSpan,
    Source,
)

if TYPE_CHECKING:
    from assistant.embeddings.embedder import Embedder
    from assistant.settings import Settings
    from assistant.store.snapshot import Snapshot

MAX_QUESTION_CHARS = 10_000
"""A pasted abstract or two is a question; a pasted paper is not."""

N_CLOSEST = 3
"""Papers named where there is no answer."""

NO_PAPERS = "Not in this library: it has no papers."
FILTERED_OUT = "Not in this library: none of its papers passes the filters."

_CACHED_PAPERS = 4096


class Engine:
    """Answers from one library snapshot; any thread may use it."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: Settings) -> None:
        self.snapshot = snapshot
        self._embedder = embedder
        self._settings = settings
        self._words = embedder.words
        self._search = PaperSearch(snapshot, self._words or embedder, self._words)
        self._text_of = lru_cache(maxsize=_CACHED_PAPERS)(self._read_paper)

    def answer(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        top_k: int | None = None,
        max_sentences: int | None = None,
    ) -> Answer:
        """Returns an answer of verbatim sentences with their sources, or an abstention.

        Raises:
            QuestionError: the question or an option cannot be asked as it stands.
        """
        question = checked_question(question)
        top_k = _in_range("top_k", self._settings.top_k if top_k is None else top_k, 1000)
        max_sentences = _in_range(
            "max_sentences",
            self._settings.max_sentences if max_sentences is None else max_sentences,
            20,
        )
        timings: dict[str, float] = {}
        with _timed(timings, "retrieve"):
            retrieval = self._search.search(question, top_k, filters)
        with _timed(timings, "answer"):
            judged = self._judged(question, retrieval)
            assessment = assess(judged)
            selected = select_sentences(judged, max_sentences)
        threshold = self._settings.abstain_below
        if threshold is None:
            threshold = assessment.threshold
        answer = Answer(
            question=question,
            standalone_question=question,
            text="",
            answerability=assessment.answerability,
            timings_ms=timings,
            notices=_notices(retrieval, self._embedder),
        )
        if retrieval.n_searched == 0:
            nothing = NO_PAPERS if self.snapshot.n_papers == 0 else FILTERED_OUT
            return replace(
                answer,
                text=nothing,
                answerability=0.0,
                abstention=Abstention("nothing_relevant", nothing),
            )
        if assessment.answerability < threshold or not selected:
            closest = [self.snapshot.paper_ids[p.row] for p in retrieval.papers[:N_CLOSEST]]
            return replace(
                answer,
                text=assessment.message,
                sources=self._sources(retrieval.papers, {}),
                abstention=Abstention(assessment.reason, assessment.message, tuple(closest)),
            )
        labels = _labels(selected)
        sentences = tuple(quote(s.paper, s.span, labels[s.paper.paper_id]) for s in selected)
        return replace(
            answer,
            text=_cited_text(sentences),
            sentences=sentences,
            sources=self._sources(retrieval.papers, labels),
        )

    def search(
        self, query: str, top_k: int = 10, filters: Filters | None = None
    ) -> list[SearchResult]:
        """Returns the ``top_k`` best papers, best first, each with its best matching sentence.

        Raises:
            QuestionError: the query cannot be searched for as it stands.
        """
        query = checked_question(query)
        retrieval = self._search.search(query, top_k, filters)
        judged = self._judged(query, retrieval)
        best = {
            paper.candidate.row: paper.candidate.spans[int(np.argmax(scores))]
            for paper, scores in zip(judged.evidence.papers, judged.sentences, strict=True)
        }
        return [
            SearchResult(
                paper=self._text_of(ranked.row).paper,
                score=ranked.score,
                dense=ranked.dense,
                lexical=ranked.lexical,
                sentence=best.get(ranked.row),
            )
            for ranked in retrieval.papers
        ]

    def passages(self, paper_id: str) -> tuple[Paper, tuple[Passage, ...]]:
        """Returns a paper of the library and its passages, in the order of its abstract."""
        row = self.snapshot.row(paper_id)
        return self._text_of(row).paper, self.snapshot.passages(row)

    def _judged(self, question: str, retrieval: Retrieval) -> Judged:
        lexical = self.snapshot.lexical
        query = retrieval.query
        asked = None
        if self._words is not None:
            asked = asked_words(query.text, self._words.query_words(query.text), lexical.idf)
        evidence = gather(
            analyse(question, {c.original: c.replacement for c in query.corrections}),
            retrieval.vector,
            [self._candidate(ranked) for ranked in retrieval.papers],
            lexical.idf,
            lexical.__contains__,
            asked,
        )
        return judge(evidence)

    def _candidate(self, ranked: RankedPaper) -> CandidatePaper:
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

    def _read_paper(self, row: int) -> _PaperText:
        paper = self.snapshot.paper(row)
        passages = self.snapshot.passages(row)
        spans = self.snapshot.sentences(row)
        texts = [sentence_text(paper.title, paper.abstract[s.start : s.end]) for s in spans]
        words = None
        if self._words is not None:
            found = self._words.words([passage_text(paper.title, p) for p in passages])
            words = paper_words(paper.title, passages, found, spans)
        return _PaperText(paper, spans, self._embedder.embed(texts), words)

    def _sources(self, papers: Sequence[RankedPaper], labels: dict[str, str]) -> tuple[Source, ...]:
        """Returns every paper considered; those cited have the labels of the answer."""
        unused = itertools.count(len(labels) + 1)
        sources = []
        for ranked in papers:
            paper = self._text_of(ranked.row).paper
            label = labels.get(paper.paper_id)
            sources.append(
                Source(
                    label=label or str(next(unused)),
                    paper_id=paper.paper_id,
                    title=paper.title,
                    authors=paper.authors,
                    year=paper.year,
                    score=ranked.score,
                    cited=label is not None,
                    url=_link(paper),
                )
            )
        return tuple(sorted(sources, key=lambda source: int(source.label)))


@dataclass(frozen=True, slots=True)
class _PaperText:
    """A paper with its sentences and their vectors, (n_sentences, dim) float32."""

    paper: Paper
    spans: tuple[SentenceSpan, ...]
    vectors: NDArray[np.float32]
    words: PaperWords | None


def checked_question(question: str) -> str:
    """Returns ``question`` trimmed.

    Raises:
        QuestionError: it is empty, without a letter or digit, too long, or not text.
    """
    question = question.strip()
    if not question:
        raise QuestionError("the question is empty; ask something")
    if "\x00" in question or any("\ud800" <= sign <= "\udfff" for sign in question):
        raise QuestionError(
            "the question holds a NUL byte or broken text encoding; type it again as plain text"
        )
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question is {len(question):,} characters long; "
            f"ask in at most {MAX_QUESTION_CHARS:,}"
        )
    if not any(sign.isalnum() for sign in question):
        raise QuestionError(f"the question {question!r} has no letter or digit; ask in words")
    return question


def _in_range(name: str, value: int, highest: int) -> int:
    if not 1 <= value <= highest:
        raise QuestionError(f"{name} {value!r} cannot be used; give a number from 1 to {highest:,}")
    return value


def _labels(selected: Sequence[Selected]) -> dict[str, str]:
    """Returns paper id -> label, numbered from 1 in reading order."""
    papers = dict.fromkeys(s.paper.paper_id for s in selected)
    return {paper_id: str(number) for number, paper_id in enumerate(papers, start=1)}


def _cited_text(sentences: Sequence[Sentence]) -> str:
    """Returns the sentences with their labels, so that copied text keeps its citations."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{c.label}]' for c in sentence.citations)}"
        for sentence in sentences
    )


def _link(paper: Paper) -> str | None:
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return paper.url


def _notices(retrieval: Retrieval, embedder: Embedder) -> tuple[str, ...]:
    read = ", ".join(f"{c.original!r} as {c.replacement!r}" for c in retrieval.query.corrections)
    return (*((f"read {read}",) if read else ()), *embedder.notices)


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[step] = round((time.perf_counter() - start) * 1000, 2)
