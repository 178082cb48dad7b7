"""A stand-in for an LLM server that copies the sentence asked for, and fails at times."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant_evals.lab.page_bench_llm import format_chunk

_FAULT_SHARE = 0.1
_SLOW_S = 2.0
_LAKE = re.compile(r"salinity of (Lake \w+)\?")
_SHOWN = re.compile(r"^\[([A-Z]{1,2}\d{1,3})\] (.*)$", re.MULTILINE)


@contextmanager
def faulting_llm() -> Iterator[str]:
    """Yields the address of a server that speaks OpenAI's protocol on loopback.

    One request in ten is refused with a 500, cut off, answered with what is no JSON, or slowly.
    """
    dice = random.Random(1)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Streams a reply, or fails."""
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fault = dice.choice(("status", "cut", "garbage", "slow"))
            if dice.random() > _FAULT_SHARE:
                fault = "none"
            self.send_response(500 if fault == "status" else 200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            # Whoever asked may leave, or be killed.
            with suppress(OSError):
                if fault == "slow":
                    time.sleep(_SLOW_S)
                if fault == "garbage":
                    self.wfile.write(b"data: {not JSON\n\n")
                if fault in ("slow", "cut", "none"):
                    self._send({"content": _reply(asked)}, None)
                if fault in ("slow", "none"):
                    self._send({}, "stop")
                    self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, delta: dict[str, str], finish: str | None) -> None:
            self.wfile.write(format_chunk("soak", delta, finish))
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def _reply(asked: dict[str, Any]) -> str:
    """Returns the sentence shown that says what is asked, with its label."""
    text = "\n".join(message["content"] for message in asked["messages"])
    lake = _LAKE.search(text)
    for label, sentence in _SHOWN.findall(text):
        if lake and f"salinity of {lake[1]} is" in sentence:
            return f"{sentence} [{label}]"
    return "NOT STATED"
