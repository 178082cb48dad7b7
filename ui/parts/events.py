"""How events of the page are registered, and what a part sends with them."""

from __future__ import annotations

from typing import Any

import gradio as gr

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Options of an event that the page alone raises, and whose part tells by itself what goes on."""


def read_sent(event: gr.EventData) -> dict[str, Any]:
    """Returns what a part sent with an event; {} where it is nothing that a part sends."""
    return event._data if isinstance(event._data, dict) else {}


def read_text(event: gr.EventData, name: str) -> str:
    """Returns a text that a part sent with an event; "" where it sent none of that name."""
    text = read_sent(event).get(name)
    return text if isinstance(text, str) else ""
