"""Asks a scripted server through the client, and says what came or failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from assistant.errors import ModelError
from assistant.llm.chat_model import Reply
from assistant.llm.messages import Message
from assistant.llm.openai_chat import OpenAIChat
from tests.llm_servers.scripted import KEY, ScriptedServer, Turn, scripted

ASKED = [Message("system", "You are brief."), Message("user", "Is it so?")]
OVERFLOW = {"error": {"code": 400, "type": "exceed_context_size_error", "message": "9000 tokens"}}


def model_of(server: ScriptedServer, *, timeout_s: float = 20, silence_s: float = 10) -> OpenAIChat:
    return OpenAIChat(
        "tiny", base_url=server.url, api_key=KEY, timeout_s=timeout_s, silence_s=silence_s
    )


@dataclass
class Failed:
    error: ModelError
    n_requests: int


def failure(
    script: Sequence[Turn], *, timeout_s: float = 20, silence_s: float = 10, max_tokens: int = 50
) -> Failed:
    """Returns how a reply fails; the script's secrets must not be in the message."""
    with scripted(script) as server:
        model = model_of(server, timeout_s=timeout_s, silence_s=silence_s)
        with pytest.raises(ModelError) as caught:
            next(model.stream(ASKED, max_tokens=max_tokens))
        message = str(caught.value)
        assert "secret" not in message
        assert KEY not in message
        assert "\n" not in message
        return Failed(caught.value, len(server.requests))


def reply_to(
    script: Sequence[Turn], *, timeout_s: float = 20, silence_s: float = 10, max_tokens: int = 50
) -> Reply:
    """Returns a reply that had text, read to its end."""
    with scripted(script) as server:
        model = model_of(server, timeout_s=timeout_s, silence_s=silence_s)
        return model.complete(ASKED, max_tokens=max_tokens)
