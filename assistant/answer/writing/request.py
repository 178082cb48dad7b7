"""The request for an answer: the prompt with as many papers, best first, as the window holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.accounts import describe_notice
from assistant.answer.readable import ReadablePaper
from assistant.answer.writing.sources import ShownSources, number_sources
from assistant.errors import ContextOverflowError
from assistant.llm.fencing import neutralise
from assistant.llm.messages import Message
from assistant.llm.prompts import Prompt

MESSAGE_TOKENS = 8
"""Tokens that a chat template puts around one message, at most.
Source: ChatML and Llama 3 templates take 4 to 6."""

LABEL_TOKENS = 6
"""Tokens of a sentence's label, its brackets and the line end."""


@dataclass(frozen=True, slots=True)
class Request:
    """Messages to send, the sources that they show, and how many papers found no room."""

    messages: tuple[Message, ...]
    sources: ShownSources
    n_left_out: int


def fit_request(
    prompt: Prompt,
    papers: Sequence[ReadablePaper],
    question: str,
    *,
    window: int,
    reply_tokens: int,
    count: Callable[[str], int],
    **variables: str,
) -> Request:
    """Returns the request with the best papers that fit into ``window`` tokens.

    ``papers`` are best first; room for ``reply_tokens`` is kept. Neither the question nor the
    prompt's own words are ever cut, and no abstract is cut within.

    Raises:
        ContextOverflowError: not even the first paper fits.
    """
    asked = neutralise(question)
    bare = prompt.render(sources="", question=asked, **variables)
    room = window - reply_tokens - sum(count(m.text) + MESSAGE_TOKENS for m in bare)
    n_shown = 0
    for source in papers:
        room -= count_source(source, count)
        if room < 0:
            break
        n_shown += 1
    if not n_shown:
        raise ContextOverflowError(
            f"the LLM's context window of {window:,} tokens does not hold the question and one "
            "abstract; set ASSISTANT_LLM_CONTEXT to the window that the model has, or ask more "
            "briefly"
        )
    sources = number_sources(papers[:n_shown])
    return Request(
        prompt.render(sources=sources.text, question=asked, **variables),
        sources,
        len(papers) - n_shown,
    )


def count_source(source: ReadablePaper, count: Callable[[str], int]) -> int:
    """Returns the tokens of a paper as it is shown, with its labels."""
    texts = [source.title, describe_notice(source.paper.notice), *map(source.quote, source.spans)]
    return sum(count(text) + LABEL_TOKENS for text in texts)
