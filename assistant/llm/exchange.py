"""One HTTP exchange with a model's server: bounded in time and size, ended from any thread."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx

from assistant.servers.http import limit_headers

CONNECT_S = 3.0
"""Two addresses of a host that drops packets, tried one after the other, and the two seconds of
asking before, stay below 10 s."""

_COUNTS_S = 2.0
"""How long to wait for the token counts that follow a finished text."""


class LateError(Exception):
    """The time for the reply ran out."""


class TooLongError(Exception):
    """The server sends more than any reply of this length needs."""


class Exchange:
    """An HTTP client for one request.

    The connection is its own: closing it closes nothing else. At ``deadline``, a time of
    ``time.monotonic``, it is shut however slowly or fast bytes come. ``key`` is all that it tells
    of the user's accounts. ``trust_env`` lets the environment name a proxy.
    """

    def __init__(
        self,
        *,
        deadline: float,
        silence_s: float,
        max_bytes: int,
        key: str,
        trust_env: bool = True,
    ) -> None:
        self.timeout = httpx.Timeout(silence_s, connect=CONNECT_S)
        self.headers: Mapping[str, str] = {}
        self.expired = False
        self.stopped = False
        self._key = key
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._socket: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self._arm(deadline - time.monotonic())
        self.client = httpx.Client(
            verify=tls(),
            timeout=self.timeout,
            trust_env=trust_env,
            limits=httpx.Limits(max_keepalive_connections=0),
            # A request goes where the user says, and not where a server does.
            follow_redirects=False,
            # Compressed text could grow without bound, and tokens would come in lumps.
            headers={"accept-encoding": "identity"},
            event_hooks={"request": [self._trace_request], "response": [self._meter_response]},
        )

    @property
    def is_page(self) -> bool:
        """Whether the server answers with a web page."""
        return "html" in self.headers.get("content-type", "")

    def settle(self) -> None:
        """Waits only a moment for what may still come."""
        if self._deadline - time.monotonic() > _COUNTS_S:
            self._deadline = time.monotonic() + _COUNTS_S
            self._arm(_COUNTS_S)

    def stop(self) -> None:
        """Hangs up; a thread that waits for bytes is woken."""
        self.stopped = True
        self._hang_up()

    def close(self) -> None:
        """Hangs up and frees everything; only for the thread that reads."""
        if self._timer:
            self._timer.cancel()
        self.stop()
        self.client.close()

    def meter(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yields ``chunks`` while time and size allow.

        Raises:
            LateError: the time ran out.
            TooLongError: more bytes came than ``max_bytes``.
        """
        n_bytes = 0
        for chunk in chunks:
            n_bytes += len(chunk)
            if n_bytes > self._max_bytes:
                raise TooLongError
            if time.monotonic() > self._deadline:
                self.expired = True
                raise LateError
            yield chunk

    def _arm(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(max(0.0, seconds), self._expire)
        self._timer.daemon = True
        self._timer.start()

    def _expire(self) -> None:
        self.expired = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket's own shutdown: it takes TLS away under the thread that reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _trace_request(self, request: httpx.Request) -> None:
        limit_headers(request.headers, str(request.url), self._key)
        request.extensions = {**request.extensions, "trace": self._trace}

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Keeps the socket as soon as there is one: a server may hang before it answers."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.expired or self.stopped:
                self._hang_up()

    def _meter_response(self, response: httpx.Response) -> None:
        self.headers = response.headers
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Metered(response.stream, self)


class _Metered(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self._exchange.meter(iter(self._stream))

    def close(self) -> None:
        self._stream.close()


@cache
def tls() -> ssl.SSLContext:
    """Returns the one context of the process, for reading the certificates takes long."""
    return httpx.create_ssl_context()
