"""Keeps what visitors leave on the disk within its bounds, while the page is served."""

from __future__ import annotations

import asyncio
import logging
import threading

from assistant_ui.server.body_limit import UPLOAD
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import AssistantError, Settings, clean_home

PAUSE_S = 600.0
"""How long lies between two looks at the disk."""

_log = logging.getLogger("assistant_ui")


class Upkeep:
    """Deletes what is too old or too much, as ``assistant clean`` does; libraries stay."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ended = threading.Event()

    def start(self) -> None:
        """Looks at once, and then again and again, in a thread of its own."""
        threading.Thread(target=self._go_on, name="upkeep", daemon=True).start()

    def end(self) -> None:
        """Looks no more."""
        self._ended.set()

    def clean(self, *kinds: str) -> None:
        """Deletes what is to go of ``kinds``, or of all; a failure is logged in one line."""
        settings = self._settings
        try:
            cleaned = clean_home(
                settings.home,
                days=settings.kept_days,
                megabytes=settings.kept_mb,
                kinds=kinds,
                deletes=True,
            )
        except AssistantError as error:
            _log.warning("%s", error)
            return
        for one in cleaned:
            if one.n_going:
                _log.warning(
                    "deleted %d of the %s, %d bytes", one.n_going, one.kind, one.bytes_going
                )

    def _go_on(self) -> None:
        while True:
            self.clean()
            if self._ended.wait(PAUSE_S):
                return


class UploadRoom:
    """Makes room before each upload: many can come between two looks."""

    def __init__(self, app: ASGIApp, upkeep: Upkeep) -> None:
        self._app = app
        self._upkeep = upkeep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] == "http" and scope["path"].rstrip("/") == UPLOAD:
            await asyncio.to_thread(self._upkeep.clean, "uploads")
        await self._app(scope, receive, send)
