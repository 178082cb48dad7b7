"""What the tabs of one visitor share."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

CHAT, LIBRARY, MAP, SEARCH, EVALS = "chat", "library", "map", "search", "evals"
"""The ids of the tabs."""


@dataclass(frozen=True)
class SharedState:
    """States of a visit, and the tabs themselves; made inside ``gr.Blocks``.

    ``chosen`` is the ids of the papers that the chat is restricted to, [] for all;
    ``last_papers`` those that the last answer cites; ``n_changes`` is counted up whenever the
    visitor changed the library.
    """

    tabs: gr.Tabs
    chosen: gr.State
    last_papers: gr.State
    n_changes: gr.State


def to_tab(tab_id: str) -> gr.Tabs:
    """Returns the update that brings a tab to the front."""
    return gr.Tabs(selected=tab_id)
