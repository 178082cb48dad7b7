"""A second look before an LLM says no: the queries that it gives are searched, and it reads on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from assistant.answer.readable import ReadablePaper
from assistant.answer.writing.writer import AnswerWriter
from assistant.answer.writing.written import WrittenAnswer
from assistant.errors import ModelError
from assistant.events import Checked, Cited, Event, Replaced, SentenceStarted, TextAdded

FindNew = Callable[[Sequence[str]], Generator[Event, None, Sequence[ReadablePaper]]]
"""Returns the papers that queries find and that were not shown yet, and says so by events."""


def look_again(
    writer: AnswerWriter,
    question: str,
    shown: Sequence[ReadablePaper],
    max_sentences: int,
    first: WrittenAnswer,
    find_new: FindNew,
) -> Generator[Event, None, WrittenAnswer]:
    """Returns what the model writes of more papers, or ``first`` where that is no better.

    It looks again where ``first`` states nothing, or not all that is asked, and the model gave
    queries for what is lacking; one request is made, if these find papers that it has not seen.
    """
    lacks = first.missing is not None or (first.not_stated and not first.sentences)
    if not lacks or not first.queries or not first.complete:
        return first
    new = yield from find_new(first.queries)
    if not new:
        return first
    # A small window holds what was cited and what is new.
    cited = {c.paper_id for s in first.sentences for c in s.citations}
    before = sorted(shown, key=lambda source: source.paper.paper_id not in cited)
    writing = writer.write(
        question, [*before[: len(cited)], *new, *before[len(cited) :]], max_sentences
    )
    n_before = first.n_begun
    try:
        if n_before:
            again, events = _collect(writing, n_before)
        else:
            again, events = (yield from writing), []
    except ModelError as error:
        if not error.retryable:
            raise
        yield first.add_notice(f"the second look broke off: {error}")
        return first
    if not _is_better(again, first):
        first.add_spent(again)
        return first
    for index in range(n_before):
        yield Replaced(index, None)
    yield from events
    again.add_spent(first)
    return again


def _is_better(again: WrittenAnswer, first: WrittenAnswer) -> bool:
    """Returns whether the second answer says something that the first does not."""
    if not again.sentences:
        return not first.sentences
    known = {c.paper_id for s in first.sentences for c in s.citations}
    cited = {c.paper_id for s in again.sentences for c in s.citations}
    return again.missing is None or not cited <= known


def _collect(
    writing: Generator[Event, None, WrittenAnswer], n_before: int
) -> tuple[WrittenAnswer, list[Event]]:
    """Returns the answer and its events, whose sentences are counted on from ``n_before``."""
    events: list[Event] = []
    while True:
        try:
            event = next(writing)
        except StopIteration as end:
            written: WrittenAnswer = end.value
            return written, events
        if isinstance(event, SentenceStarted | TextAdded | Cited | Checked | Replaced):
            event = replace(event, index=event.index + n_before)
        events.append(event)
