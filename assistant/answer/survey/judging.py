"""A language model's judgement of a batch of papers, and how large batches are.

A batch that does not fit the model's window, or whose reply does not fit its room, is asked in
halves; a single paper that does not is left unread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answer.readable import ReadablePaper
from assistant.answer.survey.judgements import Judgement, Shown, format_paper, read_reply
from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.messages import Message, count_prompt_tokens
from assistant.llm.prompts import Prompt

if TYPE_CHECKING:
    from assistant.answer.survey.details import DetailChecker
    from assistant.llm.judgement_cache import JudgementCache

TASK = "relevant"
"""The prompt's name."""

BATCH_TOKENS = 4_000
"""Tokens of the papers in one request: some sixteen abstracts, so few that a model keeps them
apart, and so many that the instructions before them cost little."""

WINDOW_SHARE = 0.5
"""What the papers may take of a model's window; the rest is for instructions and reply."""

REPLY_TOKENS = 100
REPLY_TOKENS_A_PAPER = 60
"""Room for a reply: a fence that some models put around it, and for each paper its numbers and a
sentence for the detail."""


@dataclass(frozen=True, slots=True)
class PaperJudge:
    """The model that judges papers, the prompt that it is asked with, and what goes along.

    ``cache`` keeps what it said; ``details`` checks what it says of each paper besides. Without
    them nothing is kept, and no detail is taken.
    """

    model: ChatModel
    prompt: Prompt
    cache: JudgementCache | None = None
    details: DetailChecker | None = None


@dataclass(slots=True)
class BatchOutcome:
    """What a model said of a batch, by paper id, and what it took.

    Papers that are missing could not be read; ``error`` is what kept them away, if something did.
    """

    batch: Sequence[ReadablePaper]
    judgements: dict[str, Judgement] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: ModelError | None = None


def make_batches(
    papers: Sequence[ReadablePaper], tokens: Sequence[int], most: int
) -> Iterator[tuple[tuple[ReadablePaper, ...], int]]:
    """Yields ``papers`` in their order, in batches of at most ``most`` tokens, each with its own.

    ``tokens`` are those of each paper. One that has more is a batch by itself.
    """
    batch: list[ReadablePaper] = []
    total = 0
    for paper, n in zip(papers, tokens, strict=True):
        if batch and total + n > most:
            yield tuple(batch), total
            batch, total = [], 0
        batch.append(paper)
        total += n
    if batch:
        yield tuple(batch), total


def limit_batch(window: int | None) -> int:
    """Returns how many tokens of papers go into one request to a model with that window."""
    return BATCH_TOKENS if window is None else min(BATCH_TOKENS, int(window * WINDOW_SHARE))


class BatchAsker:
    """Asks a model about batches of papers for one question; any thread may ask.

    After ``stop`` nothing more is asked, and what is being written is hung up on.
    """

    def __init__(self, model: ChatModel, prompt: Prompt, question: str, *, shown: Shown) -> None:
        """``shown`` makes titles, sentences and the question harmless to show."""
        self._model = model
        self._prompt = prompt
        self._question = shown(question)
        self._shown = shown
        self._stopped = threading.Event()
        self._replies: set[Reply] = set()
        self._changing = threading.Lock()

    def count_instructions(self, count: Callable[[str], int]) -> int:
        """Returns the tokens of a request without its papers, as ``count`` has those of a text."""
        return sum(count(message.text) for message in self._render(()))

    def ask(self, batch: Sequence[ReadablePaper]) -> BatchOutcome:
        """Returns what the model says of ``batch``.

        Raises:
            ModelError: the model refuses, and would refuse any other batch.
        """
        outcome = BatchOutcome(batch)
        waiting = [batch]
        try:
            while waiting and not self._stopped.is_set():
                part = waiting.pop(0)
                if not self._ask_part(part, outcome) and len(part) > 1:
                    half = len(part) // 2
                    waiting[:0] = [part[:half], part[half:]]
        except ModelError as error:
            if not error.retryable:
                raise
            outcome.error = error
        return outcome

    def stop(self) -> None:
        """Ends all requests, from any thread."""
        self._stopped.set()
        with self._changing:
            replies = list(self._replies)
        for reply in replies:
            reply.close()

    def _ask_part(self, batch: Sequence[ReadablePaper], outcome: BatchOutcome) -> bool:
        """Asks about ``batch`` and adds what came; False where it is too large for the model."""
        messages = self._render(batch)
        room = REPLY_TOKENS + REPLY_TOKENS_A_PAPER * len(batch)
        window = self._model.context_tokens
        if window is not None and count_prompt_tokens(messages) + room > window:
            return False
        try:
            reply = self._read(messages, room)
        except ContextOverflowError:
            return False
        outcome.prompt_tokens += reply.prompt_tokens
        outcome.completion_tokens += reply.completion_tokens
        found = read_reply(reply.text, batch)
        outcome.judgements |= found or {}
        return found is not None or reply.finish != "length"

    def _read(self, messages: Sequence[Message], room: int) -> Reply:
        """Returns the model's reply, read to its end."""
        reply = self._model.stream(messages, max_tokens=room, json_object=True)
        with self._changing:
            self._replies.add(reply)
        try:
            if self._stopped.is_set():
                reply.close()
            for _ in reply:
                pass
        finally:
            with self._changing:
                self._replies.discard(reply)
        return reply

    def _render(self, batch: Sequence[ReadablePaper]) -> tuple[Message, ...]:
        papers = "\n\n".join(
            f"Paper {place}: {format_paper(one, self._shown)}" for place, one in enumerate(batch, 1)
        )
        return self._prompt.render(papers=papers, question=self._question)
