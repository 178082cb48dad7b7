"""What the conversation and the list of saved chats show, as JSON for the browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assistant_ui.chat.saved_chats import ChatSummary, time_ago

from assistant import Assistant

LLM_COMMANDS = (
    "assistant setup",
    "export OPENAI_API_KEY=...",
    "export ASSISTANT_LLM=gguf:model.gguf",
)
"""How an LLM is configured: found on this machine, with OpenAI, from a file."""


def chat_value(
    assistant: Assistant,
    chat_id: str,
    revision: int,
    turns: Sequence[dict[str, Any]],
    examples: Sequence[str],
    n_chosen: int,
    titles: Sequence[str],
) -> dict[str, Any]:
    """Returns the value of the conversation part.

    Args:
        assistant: the library and its models.
        chat_id: the chat at hand.
        revision: grows with each value; the browser passes over those that come too late.
        turns: its turns, from ``turn_view``.
        examples: questions to begin with.
        n_chosen: how many papers the chat is restricted to; 0 for all.
        titles: the first few of their titles.
    """
    return {
        "chat": chat_id,
        "revision": revision,
        "turns": list(turns),
        "examples": list(examples),
        "banner": banner(assistant),
        "notices": list(assistant.notices),
        "restriction": {"n": n_chosen, "titles": list(titles)} if n_chosen else None,
        "n_papers": assistant.n_papers,
    }


def banner(assistant: Assistant) -> dict[str, Any] | None:
    """Returns what tells that there is no LLM, and how to have one; None where there is one."""
    if assistant.llm_name is not None:
        return None
    why = (
        "the LLM is switched off (ASSISTANT_LLM=none)"
        if assistant.settings.llm == "none"
        else "no LLM is configured"
    )
    return {
        "text": f"Answers are quotations, word for word, because {why}.",
        "commands": list(LLM_COMMANDS),
    }


def chats_value(chats: Iterable[ChatSummary], current: str, now_s: float) -> dict[str, Any]:
    """Returns the value of the list of saved chats; ``now_s`` in seconds since 1970."""
    return {
        "chats": [
            {"id": chat.chat_id, "title": chat.title, "when": time_ago(now_s - chat.changed_s)}
            for chat in chats
        ],
        "current": current,
    }
