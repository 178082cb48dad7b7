"""Who may ask what of the server, and what browsers are told of the page.

Pure ASGI, so that streamed answers pass unbuffered. Other web pages that the visitor has open are
the adversary: they must neither write to this server nor read from it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Container, Mapping

from assistant_ui.evals.reports import REPORTS_PATH
from assistant_ui.parts.component import STATIC_PATH
from assistant_ui.parts.errors_shown import NOT_TAKEN, describe_call
from assistant_ui.server.document import page_document
from assistant_ui.server.origins import is_own_name, is_same_origin
from assistant_ui.server.refusal import refuse
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MCP = "/gradio_api/mcp"

_OPEN = re.compile(
    r"/|/(?:config|login|logout|theme\.css|robots\.txt|favicon\.ico)/?"
    rf"|/(?:static|assets|svelte|{STATIC_PATH[1:]}|{REPORTS_PATH[1:]})/.+"
    r"|/gradio_api/(?:info|user|login_check|app_id|startup-events|theme\.css|upload_progress"
    r"|queue/(?:join|data)|cancel|reset|heartbeat/[\w-]+|upload"
    r"|run/predict|(?:run|call(?:/v2)?)/(?:ask|search|check)(?:/\w+)?"
    r"|file=(?!\w{2,}:).+)/?"
    rf"|{MCP}(?:/http)?/?"
)
"""The ways that the page, scripts and agents take; Gradio's further ones are closed.

Among these are proxies to other hosts, links to saved states, a run history and an editor.
"""

_POLICY = {
    "default-src": "'self'",
    # Gradio compiles the templates of parts; inline scripts run by their nonce only.
    "script-src": "'self' 'nonce-{nonce}' 'unsafe-eval'",
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "media-src": "'self' blob:",
    "object-src": "'none'",
    # A report of the evals.
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_REPORT_POLICY = (
    # An origin of its own: its script reads nothing of the page, and sends nothing anywhere.
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)
_REPORT_HEADERS = {
    **_HEADERS,
    "X-Frame-Options": "SAMEORIGIN",
    # A browser does not open what is sandboxed where it asks for a group of windows of its own.
    "Cross-Origin-Opener-Policy": "unsafe-none",
    "Content-Security-Policy": _REPORT_POLICY,
}


class Guard:
    """Refuses what is not the page's own, and sends the headers of a safe page."""

    def __init__(self, app: ASGIApp, host: str, names: Container[str] = ()) -> None:
        """Guards ``app``, which is served on the address ``host``, and known by ``names`` too."""
        self._app = app
        self._host = host.lower()
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # No part of the page speaks over web sockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        scope = {**scope, "headers": _own_headers(scope["headers"])}
        nonce = secrets.token_urlsafe(16)
        is_report = scope["path"].startswith(f"{REPORTS_PATH}/")
        send, started = _with_headers(send, _REPORT_HEADERS if is_report else page_headers(nonce))
        if refusal := self._refusal(scope):
            await refuse(send, *refusal)
            return
        if scope["path"] == "/" and scope["method"] == "GET":
            send = _with_nonce(send, nonce)
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001
            sentence = describe_call(error)
            if not started:
                await refuse(send, 400 if sentence == NOT_TAKEN else 500, sentence)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers, path, method = Headers(scope=scope), scope["path"], scope["method"]
        host = headers.get("host", "")
        if not is_own_name(host, self._host, self._names):
            return 421, (
                f"This page does not go by the name {host[:80]!r}; open it by the address that "
                "was printed when it was started, or start it with --name."
            )
        if not is_same_origin(headers, method):
            return 403, "Another web page sent this; only the page itself may."
        if not _OPEN.fullmatch(path):
            return 404, "There is nothing here."
        if method not in ("GET", "HEAD", "POST"):
            return 405, "The page is only read and asked."
        return None


def _own_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Returns the headers without those by which a client could rename the server."""
    return [
        (name, value)
        for name, value in headers
        if not name.lower().startswith(b"x-forwarded-") or name.lower() == b"x-forwarded-proto"
    ]


def page_headers(nonce: str) -> dict[str, str]:
    """Returns the headers of all answers but reports, whose inline scripts carry ``nonce``."""
    policy = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
    return {**_HEADERS, "Content-Security-Policy": policy.format(nonce=nonce)}


def _with_headers(send: Send, added: Mapping[str, str]) -> tuple[Send, list[Message]]:
    """Returns a ``send`` that adds the headers, and a list that holds the start once it is sent."""
    started: list[Message] = []

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
            headers = MutableHeaders(scope=message)
            headers.update(added)
            headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return wrapped, started


def _with_nonce(send: Send, nonce: str) -> Send:
    """Returns a ``send`` that marks the scripts of the page's document as the server's own."""
    start: Message | None = None
    body = bytearray()

    async def wrapped(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        body.extend(message.get("body", b""))
        if message.get("more_body") or start is None:
            return
        document = page_document(bytes(body), nonce)
        MutableHeaders(scope=start)["Content-Length"] = str(len(document))
        await send(start)
        await send({"type": "http.response.body", "body": document})

    return wrapped
