"""Named endpoints for scripts and agents: ask, search and check."""

from __future__ import annotations

from assistant_ui.open_library import OpenLibrary


def add_endpoints(library: OpenLibrary) -> None:
    """Adds the endpoints to the page; called inside ``gr.Blocks``."""
