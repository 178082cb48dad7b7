"""The evals tab: the last reports of the evals, their metrics, and the cases that failed."""

from __future__ import annotations

from typing import Any

import gradio as gr
from assistant_ui.component import component
from assistant_ui.errors_shown import says_errors
from assistant_ui.eval_reports import read_reports
from assistant_ui.eval_views import case_view, reports_view
from assistant_ui.open_library import OpenLibrary
from assistant_ui.shared_state import SharedState


def evals_tab(library: OpenLibrary, shared: SharedState) -> None:  # noqa: ARG001 - as every tab
    """Lays out the tab; called inside its ``gr.Tab``."""
    part = component("evals", None, elem_id="evals", opened=None)
    home = library.settings.home

    def shown(event: gr.EventData) -> Any:
        return gr.HTML(value=reports_view(read_reports(home), _text(event, "report")), opened=None)

    def opened(event: gr.EventData) -> Any:
        named = read_reports(home).named(_text(event, "report"))
        cases = named.report.cases if named else ()
        case = next((each for each in cases if each.id == _text(event, "case")), None)
        return gr.HTML(opened=case_view(case) if case else None)

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    part.expand(says_errors(shown), None, part, **quiet)
    part.select(says_errors(opened), None, part, **quiet)


def _text(event: gr.EventData, name: str) -> str:
    """Returns a text of an event, '' where the browser sent none."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""
