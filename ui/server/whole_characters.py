"""No request brings half a character: JSON can spell one, but no answer could repeat it."""

from __future__ import annotations

import re

from assistant_ui.server.body_limit import UPLOAD
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A pair and any other escape are taken as they are, so that what follows is no part of them.
_HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<escaped>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\."
    rb"|(?P<raw>\xed[\xa0-\xbf][\x80-\xbf])",
    re.DOTALL,
)


class WholeCharacters:
    """Puts U+FFFD in the place of lone halves; bodies keep their length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on once its body is there; uploads as they come, for files are bytes."""
        if scope["type"] != "http" or scope["path"].rstrip("/") == UPLOAD:
            await self._app(scope, receive, send)
            return
        waiting: list[Message] = []
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] != "http.request":
                waiting.append(message)
                break
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                waiting.append({"type": "http.request", "body": mend_json(b"".join(parts))})
                break

        async def replay() -> Message:
            return waiting.pop(0) if waiting else await receive()

        await self._app(scope, replay, send)


def mend_json(body: bytes) -> bytes:
    """Returns JSON text with each lone half, escaped or in bytes, as U+FFFD; of the same length."""
    return _HALF.sub(_mend, body)


def _mend(found: re.Match[bytes]) -> bytes:
    if found["escaped"]:
        return b"\\ufffd"
    return "\ufffd".encode() if found["raw"] else found.group()
