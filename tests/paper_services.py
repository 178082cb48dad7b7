"""A server on loopback in place of the services that papers are asked of; it answers as told."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from assistant.ingest.sources import client
from assistant.ingest.sources.client import Pace
from assistant.ingest.sources.services import SERVICES


@dataclass(frozen=True)
class Asked:
    """One request: the service by its name here, the path below it, parameters and headers.

    Several values of one parameter have a space between them.
    """

    service: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered; each of ``pieces`` comes ``pause_s`` after the last."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: int = 1
    pause_s: float = 0.0


Reply = Answer | bytes | Callable[[Asked], "Answer | bytes"]


@dataclass
class Services:
    """What was asked, what is answered, and how long the client meant to wait.

    ``replies`` are by service and path, one for each request, the last for all that follow.
    """

    url: str
    replies: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)

    def say(self, service: str, path: str, *replies: Reply) -> None:
        """Answers requests to ``path`` of ``service`` by ``replies`` in turn."""
        self.replies[service, path] = list(replies)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        left = self.replies.get((asked.service, asked.path))
        if not left:
            return Answer(b"not found", 404)
        reply = left.pop(0) if len(left) > 1 else left[0]
        if callable(reply):
            reply = reply(asked)
        return Answer(reply) if isinstance(reply, bytes) else reply


@contextmanager
def running_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Yields a server to which every service's address leads; pauses are noted, not slept."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            _, name, path = unquote(parts.path).split("/", 2)
            headers = {name.lower(): value for name, value in self.headers.items()}
            parameters: dict[str, str] = {}
            for key, value in parse_qsl(parts.query):
                parameters[key] = f"{parameters[key]} {value}" if key in parameters else value
            asked = Asked(name, f"/{path}", parameters, headers)
            self._send(services.answer(asked))

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for _ in range(answer.pieces):
                    self.wfile.write(answer.body)
                    time.sleep(answer.pause_s)
            except OSError:
                self.close_connection = True  # The client has left.

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    services = Services(f"http://127.0.0.1:{http.server_port}")
    for name, service in list(SERVICES.items()):
        monkeypatch.setitem(
            SERVICES, name, dataclasses.replace(service, url=f"{services.url}/{name}")
        )
    monkeypatch.setattr(client, "PACE", Pace(sleep=services.waited_s.append))
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENALEX_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield services
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
