"""The evals tab: a choice of reports, each shown as the page that it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant_ui.evals.reports import EvalReport, list_reports
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.errors_shown import says_errors
from assistant_ui.parts.events import QUIET


def evals_tab(library: OpenLibrary) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    part = component("evals/evals", None, elem_id="evals")
    home: Path = library.settings.home

    @says_errors
    def show() -> list[dict[str, Any]]:
        return [report_view(report) for report in list_reports(home)]

    part.expand(show, None, part, **QUIET)


def report_view(report: EvalReport) -> dict[str, Any]:
    """Returns a report as an entry of the list that ``static/evals.js`` draws, in JSON types."""
    when = report.written
    return {"name": report.name, "title": f"{report.name}, {when.day} {when:%B %Y, %H:%M} UTC"}
