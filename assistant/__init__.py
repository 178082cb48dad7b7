"""Answers over a library of paper abstracts, every sentence with the quote that supports it.

from assistant import Assistant

with Assistant.open() as assistant:
    answer = assistant.ask("Which papers study length control?")
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from assistant.answers import Answer
from assistant.errors import AssistantError
from assistant.types import Abstention, Citation, Filters, Paper, SearchResult, Sentence

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.conversation.chat import Chat
    from assistant.settings import Settings

__version__ = version("abstract-assistant")

__all__ = [
    "Abstention",
    "Answer",
    "Assistant",
    "AssistantError",
    "Chat",
    "Citation",
    "Filters",
    "Paper",
    "SearchResult",
    "Sentence",
    "Settings",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Returns the names that are slow to import only when they are asked for."""
    if name == "Assistant":
        from assistant.api import Assistant

        return Assistant
    if name == "Chat":
        from assistant.conversation.chat import Chat

        return Chat
    if name == "Settings":
        from assistant.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
