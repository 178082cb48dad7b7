"""Answers to questions of the library as a whole: every paper that belongs, with its own words.

Joins the steps that such answers need, as ``assistant.answer.engine`` joins the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assistant.answer.quoting import quote_sentence
from assistant.answer.survey.criterion import find_criterion
from assistant.answer.survey.grouping import Share, group_papers, order_by_group
from assistant.answer.survey.listing import list_papers
from assistant.answer.survey.mentions import Mention, format_mentions, list_mentions
from assistant.answer.survey.recognition import asks_for_papers, is_survey
from assistant.answer.survey.selection import (
    Survey,
    compare_papers,
    estimate_answerability,
    format_heading,
    survey_papers,
)
from assistant.answer.survey.sides import Sides, compare_sides
from assistant.answers import Answer
from assistant.evidence.answerability import assess
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.scoring import score_evidence
from assistant.surveys import ListedPaper, SurveyCount
from assistant.types import Mode, Paper, Sentence, SentenceSpan, Usage

ASSESSED_PAPERS = 10
"""Papers by which it is told whether there is an answer: those that abstention was fitted with."""


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """The sentences of a whole-library answer, without labels, and what finding them took.

    They are quotations, and in the mode "llm" also details in an LLM's words. ``papers`` are those
    quoted that need not be among the candidates.
    """

    sentences: tuple[Sentence, ...]
    answerability: float
    count: SurveyCount | None
    model: str | None = None
    prompts: dict[str, str] | None = None
    usage: Usage = field(default_factory=Usage)
    notices: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    mode: Mode = "extractive"

    def add_to(self, answer: Answer) -> Answer:
        """Returns ``answer`` with what finding the papers took; its sentences are left alone."""
        return replace(
            answer,
            answerability=self.answerability,
            survey=self.count,
            mode=self.mode,
            model=self.model,
            prompts={**answer.prompts, **(self.prompts or {})},
            usage=self.usage,
            notices=(*answer.notices, *self.notices),
        )


def answer_survey(
    scored: ScoredEvidence,
    n_searched: int,
    share: Share,
    max_sentences: int | None = None,
    sides: Sides | None = None,
) -> SurveyResult:
    """Returns the papers that a list or count question asks for, or those of a comparison.

    They are judged by their words. ``max_sentences`` bounds the quotations; ``sides`` are the two
    things that a comparison names. Unless papers that do something are asked for, a list is in
    groups where its papers part well; ``share`` is that of the library's papers that have a stem.
    """
    question = scored.evidence.question
    narrow = replace(scored.evidence, papers=scored.evidence.papers[:ASSESSED_PAPERS])
    alone = assess(score_evidence(narrow))
    if not is_survey(question):
        quoted = _quote_all(compare_papers(scored, n_searched), max_sentences)
        quoted, compared = compare_sides(scored, quoted, sides, n_searched)
        return SurveyResult(quoted[:max_sentences], alone.answerability, compared)
    found = survey_papers(scored, n_searched)
    count = SurveyCount(
        format_heading(found, question), len(found.included), found.n_judged, found.n_searched
    )
    sentences = _quote_all(found, max_sentences)
    if question.broad or not asks_for_papers(question):
        sentences, listed = group_sentences(found, sentences, find_criterion(question).stems, share)
        count = replace(count, papers=listed)
    return SurveyResult(sentences, estimate_answerability(found, alone.relevance), count)


def answer_mentions(
    mention: Mention,
    papers: Iterable[tuple[Paper, Sequence[SentenceSpan]]],
    n_searched: int,
    max_sentences: int | None = None,
) -> SurveyResult:
    """Returns every one of ``papers`` that has ``mention``; the heading says so where none has.

    Nothing is estimated, so that the answerability is 1 or 0.
    """
    found = list_mentions(mention, papers)
    sentences = _quote_all(Survey(found, n_searched, n_searched), max_sentences)
    n_shown = len({c.paper_id for s in sentences for c in s.citations})
    heading = format_mentions(mention, len(found), n_searched, n_shown)
    return SurveyResult(
        sentences,
        float(bool(found)),
        SurveyCount(heading, len(found), n_searched, n_searched),
        papers=tuple(one.paper for one in found),
    )


def group_sentences(
    found: Survey, sentences: Sequence[Sentence], asked: frozenset[str], share: Share
) -> tuple[tuple[Sentence, ...], tuple[ListedPaper, ...]]:
    """Returns the sentences group by group, and their papers, without labels, with their groups."""
    cited = {c.paper_id for s in sentences for c in s.citations}
    papers = [one.paper for one in found.included if one.paper.paper_id in cited]
    names = group_papers(papers, asked, share)
    order = {papers[place].paper_id: n for n, place in enumerate(order_by_group(names))}
    grouped = tuple(sorted(sentences, key=lambda s: order[s.citations[0].paper_id]))
    groups = {paper.paper_id: name for paper, name in zip(papers, names, strict=True)}
    return grouped, list_papers(grouped, papers, groups)


def _quote_all(found: Survey, max_sentences: int | None) -> tuple[Sentence, ...]:
    sentences = (quote_sentence(one.paper, span) for one in found.included for span in one.spans)
    return tuple(sentences)[:max_sentences]
