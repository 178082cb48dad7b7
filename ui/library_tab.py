"""The library tab: its papers as a table, and what changes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from assistant_ui.component import component
from assistant_ui.errors_shown import says_errors
from assistant_ui.library_changes import LibraryChanges
from assistant_ui.library_desk import LibraryDesk
from assistant_ui.library_rows import RowReader
from assistant_ui.limits import owner_of
from assistant_ui.open_library import OpenLibrary
from assistant_ui.shared_state import CHAT, SharedState, to_tab
from assistant_ui.uploads import MAX_FILE_BYTES, SUFFIXES
from gradio.utils import get_upload_folder

QUICK: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
SLOW: dict[str, Any] = {**QUICK, "queue": True, "concurrency_limit": None}
"""Without a limit, so that a second change is refused at once and does not wait in silence."""

MAX_TICKED = 1_000
"""Chosen papers that the table shows as ticked; more of them would travel with every click."""

PLACE = {"suffixes": list(SUFFIXES), "max_bytes": MAX_FILE_BYTES}


def library_tab(library: OpenLibrary, shared: SharedState) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    desk = LibraryDesk(library, RowReader(library), LibraryChanges(library.settings))
    place = component("library_changes", {**PLACE, "change": None}, elem_id="library-changes")
    table = component(
        "library_table",
        None,
        elem_id="library-table",
        paper=None,
        chosen=[],
        n_chosen=0,
        n_changes=0,
    )
    saved = component("saved_file", None, elem_id="library-saved-file")
    changed = [place, shared.n_changes, shared.chosen]

    @says_errors
    def show(event: gr.EventData) -> dict[str, Any]:
        return desk.page(sent(event))

    @says_errors
    def open_paper(event: gr.EventData) -> dict[str, Any]:
        return gr.update(paper=desk.paper(sent(event).get("paper_id")))

    @says_errors
    def ask_only(event: gr.EventData) -> tuple[list[str], Any]:
        return desk.chosen(sent(event)), to_tab(CHAT)

    @says_errors
    def export(event: gr.EventData) -> dict[str, str]:
        return desk.export(sent(event))

    @says_errors
    def add(
        n_changes: int, chosen: list[str], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        folder = Path(get_upload_folder())
        for change in desk.add(sent(event), folder, owner_of(request)):
            yield told(change, n_changes, chosen)

    @says_errors
    def remove(
        n_changes: int, chosen: list[str], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        for change in desk.remove(sent(event), owner_of(request)):
            yield told(change, n_changes, chosen)

    def told(change: dict[str, Any], n_changes: int, chosen: list[str]) -> tuple[Any, ...]:
        view = {**PLACE, "change": change}
        if not change.get("changed"):
            return view, gr.skip(), gr.skip()
        return view, n_changes + 1, desk.rows.current().known(chosen)

    def stop(request: gr.Request) -> None:
        desk.changes.stop(owner_of(request))

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


def sent(event: gr.EventData) -> dict[str, Any]:
    """Returns what a part sent with an event, {} where it is nothing that a part sends."""
    return event._data if isinstance(event._data, dict) else {}
