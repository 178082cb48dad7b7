"""A server on loopback that speaks OpenAI's embeddings protocol, well or badly as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Vectors = Callable[[list[str]], list[list[float]]]
KEY = "sk-right-key-0123456789"


@dataclass
class Server:
    """The server's address, the requests it got, and the faults it still has to give."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    change: Callable[[dict[str, Any]], Any] = field(default=lambda answer: answer)


@contextmanager
def running(vectors: Vectors) -> Iterator[Server]:
    """Yields a server that answers with ``vectors`` until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.requests.append(body)
            if server.faults:
                self._send(*server.faults.pop(0))
            elif self.headers["authorization"] != f"Bearer {KEY}":
                self._send(401, {}, b'{"error": {"message": "Incorrect key: sk-wrong"}}')
            elif body["model"] != "tiny":
                self._send(404, {}, b'{"error": {"message": "no such model, secret detail"}}')
            else:
                rows = [
                    {"object": "embedding", "index": index, "embedding": vector}
                    for index, vector in enumerate(vectors(body["input"]))
                ]
                answer = {
                    "object": "list",
                    "model": "tiny",
                    "data": rows[::-1],
                    "usage": {"prompt_tokens": 1, "total_tokens": 1},
                }
                self._send(200, {}, json.dumps(server.change(answer)).encode())

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            headers = {"content-type": "application/json", **headers}
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/v1")
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
