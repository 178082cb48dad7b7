"""The steps from a question to a cited answer, joined.

Whoever answers (quotations, a survey of the library, an LLM) gets the same question and the same
findings, and returns the same thing: an Answer. LlamaIndex is not imported here: it takes more
than a second, and quotations need none of it; its query engine over this one is in
``assistant.llamaindex``.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

from assistant.answer.accounting import time_step
from assistant.answer.asking import AskedQuestion, read_question
from assistant.answer.compose import (
    FoundPapers,
    add_notice,
    compose,
    decline,
    label_citations,
    replay,
)
from assistant.answer.declining import FILTERED_OUT, NO_PAPERS, describe_doubt
from assistant.answer.evidence_builder import EvidenceBuilder
from assistant.answer.findings import Findings
from assistant.answer.other_languages import SharedWords, find_shared_words
from assistant.answer.quoting import list_quotable, select_sentences
from assistant.answer.readable import ReadablePaper
from assistant.answer.records.answering import (
    RecordsAnswer,
    RecordsReader,
    give,
    say_read,
    say_unused,
)
from assistant.answer.records.following import change_filters
from assistant.answer.survey.sides import compare_sides
from assistant.answer.whole_library import Answering, WholeLibrary
from assistant.answer.writing.answering import WrittenAnswering
from assistant.answer.writing.shown import MAX_SHOWN, order_papers, take_in_turn
from assistant.answers import Answer
from assistant.conversation.small_talk import describe_purpose, is_small_talk
from assistant.events import Done, Event, Retrieved
from assistant.evidence.answerability import Assessment, assess
from assistant.evidence.scoring import score_evidence
from assistant.retrieval.search import Retrieval
from assistant.text.questions import check_question
from assistant.types import (
    AskOptions,
    Filters,
    Paper,
    Passage,
    SearchResult,
    Sentence,
    SentenceSpan,
)

if TYPE_CHECKING:
    from assistant.answer.survey.judging import PaperJudge
    from assistant.answer.writing.writer import AnswerWriter
    from assistant.embeddings.embedder import Embedder
    from assistant.settings import Settings
    from assistant.store.snapshot import Snapshot

ONLY_QUOTATIONS = (
    "what the LLM wrote is not borne out by the papers, so these are quotations in its place"
)


@dataclass(frozen=True, slots=True)
class _Searched:
    """A search: the text looked for, other queries to look for, and what was found.

    ``shared`` are the words that alone were matched of a question in another language.
    """

    text: str
    queries: Sequence[str]
    retrieval: Retrieval
    shared: SharedWords | None


class Engine:
    """Answers from one library snapshot; any thread may use it."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        settings: Settings,
        writer: AnswerWriter | None = None,
        judge: PaperJudge | None = None,
    ) -> None:
        """Answers in quotations, or in the words of ``writer`` where there is one.

        ``judge`` reads the papers of whole-library questions; without it, their words decide.
        """
        # No part is handed a method of the engine: they would hold each other, and the model and
        # the files of a closed assistant would stay until the garbage collector comes by.
        self.snapshot = snapshot
        self._embedder = embedder
        self._settings = settings
        self._evidence = EvidenceBuilder(snapshot, embedder, embedder.words)
        rank, read = self._evidence.rank, self._evidence.read
        self._written = None if writer is None else WrittenAnswering(writer, rank, read, settings)
        self._records = RecordsReader(snapshot, rank)
        self._whole = WholeLibrary(snapshot, self._evidence, settings, judge)

    def answer(self, question: str, **options: Unpack[AskOptions]) -> Answer:
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

    def stream(self, question: str, **options: Unpack[AskOptions]) -> Generator[Event, None, None]:
        """Yields what happens while the question is answered; closing it stops the LLM.

        Raises, when the first event is asked for:
            QuestionError: the question or an option cannot be asked as it stands.
            ModelError: as ``answer``.
        """
        llm_writes, llm_reads = self._written is not None, self._whole.llm_reads
        read_asked = partial(
            read_question, settings=self._settings, llm_writes=llm_writes, llm_reads=llm_reads
        )
        asked = read_asked(question, options)
        answer = Answer(asked.typed, asked.text, text="", answerability=0.0)
        if is_small_talk(asked.text):
            yield from give(answer, RecordsAnswer(describe_purpose(self.snapshot.n_papers)))
            return
        given = asked.filters
        read = self._records.read(asked.text, given, read_filters=options.get("read_filters", True))
        if read.phrases:
            answer = replace(answer, read_filters=read.filters)
        if (said := self._records.answer(read, given)) is not None:
            yield from give(replace(answer, notices=say_read(read), answerability=1.0), said)
            return
        ordered = read.asked if read.asked and read.asked.wanted in ("newest", "oldest") else None
        options["filters"] = self._records.combine(given, read)
        options["standalone_question"] = ordered.of if ordered else read.rest
        asked = read_asked(question, options)
        answer, searched = self._search(asked, answer)
        retrieval, shared = searched.retrieval, searched.shared
        answer = replace(
            answer,
            notices=(
                *say_read(read),
                *say_unused(read),
                *_read_as(retrieval),
                *self._embedder.notices,
                *answer.notices,
            ),
        )
        if retrieval.n_searched == 0:
            yield from decline(answer, FILTERED_OUT if self.snapshot.n_papers else NO_PAPERS)
            return
        with time_step(answer, "answer"):
            found = self._find(asked, searched)
        if shared:
            found = replace(found, assessment=shared.limit(found.assessment), shared=shared)
        answerability, sources = found.assessment.answerability, found.papers.list_sources(())
        yield Retrieved(asked.text, sources, answerability)
        answer = replace(answer, answerability=answerability, sources=sources)
        answer_from = self._write if llm_writes else self._quote
        if asked.is_survey:
            answer_from = self._survey
        if ordered is not None:
            answer_from = partial(self._whole.order, ordered, give=self._give)
        answer = yield from answer_from(asked, found, answer)
        if shared and not answer.abstained:
            answer = add_notice(answer, shared.notice)
        yield Done(answer)

    def _search(self, asked: AskedQuestion, answer: Answer) -> tuple[Answer, _Searched]:
        """Returns what is found for a question; an LLM has one in another language translated."""
        writes = self._written if not asked.is_survey else None
        text, queries, shared = asked.text, asked.search_queries, None
        if writes:
            answer = replace(answer, search_queries=queries)
        if self._embedder.words is not None:  # The offline embedder, which reads English.
            shared = find_shared_words(asked.text, self.snapshot.lexical)
        if shared and writes:
            if not queries:
                queries, answer = writes.translate(asked.text, answer)
            if queries:
                text, queries, shared = queries[0], queries[1:], None
        text = shared.looked_for if shared else text
        with time_step(answer, "retrieve"):
            n = max(MAX_SHOWN, asked.n_papers) if writes else asked.n_papers
            retrieval = self._evidence.search(text, n, asked.filters)
        if shared:
            kept = tuple(paper for paper in retrieval.papers if shared.allow(paper.row))
            retrieval = replace(retrieval, papers=kept)
        return answer, _Searched(text, queries, retrieval, shared)

    def _find(self, asked: AskedQuestion, searched: _Searched) -> Findings:
        """Returns what the papers found hold; for an LLM also those found by other queries."""
        retrieval = searched.retrieval
        first = replace(retrieval, papers=retrieval.papers[: asked.n_papers])
        evidence = score_evidence(self._evidence.build(searched.text, first))
        scores = {ranked.row: ranked.score for ranked in retrieval.papers}
        rows = [ranked.row for ranked in first.papers]
        to_show: tuple[ReadablePaper, ...] = ()
        if self._written and not asked.is_survey:
            rank = self._evidence.rank
            others = [rank(query, MAX_SHOWN, asked.filters) for query in searched.queries]
            ordered = order_papers(evidence, take_in_turn([list(scores), *others]))
            to_show = self._written.choose(ordered, asked.n_shown)
            rows = [self.snapshot.row(source.paper.paper_id) for source in to_show]
        papers = FoundPapers(
            tuple(self._evidence.paper(row) for row in rows),
            tuple(scores.get(row, 0.0) for row in rows),
        )
        return Findings(papers, evidence, assess(evidence), retrieval.n_searched, to_show)

    def _quote(self, asked: AskedQuestion, found: Findings, answer: Answer) -> Answering:
        """Answers with sentences of the papers, word for word."""
        with time_step(answer, "answer"):
            sentences = select_sentences(found.evidence, asked.n_sentences)
            if asked.sides is not None:
                sentences, compared = compare_sides(
                    found.evidence, sentences, asked.sides, found.n_searched
                )
                sentences = sentences[: asked.max_sentences]
                answer = replace(answer, survey=compared)
        return (yield from self._give(sentences, asked, found, answer))

    def _survey(self, asked: AskedQuestion, found: Findings, answer: Answer) -> Answering:
        """Answers with every paper that belongs, each with its own words."""
        with time_step(answer, "answer"):
            return (yield from self._whole.answer(asked, found, answer, self._give))

    def _give(
        self,
        sentences: tuple[Sentence, ...],
        asked: AskedQuestion,
        found: Findings,
        answer: Answer,
    ) -> Answering:
        """Gives the quotations, with a caveat where they may not answer; abstains without any."""
        found_any = found.assessment.found
        if not sentences or self._is_declined(found.assessment, worth_it=found_any):
            answer = replace(answer, sources=found.papers.list_sources(()), survey=None)
            return found.abstain(asked.filters, answer)
        confidence = found.assessment.confidence
        caveat = describe_doubt(found.evidence, sentences) if confidence == "uncertain" else ""
        labelled = label_citations(sentences)
        yield from replay(labelled)
        answer = replace(answer, confidence=confidence, caveat=caveat)
        return compose(answer, labelled, found.papers)

    def _is_declined(self, assessment: Assessment, *, worth_it: bool) -> bool:
        """Whether to decline: as the settings have it, or else where it is not ``worth_it``."""
        below = self._settings.abstain_below
        return not worth_it if below is None else assessment.answerability < below

    def _write(self, asked: AskedQuestion, found: Findings, answer: Answer) -> Answering:
        """Answers in an LLM's words; in quotations where it is away or all it wrote failed."""
        assert self._written is not None
        if not found.to_show:
            return found.abstain(asked.filters, answer)
        answer, outcome = yield from self._written.answer(asked, found, answer)
        if outcome in ("answered", "declined"):
            return answer
        if outcome == "failed":
            likely = found.assessment.found and found.assessment.confidence == "likely"
            if not likely or self._is_declined(found.assessment, worth_it=likely):
                return found.abstain(asked.filters, answer, "not_supported")
            answer = replace(answer, mode="extractive", missing=None, complete=True)
            answer = add_notice(answer, ONLY_QUOTATIONS)
        return (yield from self._quote(asked, found, answer))

    def assess(self, question: str, filters: Filters | None = None) -> float:
        """Returns how likely the library holds the answer to ``question``, in [0, 1].

        Raises:
            QuestionError: the question cannot be asked as it stands.
        """
        for event in self.stream(question, filters=filters):
            if isinstance(event, Retrieved):
                return event.answerability
        raise AssertionError("unreachable: a stream begins with Retrieved")

    def change_filters(self, turn: str, question: str) -> str | None:
        """Returns ``question`` with the filters that ``turn`` asks for, as ``Assistant`` does."""
        return change_filters(turn, question, self._records.read)

    def search(
        self, query: str, top_k: int = 10, filters: Filters | None = None
    ) -> list[SearchResult]:
        """Returns the ``top_k`` best papers, best first, each with its best matching sentence.

        Raises:
            QuestionError: the query cannot be searched for as it stands.
        """
        query = check_question(query)
        retrieval = self._evidence.search(query, top_k, filters)
        evidence = score_evidence(self._evidence.build(query, retrieval))
        best: dict[int, SentenceSpan] = {}
        for k, i in sorted(list_quotable(evidence), key=lambda p: -evidence.sentences[p[0]][p[1]]):
            candidate = evidence.evidence.papers[k].candidate
            best.setdefault(candidate.row, candidate.spans[i])
        return [
            SearchResult(
                paper=self._evidence.paper(ranked.row),
                score=ranked.score,
                dense=ranked.dense,
                lexical=ranked.lexical,
                sentence=best.get(ranked.row),
            )
            for ranked in retrieval.papers
        ]

    def read_passages(self, paper_id: str) -> tuple[Paper, tuple[Passage, ...]]:
        """Returns a paper of the library and its passages, in the order of its abstract."""
        row = self.snapshot.row(paper_id)
        return self._evidence.paper(row), self.snapshot.passages(row)


def _read_as(retrieval: Retrieval) -> tuple[str, ...]:
    """Returns a notice of the words that were read as others, if any were."""
    read = ", ".join(f"{c.original!r} as {c.replacement!r}" for c in retrieval.query.corrections)
    return (f"read {read}",) if read else ()
