"""The page: its tabs over one library, and the state that they share."""

from __future__ import annotations

from typing import Any

import gradio as gr
from assistant_ui.chat_tab import chat_tab
from assistant_ui.component import component
from assistant_ui.endpoints import add_endpoints
from assistant_ui.evals_tab import evals_tab
from assistant_ui.library_tab import library_tab
from assistant_ui.limits import Limits
from assistant_ui.map_tab import map_tab
from assistant_ui.open_library import OpenLibrary
from assistant_ui.search_tab import search_tab
from assistant_ui.shared_state import CHAT, EVALS, LIBRARY, MAP, SEARCH, SharedState

TITLE = "abstract-assistant"


def build_page(library: OpenLibrary, limits: Limits) -> gr.Blocks:
    """Returns the page over ``library``, to be mounted by ``assistant_ui.server``."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        chosen = gr.State([])
        last_papers = gr.State([])
        n_changes = gr.State(0)
        masthead = component("masthead", masthead_value(library), elem_id="masthead")
        with gr.Tabs(selected=CHAT, elem_id="tabs") as tabs:
            shared = SharedState(tabs, chosen, last_papers, n_changes)
            with gr.Tab("Chat", id=CHAT):
                chat_tab(page, library, shared, limits)
            with gr.Tab("Library", id=LIBRARY):
                library_tab(library, shared)
            with gr.Tab("Map", id=MAP):
                map_tab(library, shared)
            with gr.Tab("Search", id=SEARCH):
                search_tab(library, shared)
            with gr.Tab("Evals", id=EVALS):
                evals_tab(library, shared)
        add_endpoints(library)
        gr.on(
            [page.load, n_changes.change],
            lambda: masthead_value(library),
            None,
            [masthead],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return page


def masthead_value(library: OpenLibrary) -> dict[str, Any]:
    """Returns the name and the size of the library, as JSON types."""
    assistant = library.assistant
    return {"library": assistant.store.name, "n_papers": assistant.n_papers}
