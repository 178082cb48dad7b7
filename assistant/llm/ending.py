"""How a stream ended, and what a reply without text means."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.llm.faults import (
    CHECK_BASE_URL,
    FIRST_PAUSE_S,
    AttemptError,
    filtered,
    only_thought,
    unusable,
)
from assistant.llm.messages import Finish


@dataclass(slots=True)
class Ending:
    """What a stream said about how it ended."""

    max_tokens: int
    finish: str | None = None
    filtered: bool = False
    thinks: bool = False
    refused: bool = False
    called_tool: bool = False
    page: bool = False

    def note(self, finish: str | None, *, refused: bool, called_tool: bool) -> None:
        """Adds what one message of the stream said."""
        self.finish = finish or self.finish
        self.filtered = self.filtered or finish == "content_filter"
        self.refused = self.refused or refused
        self.called_tool = self.called_tool or called_tool or finish == "tool_calls"

    def of_text(self) -> Finish:
        """Returns why a reply that has text ended."""
        if self.finish in ("length", "max_tokens"):
            return "length"
        if self.filtered:
            return "filtered"
        if self.finish is None or self.refused or self.called_tool:
            return "cut"
        return "stop"

    def without_text(self, server: str) -> AttemptError:
        """Returns the error of a reply without text; only a stream that broke is tried again."""
        if self.page:
            return unusable(f"{server} answers with a web page: {CHECK_BASE_URL}")
        if self.filtered:
            return filtered(server)
        if self.refused:
            return unusable(
                f"{server} gave an unusable reply, it refused to answer; "
                "put the question differently or choose another model"
            )
        if self.called_tool:
            return unusable(
                f"{server} gave an unusable reply, it calls a tool in place of answering; "
                "choose another model"
            )
        if self.finish == "length" and self.thinks:
            return only_thought(server, f"{self.max_tokens} tokens")
        if self.finish == "length":
            return unusable(
                f"{server} gave an unusable reply, {self.max_tokens} tokens without any text; "
                "choose a model that thinks less before it answers"
            )
        if self.finish:
            return unusable(
                f"{server} gave an unusable reply, one without text; "
                "check that the model is made for chat, or choose another"
            )
        return AttemptError(
            ModelError(
                f"{server} gave an unusable reply, its stream ended before any text; "
                "try again, and check that it serves chat completions",
                retryable=True,
            ),
            pause=FIRST_PAUSE_S,
        )
