"""``assistant ui``: the page in a browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from typing import Annotated

import typer
from assistant_ui.server import starting

from assistant.cli import options, output


def ui(
    host: Annotated[
        str,
        typer.Option(
            "--host",
            help="Address to serve on. Others than this machine's own need --auth or "
            "--open-to-network.",
            metavar="ADDRESS",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            help=f"Port to serve on; {starting.DEFAULT_PORT}, or the next free one, if not given.",
            metavar="PORT",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[
        bool,
        typer.Option("--no-browser", help="Open no browser.", metavar=options.NO_VALUE),
    ] = False,
    auth: Annotated[
        str | None,
        typer.Option(
            "--auth",
            help="Ask visitors for this user and password. A shell keeps the line in its history "
            "and other users of this machine can see it: give USER alone to be asked instead.",
            metavar="USER[:PASSWORD]",
        ),
    ] = None,
    open_to_network: Annotated[
        bool,
        typer.Option(
            "--open-to-network",
            help="Serve other machines without a password: whoever reaches this one can read "
            "your papers and chats, change the library and use the LLM at your cost.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    mcp: Annotated[
        bool,
        typer.Option(
            "--mcp",
            help="Also serve ask, search and check as MCP tools for agents.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--behind-proxy",
            help="Believe the proxy at this address, or in this network, what it says of "
            "visitors' addresses (X-Forwarded-For); may be repeated.",
            metavar="ADDRESS",
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help="Name that visitors know the page by, such as that of a proxy before it; may be "
            "repeated.",
            metavar="NAME",
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            help="Questions answered by quotations at once; else ASSISTANT_CONCURRENCY.",
            metavar="N",
        ),
    ] = None,
    llm_concurrency: Annotated[
        int | None,
        typer.Option(
            "--llm-concurrency",
            help="Questions that an LLM answers at once; else ASSISTANT_LLM_CONCURRENCY.",
            metavar="N",
        ),
    ] = None,
    queue: Annotated[
        int | None,
        typer.Option(
            "--queue",
            help="Questions that may wait; further ones are refused. Else ASSISTANT_QUEUE.",
            metavar="N",
        ),
    ] = None,
    session_life: Annotated[
        int | None,
        typer.Option(
            "--session-life",
            help="Minutes that a visit is remembered after its end; else ASSISTANT_SESSION_LIFE.",
            metavar="MINUTES",
        ),
    ] = None,
    connections: Annotated[
        int | None,
        typer.Option(
            "--connections",
            help="Connections from one address, at most; else ASSISTANT_CONNECTIONS.",
            metavar="N",
        ),
    ] = None,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Open the chat page over a library, until Ctrl-C.

    [bold]Examples[/bold]
      assistant ui
      assistant ui --library thesis --port 8000 --no-browser
      assistant ui --host 0.0.0.0 --auth ann
      assistant ui --mcp
      assistant ui --behind-proxy 127.0.0.1 --name papers.example.org --auth ann
    """
    from assistant_ui.server.proxies import read_names, read_proxies

    starting.refuse_open_door(
        host,
        asks_password=auth is not None,
        is_open=open_to_network,
        is_forwarded=bool(name or behind_proxy),
    )
    names, proxies = read_names(name or ()), read_proxies(behind_proxy or ())
    credentials = starting.read_auth(auth)
    from assistant import load_settings

    settings = load_settings(
        library=library,
        home=home,
        concurrency=concurrency,
        llm_concurrency=llm_concurrency,
        queue=queue,
        session_life=session_life,
        connections=connections,
    )
    with starting.listen(host, port) as listener:
        served_at = listener.getsockname()[1]

        def ready() -> None:
            moved = port is None and served_at != starting.DEFAULT_PORT
            why = f" (port {starting.DEFAULT_PORT} is in use)" if moved else ""
            url = starting.page_url(host, served_at)
            output.say(f"The page is at {url}{why}; Ctrl-C ends it.")
            if mcp:
                output.say(f"Agents find its tools at {url}gradio_api/mcp/")
            sys.stdout.flush()
            if not no_browser and starting.has_screen(os.environ):
                local = starting.page_url(host, served_at, local=True)
                # Some browsers return only when they are closed.
                threading.Thread(target=webbrowser.open, args=(local,), daemon=True).start()

        starting.quiet_surroundings(os.environ)
        starting.skip_type_stubs()
        starting.log_failures()
        # Gradio takes seconds to import.
        from assistant_ui.server.server import ServerOptions, serve

        served = ServerOptions(host, served_at, credentials, mcp, names, proxies)
        serve(settings, served, listener, ready)
