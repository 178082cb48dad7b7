"""A stand-in for an LLM server that notes when it sent the first words of each reply."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_WORDS = "The length of a response is controlled by an encoding of what is left to write. [A1]"
_PAUSE_S = 0.03


@dataclass
class TimedLLM:
    """The server's address, and the seconds since the epoch at which each reply began."""

    url: str
    began: list[float] = field(default_factory=list)


@contextmanager
def timed_llm() -> Iterator[TimedLLM]:
    """Yields a server on loopback that streams one sentence, word by word, to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Streams the sentence."""
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            llm.began.append(time.time())
            # Whoever has seen the first words may leave.
            with suppress(OSError):
                for word in _WORDS.split():
                    self._send({"content": f"{word} "}, None)
                    time.sleep(_PAUSE_S)
                self._send({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, delta: dict[str, str], finish: str | None) -> None:
            self.wfile.write(format_chunk("timed", delta, finish))
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        llm = TimedLLM(f"http://127.0.0.1:{server.server_port}/v1")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield llm
        server.shutdown()


def format_chunk(model: str, delta: dict[str, str], finish: str | None) -> bytes:
    """Returns a chunk of a streamed reply in OpenAI's protocol."""
    message: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(message)}\n\n".encode()
