"""How much may be sent to the server at once, whether or not its length is told beforehand."""

from __future__ import annotations

from contextlib import suppress

from assistant_ui.server.refusal import refuse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_UPLOAD = 25 * 2**20
"""Bytes of an uploaded file of 20 MB, with what is sent around it."""

MAX_CALL = 2**20
"""Bytes of any other request: a question, ids of papers, what the page remembers."""

UPLOAD = "/gradio_api/upload"


class BodyLimit:
    """Refuses what is larger than its kind may be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_UPLOAD if scope["path"].rstrip("/") == UPLOAD else MAX_CALL
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > limit:
            await _refuse(send, limit)
            return
        n_read = 0
        started = False

        async def counted() -> Message:
            nonlocal n_read
            message = await receive()
            n_read += len(message.get("body", b""))
            if n_read > limit:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            # What was begun for a body that turned out too large is not sent.
            if n_read <= limit:
                started = True
                await send(message)

        with suppress(_TooLargeError):
            await self._app(scope, counted, noted)
        if n_read > limit and not started:
            await _refuse(send, limit)


class _TooLargeError(Exception):
    """More was sent than may be."""


async def _refuse(send: Send, limit: int) -> None:
    await refuse(send, 413, f"This is too long: at most {limit // 2**20} MB may be sent at once.")
