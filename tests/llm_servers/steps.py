"""What a scripted server can answer with, well or badly."""

from __future__ import annotations

import json
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class HungUpError(Exception):
    """The client closed the connection before the answer was whole."""


@dataclass
class Wire:
    """The server's end of one connection; a body goes out in HTTP chunks."""

    socket: socket.socket
    over: threading.Event

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as exc:
            raise HungUpError from exc

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{k}: {v}" for k, v in headers.items())]
        self.send("\r\n".join([*lines, "", ""]).encode())

    def begin_stream(self) -> None:
        self.head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})

    def body(self, data: bytes) -> None:
        self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def event(self, message: object) -> None:
        self.body(f"data: {json.dumps(message)}\n\n".encode())

    def done(self) -> None:
        self.body(b"data: [DONE]\n\n")
        self.send(b"0\r\n\r\n")

    def whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.head(status, {"content-length": str(len(body)), **headers})
        self.send(body)

    def wait(self, seconds: float) -> None:
        """Waits, but for no client that has gone and no test that is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.over.is_set():
                raise HungUpError
            readable, _, _ = select.select([self.socket], [], [], min(0.02, seconds))
            if readable and not self._client_is_there():
                raise HungUpError

    def _client_is_there(self) -> bool:
        try:
            return self.socket.recv(1, socket.MSG_PEEK) != b""
        except ConnectionError:
            return False

    def reset(self) -> None:
        """Closes so that the client's system reports a reset and not an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """Returns one message of a stream of chat completions."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "delta": dict(delta), "finish_reason": finish}],
    }


class Step(Protocol):
    """One answer of a script."""

    def answer(self, wire: Wire) -> None: ...


@dataclass(frozen=True)
class Says:
    """A reply as it should be: ``text`` word by word, why it ended, and the counts.

    ``usage`` is (prompt, completion) tokens, None for a server that does not count.
    """

    text: str
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (11, 7)
    pause: float = 0.0
    pieces: Sequence[str] | None = None

    def answer(self, wire: Wire) -> None:
        self.begin(wire)
        if self.finish is not None:
            wire.event(chunk({}, self.finish))
        if self.usage is not None:
            counts = {"prompt_tokens": self.usage[0], "completion_tokens": self.usage[1]}
            usage = {**counts, "total_tokens": sum(self.usage)}
            wire.event({**chunk({}), "choices": [], "usage": usage})
        wire.done()

    def begin(self, wire: Wire) -> None:
        """Sends the text without an end."""
        wire.begin_stream()
        wire.event(chunk({"role": "assistant", "content": ""}))
        for piece in self.pieces or re.findall(r"\s*\S+|\s+$", self.text):
            wire.event(chunk({"content": piece}))
            if self.pause:
                wire.wait(self.pause)


@dataclass(frozen=True)
class Status:
    """An HTTP status in place of a reply."""

    status: int
    body: str = '{"error": {"message": "secret detail"}}'
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "application/json"

    def answer(self, wire: Wire) -> None:
        headers = {"content-type": self.type, **self.headers}
        wire.whole(self.status, headers, self.body.encode())


def refuses_parameter(name: str, code: str = "unsupported_parameter") -> Status:
    """Returns how OpenAI refuses a parameter."""
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    kind = "invalid_request_error"
    error = {"message": message, "type": kind, "param": name, "code": code}
    return Status(400, json.dumps({"error": error}))


@dataclass(frozen=True)
class Page:
    """A web page, as a wrong address answers."""

    status: int = 200

    def answer(self, wire: Wire) -> None:
        body = b"<!doctype html><title>Welcome</title><p>secret detail"
        wire.whole(self.status, {"content-type": "text/html; charset=utf-8"}, body)


@dataclass(frozen=True)
class Stream:
    """A stream of just these messages: objects as JSON, bytes as they are."""

    messages: Iterable[object]

    def answer(self, wire: Wire) -> None:
        wire.begin_stream()
        for message in self.messages:
            if isinstance(message, bytes):
                wire.body(message)
            else:
                wire.event(message)
        wire.done()


@dataclass(frozen=True)
class Breaks:
    """A reply that breaks after ``text``: cut (closed early), reset, or hang.

    Where ``text`` is empty, not even headers come, unless ``headers`` asks for them.
    """

    how: str
    text: str = ""
    headers: bool = False

    def answer(self, wire: Wire) -> None:
        if self.text or self.headers:
            Says(self.text).begin(wire)
        if self.how == "hang":
            wire.wait(60)
        elif self.how == "reset":
            wire.reset()
        else:
            assert self.how == "cut"


@dataclass(frozen=True)
class Drips:
    """Sends without end, ``every`` so many seconds.

    Words, thoughts, comments, blanks, bytes or headers.
    """

    what: str
    every: float = 0.0
    text: str = ""

    def answer(self, wire: Wire) -> None:
        if self.what == "headers":
            wire.send(b"HTTP/1.1 200 OK\r\n")
        else:
            Says(self.text).begin(wire)
        n_thoughts = 1 if self.every else 10_000
        sent = {
            "words": lambda: wire.event(chunk({"content": "quux "})),
            "thoughts": lambda: wire.event(chunk({"reasoning_content": "hm, " * n_thoughts})),
            "blanks": lambda: wire.event(chunk({"content": "  \n"})),
            "comments": lambda: wire.body(b": still here\n\n"),
            "bytes": lambda: wire.body(b"x" * (1 if self.every else 65536)),
            "headers": lambda: wire.send(b"x-a: b\r\n"),
        }[self.what]
        while True:
            sent()
            wire.wait(self.every or 1e-9)
