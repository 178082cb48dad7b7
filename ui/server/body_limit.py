"""How much may be sent to the server at once, whether or not its length is told; and how slowly."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from assistant_ui.server.refusal import refuse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_UPLOAD = 25 * 2**20
"""Bytes of an uploaded file of 20 MB, with what is sent around it."""

MAX_CALL = 2**20
"""Bytes of any other request: a question, ids of papers, what the page remembers."""

UPLOAD = "/gradio_api/upload"

PATIENCE_S = 20.0
"""How long the server waits for a body before it asks for ``MIN_BYTES_PER_S``."""

MIN_BYTES_PER_S = 4096
"""What a slow line sends at least: an upload of 20 MB takes 85 minutes by it."""

_TOO_SLOW = (408, "This was sent too slowly; send it again over a faster line.")


class BodyLimit:
    """Refuses what is larger than its kind may be, or comes too slowly."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_UPLOAD if scope["path"].rstrip("/") == UPLOAD else MAX_CALL
        told = Headers(scope=scope).get("content-length", "0")
        too_long = (
            413,
            f"This is too long: at most {limit // 2**20} MB may be sent at once.",
        )
        if not told.isdecimal() or int(told) > limit:
            await refuse(send, *too_long)
            return
        began_at = time.monotonic()
        n_read = 0
        is_whole = started = False
        refusal: tuple[int, str] | None = None

        async def bounded() -> Message:
            nonlocal n_read, is_whole, refusal
            if is_whole:
                # Who listens for an answer waits here for the client to go.
                return await receive()
            late_at = began_at + PATIENCE_S + n_read / MIN_BYTES_PER_S
            try:
                async with asyncio.timeout(late_at - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                refusal = _TOO_SLOW
                raise _RefusedError from None
            n_read += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if n_read > limit:
                refusal = too_long
                raise _RefusedError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            # What was begun for a body that is then refused is not sent.
            if refusal is None:
                started = True
                await send(message)

        with suppress(_RefusedError):
            await self._app(scope, bounded, noted)
        if refusal and not started:
            await refuse(send, *refusal)


class _RefusedError(Exception):
    """The body is larger or slower than it may be."""
