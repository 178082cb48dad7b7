"""The web server: the page behind its own checks of who may ask what."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, cast

import gradio as gr
import uvicorn
from assistant_ui.evals.reports import REPORTS_PATH, serve_reports
from assistant_ui.open_library import OpenLibrary
from assistant_ui.page import build_page
from assistant_ui.parts.component import STATIC_PATH
from assistant_ui.parts.theme import theme
from assistant_ui.server.agents import fit_for_agents
from assistant_ui.server.body_limit import BodyLimit
from assistant_ui.server.connections import (
    MAX_HEADER_BYTES,
    Addresses,
    ForwardedAddresses,
    bounded_protocol,
)
from assistant_ui.server.limits import Limits, bound_queue, let_queue_rest
from assistant_ui.server.login import Login
from assistant_ui.server.malformed import log_in_one_line, refuse_malformed
from assistant_ui.server.proxies import Proxies
from assistant_ui.server.security import Guard
from assistant_ui.server.starting import allow_open_files, keep_uploads_in
from assistant_ui.server.static_files import PartFiles
from assistant_ui.server.upkeep import Upkeep, UploadRoom
from assistant_ui.server.visits import Memory, NotedVisits, Visits, forget_single_calls
from assistant_ui.server.whole_characters import WholeCharacters
from fastapi import FastAPI
from starlette.routing import Mount

from assistant import AssistantError, Settings
from assistant.cli.output import warn_all

MAX_UPLOAD = "20mb"
N_OPENING = 4
"""Events of pages that are opened, of each kind, which are worked on at once."""

_TICKS_BETWEEN_LOOKS = 50
"""Ticks of Uvicorn, of 0.1 s, between two looks for visits that are over."""
_GRACE_S = 2
"""How long answers that are being streamed hold up the end of the server, in seconds."""
_LAST_S = 5.0
"""How long threads that wait for a model hold up the end of the process."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How the page is served.

    ``auth`` is ``(user, password)``; ``names`` are those by which ``proxies`` are known.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    auth: tuple[str, str] | None = None
    mcp: bool = False
    names: tuple[str, ...] = ()
    proxies: Proxies = field(default_factory=Proxies)


def create_app(library: OpenLibrary, options: ServerOptions) -> FastAPI:
    """Returns the web application: static files, endpoints and the page at '/'.

    Its ``state.memory`` is what Gradio keeps of visits, ``state.upkeep`` what they leave on disk.
    """
    settings = library.settings
    keep_uploads_in(settings.home)
    upkeep = Upkeep(settings)
    app = FastAPI(openapi_url=None)
    app.mount(STATIC_PATH, PartFiles())
    app.add_route(f"{REPORTS_PATH}/{{name}}", serve_reports(library.settings.home))
    page = build_page(library, Limits())
    page.queue(default_concurrency_limit=N_OPENING, max_size=None, api_open=False)
    bound_queue(page, settings.queue)
    forget_single_calls(page)
    let_queue_rest(page)
    # Whatever Gradio would take from variables of the environment is said here.
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=options.host,
        server_port=options.port,
        auth=options.auth,
        auth_message=None,
        allowed_paths=[],
        max_file_size=MAX_UPLOAD,
        footer_links=["api"],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=options.mcp,
        theme=theme(),
    )
    if options.mcp:
        fit_for_agents(page)
    inner = _gradio_app(app)
    refuse_malformed(page, inner)
    log_in_one_line()
    visits = Visits(settings.session_life * 60.0)
    app.state.memory = Memory(page, inner, visits)
    app.state.upkeep = upkeep
    app.add_middleware(NotedVisits, visits=visits)
    app.add_middleware(UploadRoom, upkeep=upkeep)
    if options.auth is not None:
        app.add_middleware(
            Login,
            auth=options.auth,
            tokens=lambda: (inner.cookie_id, cast(Mapping[str, str], inner.tokens)),
        )
    app.add_middleware(WholeCharacters)
    app.add_middleware(BodyLimit)
    # Added late, it is early to see a request.
    app.add_middleware(Guard, host=options.host, names=options.names)
    if options.proxies:
        app.add_middleware(ForwardedAddresses, addresses=Addresses(settings.connections))
    return app


def _gradio_app(app: FastAPI) -> Any:
    return next(
        route.app
        for route in app.routes
        if isinstance(route, Mount) and hasattr(route.app, "cookie_id")
    )


def serve(
    settings: Settings, options: ServerOptions, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serves the page on ``listener`` until Ctrl-C or SIGTERM; ``ready`` is told once it answers.

    Raises:
        SettingsError, LibraryError, StoreError, ModelError: the library cannot be opened.
    """
    library = OpenLibrary(settings)
    warn_all(library.assistant.notices)
    warming = load_models(library)
    app = create_app(library, options)
    allow_open_files()
    config = uvicorn.Config(
        app,
        http=bounded_protocol(Addresses(settings.connections), options.proxies),
        ws="none",
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        log_level="critical",
        access_log=False,
        proxy_headers=bool(options.proxies),
        forwarded_allow_ips=list(options.proxies.texts),
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    app.state.upkeep.start()
    try:
        _Server(config, library, app.state.memory, ready).run(sockets=[listener])
    finally:
        # A model that is closed while it is loaded takes the process with it.
        app.state.upkeep.end()
        warming.join()
        library.assistant.close()


def load_models(library: OpenLibrary) -> threading.Thread:
    """Loads what the first question needs, so that nobody waits for it; returns who does.

    A local LLM is waited for, since loading one stops every thread; the rest goes on beside.

    Raises:
        ModelError: the LLM that the settings name cannot be used.
    """
    assistant = library.assistant
    if assistant.llm_name is not None:
        before = set(threading.enumerate())
        assistant.load_ahead()
        for loading in set(threading.enumerate()) - before:
            loading.join()

    def warm() -> None:
        # What fails here fails again for who asks, and is told to them.
        with suppress(AssistantError):
            assistant.search("papers", 1)
            library.examples()

    warming = threading.Thread(target=warm, name="load-models", daemon=True)
    warming.start()
    return warming


class _Server(uvicorn.Server):
    """Tells when it answers; ends in time although answers are being written."""

    def __init__(
        self,
        config: uvicorn.Config,
        library: OpenLibrary,
        memory: Memory,
        ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._library = library
        self._memory = memory
        self._ready = ready
        self._ended_by = int(signal.SIGTERM)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Forgets visits that are over; returns whether the server is to end."""
        if counter % _TICKS_BETWEEN_LOOKS == 0:
            self._memory.forget()
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends at SIGHUP as at SIGTERM, but where nohup has it ignored."""
        with super().capture_signals():
            usual = signal.getsignal(signal.SIGHUP) if hasattr(signal, "SIGHUP") else signal.SIG_IGN
            if usual is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
                yield
                return
            signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGHUP, usual)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Notes the signal and begins to end."""
        self._ended_by = sig
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hangs up on LLMs and ends the connections."""
        for step in (self._hang_up, self._end_at_last):
            threading.Thread(target=step, daemon=True).start()
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        self._library.assistant.hang_up()

    def _end_at_last(self) -> None:
        """Ends the process although threads wait for a model: Python would wait with them.

        What they would have done is to answer; the library is written by other processes only.
        """
        time.sleep(_LAST_S)
        sys.stderr.flush()
        os._exit(128 + self._ended_by)
