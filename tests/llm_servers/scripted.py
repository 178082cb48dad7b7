"""A server on loopback that speaks OpenAI's chat protocol and answers as a script says.

with scripted(["Yes. [A1]", Status(500), "No."]) as server:
    ...
    assert server.requests[0]["messages"][-1]["content"] == "..."
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.llm_servers.steps import HungUpError, Says, Status, Step, Wire

Turn = str | Step | Callable[[dict[str, Any]], "str | Step"]
"""What answers a request: text, a step, or a function of the request's JSON that returns either."""

KEY = "sk-right-key-0123456789"


@dataclass
class ScriptedServer:
    """The server's address, what it says next and what it got.

    ``script`` holds the replies that are left, ``requests`` the JSON of each request for a chat
    completion, ``keys`` the key that came with it, ``headers`` those of every request, in lower
    case; ``hung_up`` is set when a client has left before the answer was whole.
    """

    url: str
    port: int
    script: list[Turn]
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    lists: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)

    def prompt(self, n: int = -1) -> str:
        """Returns all that was said to the model in request ``n``."""
        return "\n".join(message["content"] for message in self.requests[n]["messages"])


@contextmanager
def scripted(
    replies: Sequence[Turn] = (),
    *,
    otherwise: Turn | None = None,
    models: object = None,
    always: Step | None = None,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[ScriptedServer]:
    """Yields a server that gives ``replies`` in turn, then ``otherwise`` each time.

    Once the script is over and there is no ``otherwise``, it answers 500. ``models`` is what its
    list of models says; None: it has no such list. ``always`` answers every request, whatever it
    is for. With ``tls`` it speaks HTTPS.
    """
    taking = threading.Lock()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._note_headers()
            server.lists += 1
            known = self.path == "/v1/models" and models is not None
            listed = Status(200, json.dumps(models)) if known else Status(404)
            self._play(always or listed)

        def do_POST(self) -> None:
            self._note_headers()
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if always or self.path != "/v1/chat/completions":
                self._play(always or Status(404))
                return
            with taking:
                server.requests.append(said)
                server.keys.append((self.headers["authorization"] or "").removeprefix("Bearer "))
                turn = server.script.pop(0) if server.script else otherwise
            if turn is None:
                turn = Status(500)
            elif callable(turn):
                turn = turn(said)
            self._play(Says(turn) if isinstance(turn, str) else turn)

        def _note_headers(self) -> None:
            named = {name.lower(): value for name, value in self.headers.items()}
            with taking:
                server.headers.append(named)

        def _play(self, step: Step) -> None:
            self.close_connection = True
            try:
                step.answer(Wire(self.connection, over))
            except HungUpError:
                if not over.is_set():
                    server.hung_up.set()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def finish(self) -> None:
            # Nothing is left to flush: all was sent past the handler's own buffer.
            self.rfile.close()

    class Http(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def shutdown_request(self, request: Any) -> None:
            # A plain close, so that a step decides how its connection ends.
            self.close_request(request)

    http = Http(("127.0.0.1", port), Handler)
    if tls is not None:
        http.socket = tls.wrap_socket(http.socket, server_side=True)
    url = f"{'http' if tls is None else 'https'}://127.0.0.1:{http.server_port}/v1"
    server = ScriptedServer(url, http.server_port, list(replies))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        over.set()
        http.shutdown()
        http.server_close()
        thread.join()
