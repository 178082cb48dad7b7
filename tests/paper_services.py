"""A server on loopback in place of the services that papers are asked of; it answers as told."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from assistant.ingest.services import QueryReading, client, find_query
from assistant.ingest.services.addresses import SERVICES
from assistant.ingest.services.client import Pace
from assistant.reports import Skipped
from assistant.types import Paper


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


EFETCH = "/entrez/eutils/efetch.fcgi"
MEDLINE = b"""
PMID- 12345678
TI  - Tea leaves at 80 degrees.
AB  - We brewed tea at 80 degrees. It kept 40 percent of its scent.
FAU - Ono, Kei
DP  - 2021 May
"""
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v1</id><title>Tea {id}</title>
<summary>Tea of the number {id} is green.</summary><published>2021-05-01T00:00:00Z</published>
<author><name>Kei Ono</name></author></entry>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"""


def make_atom(*ids: str, total: int | None = None) -> bytes:
    """Returns a feed of arXiv with the papers of ``ids``."""
    entries = "".join(ENTRY.format(id=one) for one in ids)
    return ATOM.format(total=len(ids) if total is None else total, entries=entries).encode()


def page_arxiv(n_total: int) -> Any:
    """Returns what answers arXiv's pages, one paper a number."""

    def answer(asked: Asked) -> bytes:
        start, size = int(asked.parameters["start"]), int(asked.parameters["max_results"])
        ids = [f"2105.{n:05}" for n in range(start + 1, min(start + size, n_total) + 1)]
        return make_atom(*ids, total=n_total)

    return answer


DOI = "10.1234/tea(5)<1>3.0.co;2-j"
WORK = {"status": "ok", "message": {"DOI": DOI, "title": ["Tea"], "abstract": "<p>Green.</p>"}}


CURSORS = {
    "openalex": ("/works", "search", "per_page", "cursor"),
    "crossref": ("/works", "query", "rows", "cursor"),
    "europepmc": ("/europepmc/webservices/rest/search", "query", "pageSize", "cursorMark"),
}


def page_by_cursor(service: str, n_total: int, sent: list[bytes]) -> Any:
    """Returns what answers a service's pages as it documents them."""
    _, _, size, cursor = CURSORS[service]

    def answer(asked: Asked) -> bytes:
        mark = asked.parameters[cursor]
        start = 0 if mark == "*" else int(mark.removeprefix("at "))
        end = min(start + int(asked.parameters[size]), n_total)
        rows = [{"title": f"Tea {n}"} for n in range(start, end)]
        following = f"at {end}"
        told: dict[str, Any] = {
            "openalex": {
                "meta": {"count": n_total, "next_cursor": following if rows else None},
                "results": rows,
            },
            "crossref": {
                "status": "ok",
                "message": {"total-results": n_total, "next-cursor": following, "items": rows},
            },
            "europepmc": {
                "hitCount": n_total,
                **({"nextCursorMark": following} if end < n_total else {}),
                "resultList": {"result": rows},
            },
        }[service]
        sent.append(json.dumps(told).encode())
        return sent[-1]

    return answer


def read(
    typed: str, limit: int | None = None, email: str | None = None
) -> tuple[list[Paper], list[str], bool]:
    """Returns the papers of a query, what was said, and whether there are more."""
    query = find_query(typed)
    assert query is not None
    notices: list[str] = []
    asking = QueryReading(query, limit, email, notify=notices.append)
    items = list(asking)
    assert not [item for item in items if isinstance(item, Skipped)]
    return [item for item in items if isinstance(item, Paper)], notices, asking.is_cut
