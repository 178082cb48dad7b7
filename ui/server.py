"""The web server: the page behind its own checks of who may ask what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr
from assistant_ui.component import STATIC, STATIC_PATH
from assistant_ui.open_library import OpenLibrary
from assistant_ui.page import build_page
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from assistant import Settings


@dataclass(frozen=True)
class ServerOptions:
    """How the page is served; ``auth`` is ``(user, password)``."""

    host: str = "127.0.0.1"
    port: int = 7860
    auth: tuple[str, str] | None = None
    mcp: bool = False


def create_app(library: OpenLibrary, options: ServerOptions) -> FastAPI:
    """Returns the web application: static files, endpoints and the page at '/'."""
    app = FastAPI(openapi_url=None)
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC))
    page = build_page(library)
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        auth=options.auth,
        footer_links=["api"],
        run_history=False,
        show_error=False,
        mcp_server=options.mcp,
    )


def serve(settings: Settings, options: ServerOptions, ready: Callable[[str], None]) -> None:
    """Serves the page until Ctrl-C; ``ready`` is told its address once it answers."""
    import uvicorn

    app = create_app(OpenLibrary(settings), options)
    ready(f"http://{options.host}:{options.port}/")
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning")
