"""The evals tab."""

from __future__ import annotations

import gradio as gr
from assistant_ui.open_library import OpenLibrary
from assistant_ui.shared_state import SharedState


def evals_tab(library: OpenLibrary, shared: SharedState) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    gr.Markdown("")
