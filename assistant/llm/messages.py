"""What is said to a language model, and what the stream of its reply brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.text.tokens import count_tokens

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "cut", "deadline", "filtered"]
"""Why a reply ended: the model stopped; its tokens ran out; the stream broke, was closed, or ended
without saying so; the time for it ran out; a content filter ended it. The text of a reply that did
not stop is not all of it."""

_TOKENS_A_MESSAGE = 4
"""What a chat template adds to each message, about.

Source: OpenAI's cookbook, "How to count tokens with tiktoken" (3 to 4 for each message)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what is sent to a model."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """What one message of a stream brings; ``usage`` is tokens of the prompt and of the reply.

    ``thinks`` is whether it brings thoughts, which are no part of the text.
    """

    text: str = ""
    finish: str | None = None
    usage: tuple[int, int] | None = None
    refused: bool = False
    called_tool: bool = False
    thinks: bool = False


def count_prompt_tokens(messages: Sequence[Message]) -> int:
    """Returns the tokens of ``messages`` with their roles, as tiktoken counts them."""
    return sum(count_tokens(message.text) + _TOKENS_A_MESSAGE for message in messages)
