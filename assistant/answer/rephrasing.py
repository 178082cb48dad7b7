"""An answer in other words, as a turn of a conversation wants it: shorter, in French, as a table.

Nothing is searched: the sentences that the answer cites are all that the LLM is shown, and what it
writes is checked against them as any answer is.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer.accounting import time_step
from assistant.answer.asking import read_question
from assistant.answer.compose import (
    FindPaper,
    FoundPapers,
    add_notice,
    compose,
    find_kept,
    label_citations,
    replay,
)
from assistant.answer.readable import ReadablePaper
from assistant.answers import Answer
from assistant.errors import ModelError, QuestionError
from assistant.events import Done, Event, Retrieved
from assistant.llm.fencing import neutralise
from assistant.surveys import SurveyCount
from assistant.types import Citation, Paper, Sentence, SentenceSpan, TurnOptions

if TYPE_CHECKING:
    from assistant.answer.writing.writer import AnswerWriter
    from assistant.settings import Settings

TASK = "rephrase"
NOT_REPHRASED = (
    "the LLM wrote nothing that the papers bear out, so these are the quotations that the answer "
    "before rests on"
)

_TABLE = re.compile(r"\btab(?:le|ular|ulat)", re.IGNORECASE)


def rephrase(
    turn: str,
    last: Answer,
    instruction: str,
    options: TurnOptions,
    writer: AnswerWriter | None,
    find_paper: FindPaper,
    settings: Settings,
) -> Generator[Event, None, None]:
    """Yields what happens while ``writer`` puts ``last`` as ``instruction``, in English, says.

    Where it is away, or nothing that it wrote passes the check, the quotations that ``last`` rests
    on take its place, and a notice says so.

    Raises, when the first event is asked for:
        QuestionError: an option cannot be used, or the library holds none of the quotes any more.
        ModelError: as ``Engine.stream``.
    """
    assert writer is not None, "without an LLM no answer is put in other words"
    asked = read_question(
        turn,
        {**options, "standalone_question": last.standalone_question, "search_queries": ()},
        settings,
        llm_writes=True,
    )
    papers = find_kept((source.paper_id for source in last.sources), find_paper)
    quotes = _list_quotes(last, papers)
    # A table has a row for each paper.
    n_rows = len({quote.paper_id for quote in quotes}) if _TABLE.search(instruction) else 0
    n_sentences = asked.max_sentences or max(asked.n_sentences, len(last.sentences), n_rows)
    if not quotes:
        raise QuestionError(
            "what the answer before quotes is not in the library any more; ask its question again"
        )
    yield Retrieved(last.standalone_question, last.sources, last.answerability)
    answer = Answer(
        turn,
        last.standalone_question,
        text="",
        answerability=last.answerability,
        confidence=last.confidence,
        caveat=last.caveat,
        missing=last.missing,
        read_filters=last.read_filters,
    )
    sentences: Sequence[Sentence] = ()
    try:
        with time_step(answer, "answer"):
            written = yield from writer.write(
                last.standalone_question,
                _gather(quotes, papers),
                n_sentences,
                TASK,
                answer=neutralise(" ".join(sentence.text for sentence in last.sentences)),
                instruction=neutralise(instruction),
            )
    except ModelError as error:
        if not error.retryable:
            raise
        answer = add_notice(answer, f"{error}; these are quotations")
    else:
        answer = replace(
            written.add_to(answer, writer.model.name, settings.llm_base_url),
            # What the papers leave open they still do.
            missing=last.missing,
            confidence=last.confidence,
        )
        sentences = label_citations(written.sentences)
        if not sentences:
            answer = add_notice(replace(answer, mode="extractive", complete=True), NOT_REPHRASED)
    if not sentences:
        quoted = (Sentence(quote.quote, "verbatim", 1.0, (quote,)) for quote in quotes)
        sentences = label_citations(list(quoted)[:n_sentences])
        yield from replay(sentences)
    answer = replace(answer, survey=_make_table(instruction, sentences))
    yield Done(compose(answer, sentences, FoundPapers.of_sources(last.sources, find_paper)))


def _list_quotes(last: Answer, papers: Sequence[Paper]) -> list[Citation]:
    """Returns what ``last`` quotes of ``papers``, each quote once, in order."""
    by_id = {paper.paper_id: paper for paper in papers}
    return list(
        dict.fromkeys(
            cited
            for sentence in last.sentences
            for cited in sentence.citations
            if cited.paper_id in by_id and cited.is_in(by_id[cited.paper_id])
        )
    )


def _gather(quotes: Sequence[Citation], papers: Sequence[Paper]) -> list[ReadablePaper]:
    """Returns the papers with those of their sentences that are ``quotes``."""
    places: dict[str, list[SentenceSpan]] = {quote.paper_id: [] for quote in quotes}
    for quote in sorted(quotes, key=lambda quote: quote.start):
        # A paper's title is shown with its sentences.
        if not quote.of_title:
            places[quote.paper_id].append(SentenceSpan(quote.sentence, quote.start, quote.end))
    by_id = {paper.paper_id: paper for paper in papers}
    return [ReadablePaper(by_id[paper_id], tuple(spans)) for paper_id, spans in places.items()]


def _make_table(instruction: str, sentences: Sequence[Sentence]) -> SurveyCount | None:
    """Returns the table that ``instruction`` wants, of several papers; None where it wants none."""
    n = len({citation.paper_id for sentence in sentences for citation in sentence.citations})
    if n < 2 or not _TABLE.search(instruction):
        return None
    heading = f"What the answer before says of its {n} papers:"
    return SurveyCount(heading, n, n, n, "comparison")
