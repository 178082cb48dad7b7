"""Requests to services: politely spaced, tried again where one is busy, bounded, and explained."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Any, NamedTuple

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from assistant.errors import IngestError, ServiceError
from assistant.ingest.services.addresses import SERVICES, Service
from assistant.servers.http import describe_tls_fault, retry_after

ATTEMPTS = 4
FIRST_PAUSE_S = 1.0
"""Before the second attempt where the service does not say; each next one doubles it."""

LONGEST_PAUSE_S = 60.0
"""A service that asks for more patience gets an error instead, so that people are not kept."""

CONNECT_S = 10.0
SILENCE_S = 60.0
WHOLE_S = 300.0
"""Seconds for a connection, between two pieces of an answer, and for the whole of it."""

MAX_REPLY_BYTES = 2**26
MAX_REDIRECTS = 3

_KEY = re.compile(r"(?<=[?&]api_key=)[^&\s\"]+")


Parameters = Mapping[str, str | int | tuple[str, ...]]
"""What a service is asked, by the names that it has for it; several values stand each alone."""


class Reply(NamedTuple):
    """What a service said; ``headers`` in lower case."""

    content: bytes
    headers: Mapping[str, str]


class Pace:
    """Spaces the requests of this process to each host, whoever makes them."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self.sleep = sleep
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def wait(self, service: Service) -> None:
        """Returns when ``service`` may be asked, and counts that as a request."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(service.host, now))
            self._free_at[service.host] = turn + service.pause_s
        if turn > now:
            self.sleep(turn - now)


PACE = Pace()
"""The services count requests by machine: two libraries of one process share their patience."""


class _BusyError(ServiceError):
    """The same request may succeed after ``pause_s``; None where nobody says when."""

    def __init__(self, message: str, pause_s: float | None = None) -> None:
        super().__init__(message)
        self.pause_s = pause_s


class ServiceClient:
    """Asks services; ``email`` is the user's address, told to them where it is set."""

    def __init__(self, email: str | None = None) -> None:
        self._email = email
        self._pace = PACE
        self._resources = ExitStack()
        self._clients: dict[bool, httpx.Client] = {}

    def __enter__(self) -> ServiceClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resources.close()

    def get(
        self,
        name: str,
        path: str,
        parameters: Parameters | None = None,
        is_whole: Callable[[bytes], bool] = lambda _: True,
    ) -> Reply | None:
        """Returns the reply of the service ``name``; None where it has no such thing (404).

        A reply of which ``is_whole`` is false is asked for again.

        Raises:
            IngestError: it does not accept what was asked.
            ServiceError: it cannot be reached, or does not answer as it should.
        """
        service = SERVICES[name]
        retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_choose_pause,
            retry=retry_if_exception_type(_BusyError),
            sleep=self._pace.sleep,
            reraise=True,
        )
        return retrying(self._attempt, service, path, parameters or {}, is_whole)

    def get_json(
        self, name: str, path: str, parameters: Parameters | None = None
    ) -> tuple[Reply, Any] | None:
        """Returns the reply of ``get`` and the JSON that it is."""
        reply = self.get(name, path, parameters)
        if reply is None:
            return None
        try:
            return reply, json.loads(reply.content)
        except (ValueError, RecursionError) as exc:
            raise say_garbled(name) from exc

    def _attempt(
        self,
        service: Service,
        path: str,
        parameters: Parameters,
        is_whole: Callable[[bytes], bool],
    ) -> Reply | None:
        self._pace.wait(service)
        try:
            reply = self._send(service, path, parameters)
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            raise _say_unreachable(service, exc) from exc
        except httpx.TimeoutException as exc:
            raise _BusyError(
                f"{service.host} did not answer within {SILENCE_S:.0f} s; try again later"
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            reason = describe_tls_fault(exc) or "broke off its answer; try again later"
            raise _BusyError(f"{service.host} {reason}") from exc
        if reply is not None and not is_whole(reply.content):
            raise _BusyError(f"{service.host} left out a part of its answer; try again later")
        return reply

    def _send(self, service: Service, path: str, parameters: Parameters) -> Reply | None:
        client = self._open(service)
        request = client.build_request(
            "GET", service.url + path, params={**parameters, **self._introduce(service)}
        )
        for _ in range(MAX_REDIRECTS + 1):
            response = client.send(request, stream=True)
            try:
                following = response.next_request
                if following is None:
                    return _receive(service, response)
            finally:
                response.close()
            if _origin(following.url) != _origin(request.url):
                break
            request = following
        # Records that have moved are elsewhere on the same host; what is asked goes nowhere else.
        raise ServiceError(f"{service.host} sends on to another address; nothing was sent there")

    def _introduce(self, service: Service) -> dict[str, str]:
        told = dict(service.parameters)
        if self._email and service.email_parameter:
            told[service.email_parameter] = self._email
        if key := _read_key(service):
            told[service.key_parameter] = key
        return told

    def _open(self, service: Service) -> httpx.Client:
        """Returns the connections to services elsewhere, by the user's proxy, or to local ones."""
        if service.is_local not in self._clients:
            agent = f"abstract-assistant/{version('abstract-assistant')}"
            if self._email and not service.is_local:
                agent += f" (mailto:{self._email})"
            self._clients[service.is_local] = self._resources.enter_context(
                httpx.Client(
                    headers={"user-agent": agent},
                    timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
                    follow_redirects=False,
                    trust_env=not service.is_local,
                )
            )
        return self._clients[service.is_local]


def say_garbled(name: str) -> ServiceError:
    """Returns what is said where the service ``name`` answers with what is no list of papers."""
    return ServiceError(
        f"{SERVICES[name].host} answered with something that is no list of papers; try again later"
    )


def find_inside(told: Any, *names: str) -> Any:
    """Returns what JSON objects hold under ``names``, each inside the last; None for nothing."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _choose_pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _BusyError) and error.pause_s is not None:
        return error.pause_s
    return FIRST_PAUSE_S * 2.0 ** (state.attempt_number - 1)


def _receive(service: Service, response: httpx.Response) -> Reply | None:
    """Returns the body of a reply, no longer than it may be; None where there is no such thing."""
    status = response.status_code
    if status in (404, 410):
        return None
    if status == 429 or status >= 500:
        raise _say_busy(service, response)
    if status in (401, 403):
        raise ServiceError(_say_refused(service, status))
    if status != 200:
        raise IngestError(
            f"{service.title} does not accept what it was asked (HTTP {status}); check how the "
            "query is written"
        )
    pieces, n_bytes, end_s = [], 0, time.monotonic() + WHOLE_S
    for piece in response.iter_bytes():
        n_bytes += len(piece)
        if n_bytes > MAX_REPLY_BYTES:
            raise ServiceError(
                f"{service.host} sends over {MAX_REPLY_BYTES // 2**20} MB at once; ask for less"
            )
        if time.monotonic() > end_s:
            raise ServiceError(f"{service.host} takes over {WHOLE_S:.0f} s; try again later")
        pieces.append(piece)
    return Reply(b"".join(pieces), response.headers)


def _say_busy(service: Service, response: httpx.Response) -> ServiceError:
    status = response.status_code
    state = "takes no more requests for now" if status == 429 else "is out of order"
    pause_s = retry_after(response.headers, datetime.now(UTC))
    remedy = "try again later"
    if status == 429 and service.key_variable and not _read_key(service):
        remedy += f", or set {service.key_variable} to a key of {service.key_page}"
    if pause_s is not None and pause_s > LONGEST_PAUSE_S:
        return ServiceError(
            f"{service.host} {state} (HTTP {status}) and asks to wait {pause_s:,.0f} s; {remedy}"
        )
    return _BusyError(f"{service.host} {state} (HTTP {status}); {remedy}", pause_s)


def _say_refused(service: Service, status: int) -> str:
    if service.is_local:
        return (
            f"{service.title} lets no other program read it (HTTP {status}); in its settings under "
            "Advanced, allow other applications on this computer to communicate with Zotero"
        )
    if service.key_variable:
        return (
            f"{service.host} refuses to answer (HTTP {status}); set {service.key_variable} to a "
            f"key of {service.key_page}"
        )
    return f"{service.host} refuses to answer (HTTP {status}); try again later"


def _say_unreachable(service: Service, exc: httpx.HTTPError) -> ServiceError:
    if service.is_local:
        return ServiceError(
            f"{service.title} does not answer at {service.host}; start {service.title}, and in its "
            "settings under Advanced allow other applications to communicate with it"
        )
    if fault := describe_tls_fault(exc):
        return ServiceError(f"{service.host} {fault}")
    reason = str(exc) or type(exc).__name__
    return ServiceError(
        f"{service.host} could not be reached: {reason}; check the connection to the internet, "
        "and whether it needs a proxy (HTTPS_PROXY)"
    )


def _read_key(service: Service) -> str:
    return os.environ.get(service.key_variable or "", "").strip()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _mask_key(record: logging.LogRecord) -> bool:
    """Lets a record through without the keys in the addresses that it names."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _KEY.sub("***", str(part)) if isinstance(part, httpx.URL) else part
            for part in record.args
        )
    return True


# httpx logs the whole address of each request, in which the services want their keys.
logging.getLogger("httpx").addFilter(_mask_key)
