"""How long a connection may keep the server waiting, and how many one address may hold.

Uvicorn bounds none of this but the rest between two requests and, in its protocol over h11, the
size of headers; so that protocol is built upon.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Container
from http import HTTPStatus
from typing import Any

from assistant_ui.server.refusal import refuse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_S = 10.0
"""Within how many seconds the headers of a request have to be here, from its first byte or the
opening of the connection on."""

MAX_HEADER_BYTES = 2**16
"""Bytes of the headers of one request; that of a browser with cookies has some 2,000."""

STALLED_S = 60.0
"""How long a client may take nothing of what it is sent."""


class Addresses:
    """How many places each address holds."""

    def __init__(self, n_most: int) -> None:
        """Gives an address ``n_most`` places."""
        self.n_most = n_most
        self._held: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Takes a place; returns whether there was one."""
        if self._held[address] >= self.n_most:
            return False
        self._held[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Gives a place back."""
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]

    def refusal(self, address: str) -> str:
        """Returns what somebody who got no place is told."""
        return (
            f"{self.n_most} connections are open from {address}, which is the most that one "
            "address may have; close some."
        )


def bounded_protocol(addresses: Addresses, proxies: Container[str]) -> type[H11Protocol]:
    """Returns Uvicorn's protocol with bounds; ``proxies`` hold as many connections as they like."""

    class BoundedProtocol(H11Protocol):
        """One connection: its client is hung up on where it keeps the server waiting."""

        _holds_place = False
        _hang_up_at: asyncio.TimerHandle | None = None
        _stalled_at: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            address = self._address()
            if address not in proxies:
                self._holds_place = addresses.enter(address)
                if not self._holds_place:
                    transport.write(too_many(addresses.refusal(address)))
                    transport.close()
                    return
            self._await_headers()

        def data_received(self, data: bytes) -> None:
            if self.transport.is_closing():
                return
            super().data_received(data)
            if self.cycle is None or self.cycle.response_complete:
                # Bytes that come one by one do not put the moment off.
                self._await_headers()
            else:
                self._stop_waiting()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            self._takes_again()
            if self._holds_place:
                addresses.leave(self._address())
                self._holds_place = False
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._stalled_at = self.loop.call_later(STALLED_S, self.transport.abort)

        def resume_writing(self) -> None:
            self._takes_again()
            super().resume_writing()

        def _address(self) -> str:
            return self.client[0] if self.client else ""

        def _await_headers(self) -> None:
            if self._hang_up_at is None:
                self._hang_up_at = self.loop.call_later(HEADER_S, self.transport.abort)

        def _stop_waiting(self) -> None:
            if self._hang_up_at is not None:
                self._hang_up_at.cancel()
                self._hang_up_at = None

        def _takes_again(self) -> None:
            if self._stalled_at is not None:
                self._stalled_at.cancel()
                self._stalled_at = None

    return BoundedProtocol


def too_many(sentence: str) -> bytes:
    """Returns a whole response that refuses a connection."""
    status = HTTPStatus.TOO_MANY_REQUESTS
    body = json.dumps({"detail": sentence, "error": sentence}).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


class ForwardedAddresses:
    """Bounds how many requests at once a proxy forwards for one address."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        address = str((scope.get("client") or ("",))[0])
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not self._addresses.enter(address):
            await refuse(send, HTTPStatus.TOO_MANY_REQUESTS, self._addresses.refusal(address))
        else:
            try:
                await self._app(scope, receive, send)
            finally:
                self._addresses.leave(address)
