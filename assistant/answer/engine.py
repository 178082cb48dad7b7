"""The steps from a question to a cited answer, joined; ``assistant.answer.writing.writer`` has an LLM's part.

LlamaIndex is not imported here: it takes more than a second, and quotations need none of it. Its
query engine over this one is in llama_query_engine.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer.compose import (
    Found,
    abstained,
    composed,
    declined,
    noticed,
    quoted,
    renumbered,
)
from assistant.answer.quoting import quote, select_sentences
from assistant.answer.survey.selection import (
    SURVEY_TOP_K,
    asks_for_papers,
    is_comparison,
    is_survey,
)
from assistant.answer.survey.surveying import surveyed
from assistant.answer.writing.shown import LLM_ABSTAIN_BELOW, papers_to_show
from assistant.answer.writing.sources import SourcePaper
from assistant.answers import Answer
from assistant.conversation.small_talk import is_small_talk, purpose
from assistant.errors import ModelError, QuestionError
from assistant.events import Done, Event, Retrieved
from assistant.evidence.answerability import Assessment, assess
from assistant.evidence.gathering import CandidatePaper, Judged, gather
from assistant.evidence.question import analyse
from assistant.evidence.scoring import judge
from assistant.evidence.word_coverage import PaperWords, asked_words, paper_words
from assistant.llm.pricing import cost_usd
from assistant.retrieval.search import PaperSearch, RankedPaper, Retrieval
from assistant.text.passages import passage_text, sentence_text
from assistant.types import Filters, Paper, Passage, SearchResult, Sentence, SentenceSpan, Usage

if TYPE_CHECKING:
    from assistant.answer.writing.writer import AnswerWriter
    from assistant.embeddings.embedder import Embedder
    from assistant.llm.chat_model import ChatModel
    from assistant.settings import Settings
    from assistant.store.snapshot import Snapshot


NO_PAPERS = "Not in this library: it has no papers."
FILTERED_OUT = "Not in this library: none of its papers passes the filters."
NOT_SUPPORTED = (
    "Not in this library: what the LLM wrote about this is not borne out by the closest papers."
)
ONLY_QUOTATIONS = (
    "what the LLM wrote is not borne out by the papers, so these are quotations in its place"
)

_CACHED_PAPERS = 4096


class Engine:
    """Answers from one library snapshot; any thread may use it."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        settings: Settings,
        writer: AnswerWriter | None = None,
        judge: ChatModel | None = None,
    ) -> None:
        """Answers in quotations, or in the words of ``writer`` where there is one.

        ``judge`` judges the papers of whole-library questions; without it, their words do.
        """
        self.snapshot = snapshot
        self._writer = writer
        self._judge = judge
        self._embedder = embedder
        self._settings = settings
        self._words = embedder.words
        self._search = PaperSearch(snapshot, self._words or embedder, self._words)
        self._text_of = lru_cache(maxsize=_CACHED_PAPERS)(self._read_paper)

    def answer(self, question: str, **options: Any) -> Answer:
        """Returns the answer that ``stream`` ends with; it takes the same options.

        Raises:
            QuestionError: the question or an option cannot be asked as it stands.
            ModelError: the LLM refuses or cannot serve; one that is only away for now is replaced
                by quotations, and a notice says so.
        """
        for event in self.stream(question, **options):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("unreachable: a stream ends with Done")

    def stream(
        self,
        question: str,
        *,
        standalone_question: str | None = None,
        filters: Filters | None = None,
        top_k: int | None = None,
        max_sentences: int | None = None,
    ) -> Generator[Event, None, None]:
        """Yields what happens while the question is answered; closing it stops the LLM.

        ``standalone_question`` is what is looked for and answered where ``question``, as it was
        typed, needs what was said before it.

        Raises, when the first event is asked for:
            QuestionError: the question or an option cannot be asked as it stands.
            ModelError: as ``answer``.
        """
        question = checked_question(question)
        asked = checked_question(standalone_question or question)
        wanted = analyse(asked)
        # What an LLM is shown it compares by itself; lists and counts are made paper by paper.
        surveys = is_survey(wanted) and (self._writer is None or asks_for_papers(wanted))
        surveys = surveys or (is_comparison(wanted) and self._writer is None)
        n_papers = _in_range("top_k", self._settings.top_k if top_k is None else top_k, 1000)
        if surveys and top_k is None:
            n_papers = max(n_papers, SURVEY_TOP_K)
        n_sentences = _in_range(
            "max_sentences",
            self._settings.max_sentences if max_sentences is None else max_sentences,
            20,
        )
        timings: dict[str, float] = {}
        answer = Answer(question, asked, text="", answerability=0.0, timings_ms=timings)
        if is_small_talk(asked):
            message = purpose(self.snapshot.n_papers)
            yield from declined(answer, "nothing_relevant", message)
            return
        with _timed(timings, "retrieve"):
            retrieval = self._search.search(asked, n_papers, filters)
        answer = replace(answer, notices=_notices(retrieval, self._embedder))
        if retrieval.n_searched == 0:
            nothing = NO_PAPERS if self.snapshot.n_papers == 0 else FILTERED_OUT
            yield from declined(answer, "nothing_relevant", nothing)
            return
        with _timed(timings, "answer"):
            judged = self._judged(asked, retrieval)
            assessment = assess(judged)
        papers = [self._text_of(ranked.row).paper for ranked in retrieval.papers]
        found = Found(tuple(papers), tuple(ranked.score for ranked in retrieval.papers))
        answer = replace(answer, answerability=assessment.answerability, sources=found.sources(()))
        yield Retrieved(asked, answer.sources, assessment.answerability)
        if self._writer is not None and not surveys:
            written = yield from self._write(answer, judged, assessment, found, n_sentences)
            if written.abstention is not None or written.sentences:
                yield Done(written)
                return
            # No answer of the LLM's, and it was said why: quotations, where there are any.
            answer = written
        if surveys:
            result = yield from self._survey(answer, judged, retrieval.n_searched, max_sentences)
            answer, sentences = result
            found = found.best(self._settings.top_k, sentences)
        else:
            with _timed(timings, "answer"):
                selected = select_sentences(judged, n_sentences)
            sentences = tuple(quote(s.paper, s.span, label="") for s in selected)
        if answer.answerability < self._threshold(assessment.threshold) or not sentences:
            answer = replace(answer, sources=found.sources(()), survey=None)
            yield Done(abstained(answer, assessment.reason, assessment.message, found.closest))
            return
        sentences = renumbered(sentences)
        yield from quoted(sentences)
        yield Done(composed(answer, sentences, found))

    def _survey(
        self, answer: Answer, judged: Judged, n_searched: int, max_sentences: int | None
    ) -> Generator[Event, None, tuple[Answer, tuple[Sentence, ...]]]:
        """Returns the quotations of every paper that belongs, not labelled yet."""
        with _timed(answer.timings_ms, "answer"):
            result = yield from surveyed(judged, n_searched, self._judge, max_sentences)
        answer = result.added_to(answer)
        usage = self._priced(
            result.model, result.usage.prompt_tokens, result.usage.completion_tokens
        )
        return replace(answer, usage=usage), result.sentences

    def _priced(self, model: str | None, prompt_tokens: int, completion_tokens: int) -> Usage:
        """Returns the tokens with what they cost, where that is known."""
        url = self._settings.llm_base_url
        cost = cost_usd(model, prompt_tokens, completion_tokens, base_url=url) if model else None
        return Usage(prompt_tokens, completion_tokens, cost)

    def _write(
        self,
        answer: Answer,
        judged: Judged,
        assessment: Assessment,
        found: Found,
        max_sentences: int,
    ) -> Generator[Event, None, Answer]:
        """Returns an LLM's answer or an abstention; one without either where quotations must do."""
        writer = self._writer
        assert writer is not None
        asked = answer.standalone_question
        if assessment.answerability < self._threshold(LLM_ABSTAIN_BELOW):
            return abstained(answer, assessment.reason, assessment.message, found.closest)
        shown = [SourcePaper(paper, spans) for paper, spans in papers_to_show(judged)]
        if not shown:
            return abstained(answer, assessment.reason, assessment.message, found.closest)
        try:
            with _timed(answer.timings_ms, "answer"):
                written = yield from writer.write(asked, shown, max_sentences)
        except ModelError as error:
            if not error.retryable:
                raise
            return noticed(answer, f"{error}; these are quotations")
        model = writer.model.name
        priced = model if written.one_model else None
        usage = self._priced(priced, written.prompt_tokens, written.completion_tokens)
        answer = replace(
            answer,
            mode="llm",
            model=model,
            prompts=written.prompts,
            dropped_citations=written.n_unknown_labels,
            usage=usage,
            missing=written.missing,
            complete=written.complete,
            notices=(*answer.notices, *written.notices),
        )
        if written.sentences:
            return composed(answer, renumbered(written.sentences), found)
        if written.n_failed:
            if assessment.answerability < self._threshold(assessment.threshold):
                return abstained(answer, "not_supported", NOT_SUPPORTED, found.closest)
            return noticed(
                replace(answer, mode="extractive", missing=None, complete=True), ONLY_QUOTATIONS
            )
        return abstained(answer, assessment.reason, assessment.message, found.closest)

    def _threshold(self, default: float) -> float:
        given = self._settings.abstain_below
        return default if given is None else given

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


@dataclass(frozen=True, slots=True)
class _PaperText:
    """A paper with its sentences and their vectors, (n_sentences, dim) float32."""

    paper: Paper
    spans: tuple[SentenceSpan, ...]
    vectors: NDArray[np.float32]
    words: PaperWords | None


def _in_range(name: str, value: int, highest: int) -> int:
    if not 1 <= value <= highest:
        raise QuestionError(f"{name} {value!r} cannot be used; give a number from 1 to {highest:,}")
    return value


def _notices(retrieval: Retrieval, embedder: Embedder) -> tuple[str, ...]:
    read = ", ".join(f"{c.original!r} as {c.replacement!r}" for c in retrieval.query.corrections)
    return (*((f"read {read}",) if read else ()), *embedder.notices)


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    spent = (time.perf_counter() - start) * 1000
    timings[step] = round(timings.get(step, 0.0) + spent, 2)
