"""Answers to questions that are asked of the library as a whole, over one snapshot of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answer.accounting import price_tokens
from assistant.answer.asking import AskedQuestion
from assistant.answer.compose import FoundPapers, abstain, compose, label_citations, replay
from assistant.answer.declining import quote_nearest
from assistant.answer.evidence_builder import EvidenceBuilder
from assistant.answer.findings import Findings
from assistant.answer.records.answering import add_records, order_by_year
from assistant.answer.records.asked import AskedRecords
from assistant.answer.survey.mentions import Mention
from assistant.answer.survey.recognition import is_survey
from assistant.answer.survey.surveying import SurveyResult, answer_mentions, answer_survey
from assistant.answers import Answer
from assistant.events import Event, Noticed, Progressed, ReadingLimited
from assistant.types import NO_FILTERS, Abstention, Sentence, Usage

if TYPE_CHECKING:
    from assistant.answer.survey.judging import PaperJudge
    from assistant.settings import Settings
    from assistant.store.snapshot import Snapshot

Answering = Generator[Event, None, Answer]
"""Yields events while it answers and returns the answer."""

Give = Callable[[tuple[Sentence, ...], AskedQuestion, Findings, Answer], Answering]
"""Gives quotations, or declines where they do not answer."""


class WholeLibrary:
    """Answers lists, counts and comparisons; any thread may use it."""

    def __init__(
        self,
        snapshot: Snapshot,
        evidence: EvidenceBuilder,
        settings: Settings,
        judge: PaperJudge | None,
    ) -> None:
        """Has ``judge`` read the papers of lists; without it, their words decide."""
        self._snapshot = snapshot
        self._evidence = evidence
        self._settings = settings
        self._judge = judge

    @property
    def llm_reads(self) -> bool:
        """Whether an LLM reads the papers of lists."""
        return self._judge is not None

    def answer(
        self, asked: AskedQuestion, found: Findings, answer: Answer, give: Give
    ) -> Answering:
        """Answers with every paper that belongs, each with its own words, through ``give``."""
        if asked.mention is not None:
            return (yield from self._list_mentions(asked, asked.mention, found, answer))
        if self._judge is not None and is_survey(found.evidence.evidence.question):
            survey, found = yield from self._read(self._judge, asked, found)
        else:
            survey = answer_survey(
                found.evidence,
                found.n_searched,
                self._compute_share,
                asked.max_sentences,
                asked.sides,
            )
        usage = price_tokens(survey.model, survey.usage, self._settings.llm_base_url)
        answer = replace(survey.add_to(answer), usage=usage)
        if survey.count is not None and survey.count.n_read:
            return (yield from self._give_judged(survey, found, answer))
        papers = found.papers.keep_best(self._settings.top_k, survey.sentences)
        assessment = found.assessment.of_survey(survey.answerability)
        found = replace(found, papers=papers, assessment=assessment)
        return (yield from give(survey.sentences, asked, found, answer))

    def order(
        self,
        ordered: AskedRecords,
        asked: AskedQuestion,
        found: Findings,
        answer: Answer,
        give: Give,
    ) -> Answering:
        """Answers with the newest or oldest of the papers that belong."""
        # The quotations that show what belongs are not part of what the records say.
        answer = yield from _pass_news(self.answer(asked, found, answer, give))
        if answer.abstention is not None:
            return answer
        cited = [
            self._snapshot.paper(self._snapshot.row(s.paper_id)) for s in answer.sources if s.cited
        ]
        return add_records(answer, order_by_year(ordered, cited, "found to match"))

    def _read(
        self, judge: PaperJudge, asked: AskedQuestion, found: Findings
    ) -> Generator[Event, None, tuple[SurveyResult, Findings]]:
        """Returns the papers that an LLM finds to belong, and all that it read as found."""
        # What it takes is imported where an LLM reads.
        from assistant.answer.survey.read_library import PapersToRead, read_library

        ranked = self._evidence.search(asked.text, asked.n_read, asked.filters).papers
        scores = {one.row: one.score for one in ranked}
        rows = list(scores)
        if found.n_searched <= asked.n_read:
            # What search has no score for is read as well, last.
            allowed = np.flatnonzero(self._snapshot.matching(asked.filters or NO_FILTERS))
            rows += [row for row in allowed.tolist() if row not in scores]
        papers = [(self._snapshot.paper(row), self._snapshot.sentences(row)) for row in rows]
        read = FoundPapers(
            tuple(paper for paper, _ in papers), tuple(scores.get(row, 0.0) for row in rows)
        )
        most_tokens = None if asked.read_all else self._settings.survey_tokens

        def price(prompt_tokens: int, completion_tokens: int) -> float | None:
            used = Usage(prompt_tokens, completion_tokens)
            return price_tokens(judge.model.name, used, self._settings.llm_base_url).cost_usd

        survey = yield from read_library(
            judge,
            found.evidence,
            PapersToRead(papers, found.n_searched, most_tokens),
            self._compute_share,
            price,
            asked.max_sentences,
        )
        return survey, replace(found, papers=read)

    def _list_mentions(
        self, asked: AskedQuestion, mention: Mention, found: Findings, answer: Answer
    ) -> Answering:
        """Answers with every paper that has the word; where none has, that is what is said."""
        rows = np.flatnonzero(self._snapshot.matching(asked.filters or NO_FILTERS)).tolist()
        papers = ((self._snapshot.paper(row), self._snapshot.sentences(row)) for row in rows)
        survey = answer_mentions(mention, papers, len(rows), asked.max_sentences)
        return (yield from self._give_judged(survey, found, survey.add_to(answer)))

    def _give_judged(self, survey: SurveyResult, found: Findings, answer: Answer) -> Answering:
        """Gives what is sure to belong, and nothing where nothing does."""
        answer = replace(answer, confidence="likely")
        if answer.survey is not None and not survey.sentences:
            message, closest = answer.survey.heading, found.papers.closest
            nearest = quote_nearest(found.evidence, closest) if answer.survey.n_read else ()
            shown = found.papers.keep_best(self._settings.top_k, ())
            answer = replace(answer, sources=shown.list_sources(()))
            return abstain(answer, Abstention("nothing_relevant", message, closest, nearest))
        all_papers = found.papers.include(survey.papers)
        papers_shown = all_papers.keep_best(self._settings.top_k, survey.sentences)
        labelled = label_citations(survey.sentences)
        yield from replay(labelled)
        return compose(answer, labelled, papers_shown)

    def _compute_share(self, stem: str) -> float:
        """Returns the share of the library's papers that have ``stem``, in [0, 1]."""
        return self._snapshot.lexical.document_frequency(stem) / self._snapshot.n_papers


def _pass_news(answering: Answering) -> Answering:
    """Yields of what ``answering`` yields what a person waits by, and returns its answer."""
    while True:
        try:
            event = next(answering)
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        if isinstance(event, Noticed | Progressed | ReadingLimited):
            yield event
