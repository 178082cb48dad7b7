"""What a request sends besides the messages, and what a server has refused to take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.llm.messages import Message

_REASONING = re.compile(r"(gpt-5|o\d)(?!.*-chat)")
"""OpenAI's families that refuse ``max_tokens`` and any temperature but their own.

Source: OpenAI's guide to reasoning models; their error is unsupported_parameter.
"""

_LEAST_EFFORT = ((re.compile(r"gpt-5\.\d"), "none"), (re.compile(r"gpt-5"), "minimal"))
"""The least thinking that a family knows; answers over given passages need next to none.

Source: OpenAI's reference of ``reasoning_effort``; o1 to o4 know "low" at the least.
"""

_ROOM_FOR_THOUGHTS = 2048
"""Where a limit counts hidden thoughts as well, tokens added so that text is left."""


class Parameters:
    """The parameters of one model; what it refuses once is left out from then on.

    ``system_role`` is whether instructions may come in a message of their own. ``is_openai``
    tells whether the server is OpenAI's own, whose families are known.
    """

    def __init__(self, model: str, *, is_openai: bool) -> None:
        self.refused: set[str] = set()
        self.system_role = True
        self._effort: str | None = None
        if is_openai and _REASONING.match(model):
            self.refused |= {"max_tokens", "temperature"}
            self._effort = next((e for family, e in _LEAST_EFFORT if family.match(model)), "low")

    def of_request(
        self, max_tokens: int, *, json_object: bool, progress: bool = False
    ) -> dict[str, Any]:
        """Returns the parameters to send, as they are called in the protocol.

        ``progress`` asks llama.cpp to report while it reads the prompt, so that a long silence
        means a hang.
        """
        wanted: dict[str, Any] = {
            "temperature": 0.0,
            "max_tokens": max_tokens,
            "stream_options": {"include_usage": True},
        }
        if "max_tokens" in self.refused:
            wanted["max_completion_tokens"] = max_tokens + _ROOM_FOR_THOUGHTS
        if json_object:
            wanted["response_format"] = {"type": "json_object"}
        if self._effort:
            wanted["reasoning_effort"] = self._effort
        if progress:
            wanted["return_progress"] = True
        return {name: value for name, value in wanted.items() if name not in self.refused}

    def of_messages(self, messages: Sequence[Message]) -> list[Message]:
        """Returns ``messages``, their instructions before the first question if need be."""
        if self.system_role:
            return list(messages)
        instructions = [message.text for message in messages if message.role == "system"]
        others = [message for message in messages if message.role != "system"]
        if others and others[0].role == "user":
            instructions.append(others.pop(0).text)
        return [Message("user", "\n\n".join(instructions)), *others]

    def leave_out(self, name: str) -> None:
        """Remembers that the server refuses the parameter called ``name``."""
        self.refused.add(name)
