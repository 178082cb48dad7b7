"""Answers of the server's own to requests that it does not let pass."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.types import Send


async def refuse(
    send: Send, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> None:
    """Sends ``sentence`` in the form that Gradio's own refusals have, so that the page shows it."""
    body = json.dumps({"detail": sentence, "error": sentence}).encode()
    sent = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
