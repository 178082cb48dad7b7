"""The answer to a whole-library question whose papers a model read, one by one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.answer.quoting import quote_sentence
from assistant.answer.readable import ReadablePaper, make_readable
from assistant.answer.survey.criterion import find_criterion
from assistant.answer.survey.grouping import Share
from assistant.answer.survey.judging import TASK, PaperJudge
from assistant.answer.survey.reading import LibraryReading, Price, Reading
from assistant.answer.survey.recognition import ListOrder, asks_for_papers, find_order
from assistant.answer.survey.selection import IncludedPaper, Survey, survey_papers
from assistant.answer.survey.surveying import SurveyResult, answer_survey, group_sentences
from assistant.events import Event, ReadingLimited
from assistant.evidence.gathering import ScoredEvidence
from assistant.surveys import SurveyCount, is_quotation
from assistant.types import Paper, Sentence, SentenceSpan, Usage


@dataclass(frozen=True, slots=True)
class PapersToRead:
    """The papers that may be read, closest first, of ``n_searched`` that the filters allow.

    ``most_tokens`` may be spent on them; None is for any number.
    """

    papers: Sequence[tuple[Paper, Sequence[SentenceSpan]]]
    n_searched: int
    most_tokens: int | None


def read_library(
    judge: PaperJudge,
    scored: ScoredEvidence,
    to_read: PapersToRead,
    share: Share,
    price: Price,
    max_sentences: int | None = None,
) -> Generator[Event, None, SurveyResult]:
    """Returns the papers that the model found to belong, closest first or by year where asked.

    Each has the sentence that shows it and, before it, the detail that was asked of it, where its
    check bore that out. Papers that could not be read are judged by their words, as all are where
    none could be read.
    """
    question = scored.evidence.question
    found = [make_readable(paper, spans) for paper, spans in to_read.papers]
    readable = [one for one in found if one is not None]
    work = LibraryReading(judge, question.text)
    plan = work.plan(readable, to_read.most_tokens, price)
    if plan.rest is not None:
        yield ReadingLimited(len(readable) - plan.rest.n_papers, plan.rest)
    reading = yield from work.read(plan)
    if plan.rest is not None:
        yield reading.note(
            f"{plan.rest.n_papers:,} more papers were not read, which takes {plan.rest}: "
            f"ASSISTANT_SURVEY_TOKENS lets {to_read.most_tokens:,} be spent without leave; "
            "read_all=True (--read-all) gives it"
        )
    for notice in judge.cache.notices if judge.cache else ():
        yield reading.note(notice)
    if n_hidden := len(found) - len(readable):
        papers = "1 paper is" if n_hidden == 1 else f"{n_hidden:,} papers are"
        yield reading.note(f"{papers} left out, whose text is nothing but orders to its reader")
    usage = Usage(reading.prompt_tokens, reading.completion_tokens)
    if not reading.judgements:
        by_words = answer_survey(scored, to_read.n_searched, share, max_sentences)
        return replace(by_words, usage=usage, notices=tuple(reading.notices))
    included = _include(scored, readable, reading, to_read.n_searched)
    included = sort_papers(included, find_order(question.text))
    sentences = _say_each(judge, included, readable, reading, question.text)
    n_judged = len(reading.judgements) + len(reading.failed)
    count = SurveyCount(
        format_heading(len(included), to_read, reading),
        len(included),
        n_judged,
        to_read.n_searched,
        n_read=len(reading.judgements),
        unread=plan.rest,
    )
    shown = sentences[:max_sentences]
    if question.broad or not asks_for_papers(question):
        survey = Survey(tuple(included), n_judged, to_read.n_searched)
        shown, listed = group_sentences(survey, shown, find_criterion(question).stems, share)
        count = replace(count, papers=listed)
    return SurveyResult(
        shown,
        float(bool(included)),
        count,
        model=judge.model.name,
        prompts={TASK: judge.prompt.reference},
        usage=usage,
        notices=tuple(reading.notices),
        papers=tuple(one.paper for one in included),
        mode="llm" if any(not is_quotation(s) for s in shown) else "extractive",
    )


def format_heading(n: int, to_read: PapersToRead, reading: Reading) -> str:
    """Returns the line above the papers: how many match, of how many, and which were read."""
    n_read, n_failed, n_searched = len(reading.judgements), len(reading.failed), to_read.n_searched
    n_judged = n_read + n_failed
    abstracts = f"of {n_judged:,} abstract{'' if n_judged == 1 else 's'}"
    found = f"{n:,} {abstracts} match{'es' if n == 1 else ''}"
    if not n:
        found = f"None {abstracts} was found to match"
    if n_read == n_searched:
        read = f"all {n_read:,} were read" if n_read != 1 else "it was read"
    elif all(paper.paper_id in reading.judgements for paper, _ in to_read.papers[:n_read]):
        read = f"the {n_read:,} closest of {n_searched:,} were read"
    else:
        read = f"{n_read:,} of {n_searched:,} were read"
    known = f"{reading.n_known:,}" if reading.n_known < n_read else "all"
    before = f", {known} of them before" if reading.n_known else ""
    by_words = f", {n_failed:,} judged by their words" if n_failed else ""
    return f"{found}; {read}{before}{by_words}."


def _include(
    scored: ScoredEvidence, readable: Sequence[ReadablePaper], reading: Reading, n_searched: int
) -> list[IncludedPaper]:
    """Returns the papers that belong, by the model or, where it could not be asked, by words."""
    by_words = {}
    if reading.failed:
        failed = {one.paper.paper_id for one in reading.failed}
        found = survey_papers(scored, n_searched).included
        by_words = {one.paper.paper_id: one for one in found if one.paper.paper_id in failed}
    included = []
    for one in readable:
        said = reading.judgements.get(one.paper.paper_id)
        if said is None and one.paper.paper_id in by_words:
            included.append(by_words[one.paper.paper_id])
        elif said is not None and (span := one.find(said.sentence)) is not None:
            included.append(IncludedPaper(one.paper, (span,), 1.0))
    return included


def _say_each(
    judge: PaperJudge,
    included: Sequence[IncludedPaper],
    readable: Sequence[ReadablePaper],
    reading: Reading,
    question: str,
) -> tuple[Sentence, ...]:
    """Returns for each paper the detail that was asked, where its check bore it out, and quotes."""
    texts = {one.paper.paper_id: one for one in readable}
    sentences: list[Sentence] = []
    for one in included:
        said = reading.judgements.get(one.paper.paper_id)
        quotes = [quote_sentence(one.paper, span) for span in one.spans]
        if judge.details is not None and said is not None:
            detail = judge.details.check(texts[one.paper.paper_id], said, question)
            if detail is not None and detail.text not in {quote.text for quote in quotes}:
                sentences.append(detail)
        sentences += quotes
    return tuple(sentences)


def sort_papers(included: list[IncludedPaper], order: ListOrder) -> list[IncludedPaper]:
    """Returns the papers as asked; those without a year come last of an order by year."""
    if order == "match":
        return included
    dated = [one for one in included if one.paper.year is not None]
    undated = [one for one in included if one.paper.year is None]
    return [
        *sorted(dated, key=lambda one: one.paper.year or 0, reverse=order == "newest"),
        *undated,
    ]
