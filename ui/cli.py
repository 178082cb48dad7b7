"""``assistant ui``: the page in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli import options


def ui(
    host: Annotated[str, typer.Option("--host", help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to serve on.")] = 7860,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Also serve MCP tools.", metavar=options.NO_VALUE)
    ] = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Open the chat page over a library."""
    from assistant_ui.server import ServerOptions, serve

    from assistant.settings import load_settings

    settings = load_settings(library=library, home=home)
    serve(settings, ServerOptions(host, port, mcp=mcp), ready=lambda url: typer.echo(url))
