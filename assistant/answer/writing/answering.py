"""A question answered in an LLM's words: what it is shown, a second look, and what comes of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from assistant.answer.accounting import price_tokens, time_step
from assistant.answer.asking import AskedQuestion
from assistant.answer.compose import FoundPapers, add_notice, compose, label_citations
from assistant.answer.findings import Findings
from assistant.answer.readable import ReadablePaper, make_readable
from assistant.answer.writing.request import count_source
from assistant.answer.writing.second_look import look_again
from assistant.answer.writing.shown import MAX_NEW, MAX_SHOWN, SHOWN_TOKENS, take_in_turn
from assistant.answer.writing.writer import AnswerWriter
from assistant.answer.writing.written import WrittenAnswer
from assistant.answers import Answer, Premise
from assistant.errors import ModelError
from assistant.events import Event, SearchedAgain
from assistant.llm.search_queries import TASK, ask_queries
from assistant.settings import Settings
from assistant.text.tokens import count_tokens
from assistant.types import Filters, Paper, SentenceSpan, Usage

Search = Callable[[str, int, Filters | None], list[int]]
"""Returns the rows of at most so many papers that a query finds with filters, best first."""

ReadPaper = Callable[[int], tuple[Paper, Sequence[SentenceSpan]]]
"""Returns the paper in a row, and its sentences."""


Outcome = Literal["answered", "declined", "failed", "away"]
"""What came of asking an LLM: an answer, its refusal, nothing that the check passed, or no reply.
After the last two, quotations can still answer."""


class WrittenAnswering:
    """Answers with what ``writer`` writes of the papers that searches find."""

    def __init__(
        self, writer: AnswerWriter, search: Search, read: ReadPaper, settings: Settings
    ) -> None:
        """Searches with ``search`` and reads papers with ``read``."""
        self._writer = writer
        self._search = search
        self._read = read
        self._settings = settings

    def translate(self, question: str, answer: Answer) -> tuple[tuple[str, ...], Answer]:
        """Returns English search queries for a question in another language.

        There are none where the LLM is away or gives none; the answer then says so.

        Raises:
            ModelError: the LLM refuses, and would refuse to answer as well.
        """
        model, prompt = self._writer.model, self._writer.prompts.of(TASK)
        try:
            with time_step(answer, "queries"):
                queries, reply = ask_queries(model, prompt, question)
        except ModelError as error:
            if not error.retryable:
                raise
            return (), answer
        used = Usage(reply.prompt_tokens, reply.completion_tokens)
        answer = replace(
            answer,
            usage=self._price(model.name, used),
            prompts={**answer.prompts, TASK: prompt.reference},
            search_queries=queries,
        )
        if not queries:
            answer = add_notice(answer, "the LLM gave no English search queries for the question")
        return queries, answer

    def choose(self, rows: Iterable[int], n_papers: int | None) -> tuple[ReadablePaper, ...]:
        """Returns the papers in ``rows``, best first, that are to be shown.

        They are ``n_papers`` at most; where that is None, as many as SHOWN_TOKENS hold.
        """
        shown: list[ReadablePaper] = []
        left = SHOWN_TOKENS
        for row in rows:
            source = make_readable(*self._read(row))
            if source is None:
                continue
            left -= count_source(source, count_tokens) if n_papers is None else 0
            if left < 0 or len(shown) == n_papers:
                break
            shown.append(source)
        return tuple(shown)

    def answer(
        self, asked: AskedQuestion, found: Findings, answer: Answer
    ) -> Generator[Event, None, tuple[Answer, Outcome]]:
        """Yields events while the LLM answers from the papers of ``found``.

        Returns the answer as far as it goes, and what came of it.

        Raises:
            ModelError: the LLM refuses or cannot serve, and would not another time either.
        """
        papers = found.papers
        try:
            with time_step(answer, "answer"):
                written = yield from self._writer.write(
                    asked.text, found.to_show, asked.n_sentences
                )
                if self._settings.second_look == "on":
                    looking = _SecondSearch(self, found, asked.filters)
                    written = yield from look_again(
                        self._writer,
                        asked.text,
                        found.to_show,
                        asked.n_sentences,
                        written,
                        looking.find_new,
                    )
                    papers = looking.papers
                    answer = looking.add_to(answer)
        except ModelError as error:
            if not error.retryable:
                raise
            return add_notice(answer, f"{error}; these are quotations"), "away"
        answer = written.add_to(answer, self._writer.model.name, self._settings.llm_base_url)
        if written.sentences:
            sentences = label_citations(written.sentences)
            answer = replace(answer, premise=_find_premise(written))
            return compose(answer, sentences, papers), "answered"
        answer = replace(answer, sources=papers.list_sources(()))
        if not written.n_failed:
            return found.abstain(asked.filters, answer, "not_stated"), "declined"
        return answer, "failed"

    def _price(self, model: str | None, tokens: Usage) -> Usage:
        return price_tokens(model, tokens, self._settings.llm_base_url)

    def search_new(
        self, queries: Sequence[str], known: Iterable[str], filters: Filters | None
    ) -> tuple[ReadablePaper, ...]:
        """Returns up to MAX_NEW papers that ``queries`` find and whose ids are not ``known``."""
        seen = set(known)
        rows = take_in_turn([self._search(query, MAX_SHOWN, filters) for query in queries])
        sources = (make_readable(*self._read(row)) for row in rows)
        new = (s for s in sources if s is not None and s.paper.paper_id not in seen)
        return tuple(itertools.islice(new, MAX_NEW))


class _SecondSearch:
    """The search of a second look; ``papers`` are all that were read by then."""

    def __init__(
        self, answering: WrittenAnswering, found: Findings, filters: Filters | None
    ) -> None:
        self._answering = answering
        self._found = found
        self._filters = filters
        self._happened: SearchedAgain | None = None
        self.papers: FoundPapers = found.papers

    def find_new(self, queries: Sequence[str]) -> Generator[Event, None, Sequence[ReadablePaper]]:
        """Returns the papers that ``queries`` find and that were not shown yet."""
        known = (source.paper.paper_id for source in self._found.to_show)
        new = self._answering.search_new(queries, known, self._filters)
        self.papers = self._found.papers.include([source.paper for source in new])
        self._happened = SearchedAgain(tuple(queries), self.papers.list_sources(()))
        yield self._happened
        return new

    def add_to(self, answer: Answer) -> Answer:
        """Returns ``answer`` with what was looked for again, if anything was."""
        if self._happened is None:
            return answer
        queries = dict.fromkeys((*answer.search_queries, *self._happened.queries))
        return add_notice(replace(answer, search_queries=tuple(queries)), self._happened.line)


def _find_premise(written: WrittenAnswer) -> Premise | None:
    """Returns the premise that a sentence of the answer corrects, if one was borne out."""
    if written.corrects is None or written.corrects not in written.sentences:
        return None
    place = written.sentences.index(written.corrects)
    return Premise("corrected", place, written.corrects.text)
