"""An answer that was stopped before its end: what was written and checked of it by then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer.compose import FindPaper, FoundPapers, compose, find_kept, label_citations
from assistant.answers import Answer
from assistant.events import (
    Checked,
    Event,
    Noticed,
    Replaced,
    Retrieved,
    SearchedAgain,
    SentenceStarted,
)
from assistant.suspects import FAILED
from assistant.types import Mode, Sentence, Source

if TYPE_CHECKING:
    from assistant.settings import Settings

STOPPED = "the answer is incomplete: it was stopped"


def compose_stopped(
    question: str,
    events: Sequence[Event],
    find_paper: FindPaper,
    model: str | None,
    settings: Settings,
) -> Answer | None:
    """Returns the answer to ``question`` as far as ``events`` came; None without a sentence.

    ``model`` is the LLM that writes, if one does. Sentences that failed their check stay only where
    the settings flag them, as in an answer that comes to its end. What the LLM's reply took is not
    known yet, and is not counted.
    """
    retrieved: Retrieved | None = None
    sources: tuple[Source, ...] = ()
    queries: list[str] = []
    sentences: dict[int, Sentence | None] = {}
    notices: list[str] = []
    mode: Mode = "extractive"
    for event in events:
        if isinstance(event, Retrieved):
            retrieved, sources = event, event.sources
        elif isinstance(event, SearchedAgain):
            sources = event.sources
            queries += event.queries
            notices.append(event.line)
        elif isinstance(event, SentenceStarted):
            mode = event.mode
        elif isinstance(event, Checked | Replaced):
            sentences[event.index] = event.sentence
        elif isinstance(event, Noticed):
            notices.append(event.message)
    flags = settings.unsupported == "flag"
    kept = [
        sentence
        for _, sentence in sorted(sentences.items())
        if sentence is not None and (flags or sentence.verdict not in FAILED)
    ]
    if retrieved is None or not kept:
        return None
    found = FoundPapers.of_sources(sources, find_paper)
    cited = dict.fromkeys(c.paper_id for sentence in kept for c in sentence.citations)
    answer = Answer(
        question,
        retrieved.standalone_question,
        text="",
        answerability=retrieved.answerability,
        confidence="uncertain",
        mode=mode,
        model=model if mode == "llm" else None,
        search_queries=tuple(queries),
        complete=False,
        notices=(*notices, STOPPED),
    )
    return compose(answer, label_citations(kept), found.include(find_kept(cited, find_paper)))
