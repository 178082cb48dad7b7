"""The page: its tabs over one library, and the state that they share."""

from __future__ import annotations

from typing import Any

import gradio as gr
from assistant_ui.chat.tab import chat_tab
from assistant_ui.evals.tab import evals_tab
from assistant_ui.library.tab import library_tab
from assistant_ui.map.tab import map_tab
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.events import QUIET
from assistant_ui.search.tab import search_tab
from assistant_ui.server.endpoints import add_endpoints
from assistant_ui.server.limits import Limits
from assistant_ui.shared_state import CHAT, EVALS, LIBRARY, MAP, SEARCH, SharedState

TITLE = "abstract-assistant"


def build_page(library: OpenLibrary, limits: Limits) -> gr.Blocks:
    """Returns the page over ``library``, to be mounted by ``assistant_ui.server.server``."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        chosen = gr.State([])
        last_papers = gr.State([])
        n_changes = gr.State(0)
        masthead = component("parts/masthead", masthead_value(library), elem_id="masthead")
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
                evals_tab(library)
        add_endpoints(library)
        gr.on(
            [page.load, n_changes.change],
            lambda: masthead_value(library),
            None,
            [masthead],
            queue=False,
            **QUIET,
        )
    return page


def masthead_value(library: OpenLibrary) -> dict[str, Any]:
    """Returns the name and the size of the library, as JSON types."""
    assistant = library.assistant
    return {"library": assistant.stats().library, "n_papers": assistant.n_papers}
