"""The library tab: its papers as a table, and what changes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from assistant_ui.library.actions import LibraryActions
from assistant_ui.library.changes import LibraryChanges
from assistant_ui.library.rows import PaperTable
from assistant_ui.library.uploads import MAX_FILE_BYTES, SUFFIXES
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.errors_shown import says_errors
from assistant_ui.parts.events import QUIET, read_sent
from assistant_ui.server.limits import owner_of
from assistant_ui.shared_state import CHAT, SharedState, to_tab
from gradio.utils import get_upload_folder

QUICK: dict[str, Any] = {**QUIET, "queue": False}
SLOW: dict[str, Any] = {**QUIET, "queue": True, "concurrency_limit": None}
"""Without a limit, so that a second change is refused at once and does not wait in silence."""

MAX_TICKED = 1_000
"""Chosen papers that the table shows as ticked; more of them would travel with every click."""

PLACE = {"suffixes": list(SUFFIXES), "max_bytes": MAX_FILE_BYTES}


def library_tab(library: OpenLibrary, shared: SharedState) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    actions = LibraryActions(library, PaperTable(library), LibraryChanges(library.settings))
    place = component(
        "library/library_changes", {**PLACE, "change": None}, elem_id="library-changes"
    )
    table = component(
        "library/library_table",
        None,
        elem_id="library-table",
        paper=None,
        chosen=[],
        n_chosen=0,
        n_changes=0,
    )
    saved = component("library/saved_file", None, elem_id="library-saved-file")
    changed = [place, shared.n_changes, shared.chosen]

    @says_errors
    def show(event: gr.EventData) -> dict[str, Any]:
        return actions.page(read_sent(event))

    @says_errors
    def open_paper(event: gr.EventData) -> dict[str, Any]:
        return gr.update(paper=actions.paper(read_sent(event).get("paper_id")))

    @says_errors
    def ask_only(event: gr.EventData) -> tuple[list[str], Any]:
        return actions.choose(read_sent(event)), to_tab(CHAT)

    @says_errors
    def export(event: gr.EventData) -> dict[str, str]:
        return actions.export(read_sent(event))

    @says_errors
    def add(
        n_changes: int, chosen: list[str], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        folder = Path(get_upload_folder())
        for change in actions.add(read_sent(event), folder, owner_of(request)):
            yield told(change, n_changes, chosen)

    @says_errors
    def remove(
        n_changes: int, chosen: list[str], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        for change in actions.remove(read_sent(event), owner_of(request)):
            yield told(change, n_changes, chosen)

    def told(change: dict[str, Any], n_changes: int, chosen: list[str]) -> tuple[Any, ...]:
        view = {**PLACE, "change": change}
        if not change.get("changed"):
            return view, gr.skip(), gr.skip()
        return view, n_changes + 1, actions.table.current().keep_known(chosen)

    def stop(request: gr.Request) -> None:
        actions.changes.stop(owner_of(request))

    table.input(show, None, table, trigger_mode="always_last", **QUICK)
    table.select(open_paper, None, table, trigger_mode="always_last", **QUICK)
    # A browser hears of a changed state from events that queue, and from no others.
    table.submit(ask_only, None, [shared.chosen, shared.tabs], **SLOW)
    table.clear(list, None, shared.chosen, **SLOW)
    table.download(export, None, saved, **{**SLOW, "concurrency_limit": 2})
    saved.clear(lambda: None, None, saved, **QUICK)
    table.delete(remove, [shared.n_changes, shared.chosen], changed, **SLOW)
    place.upload(add, [shared.n_changes, shared.chosen], changed, **SLOW)
    place.stop(stop, None, None, **QUICK)
    shared.n_changes.change(lambda n: gr.update(n_changes=n), shared.n_changes, table, **QUICK)
    shared.chosen.change(chosen_props, shared.chosen, table, **QUICK)


def chosen_props(paper_ids: list[str]) -> dict[str, Any]:
    """Returns the update that tells the table what the chat is restricted to."""
    ticked = paper_ids if len(paper_ids) <= MAX_TICKED else []
    return gr.update(chosen=ticked, n_chosen=len(paper_ids))
