"""What answers where a Chroma server is looked for, and is none, or not one that we know."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.errors import StoreError
from assistant.store.opening import open_store
from tests.chroma_process import ChromaProcess
from tests.made_library import DIM, EMBEDDER, assert_whole, fill

Reply = tuple[int, str]
Answer = Callable[[BaseHTTPRequestHandler, bytes], Reply]

SECRET = "s3cret"
GRANTED = "Basic " + b64encode(f"ann:{SECRET}".encode()).decode()
BEAT = json.dumps({"nanosecond heartbeat": 1})
NGINX = "<html><head><title>Welcome to nginx!</title></head><body>nginx</body></html>"


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A server on loopback that answers every request by ``answer``; yields its host and port."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, text = answer(self, body)
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def always(status: int, text: str) -> Answer:
    return lambda *_: (status, text)


def by_path(**replies: Reply) -> Answer:
    """Answers v1, v2 and version by the path, and anything else with the reply ``other``."""

    def answer(request: BaseHTTPRequestHandler, _: bytes) -> Reply:
        if request.path.endswith("/version"):
            return replies.get("version", replies["other"])
        if request.path.endswith("/heartbeat"):
            return replies.get("v1" if "/v1/" in request.path else "v2", replies["other"])
        return replies["other"]

    return answer


MISSING = (404, '{"detail":"Not Found"}')
STRANGERS = {
    "older": (by_path(v1=(200, BEAT), other=MISSING), "is a Chroma before 1.0, .*; run Chroma 1"),
    "older with v2": (
        by_path(v2=(200, BEAT), version=(200, '"0.6.3"'), other=(500, '{"error":"ValueError()"}')),
        "is Chroma 0.6.3, and this release needs Chroma 1; run that one",
    ),
    "newer": (
        always(410, '{"error":"Gone","message":"The v2 API is deprecated. Please use /v3"}'),
        "no longer has the API of Chroma 1, .*upgrade abstract-assistant",
    ),
    "newer, by its words": (
        always(404, '{"error":"Unimplemented","message":"The v2 API is deprecated"}'),
        "no longer has the API of Chroma 1, .*upgrade abstract-assistant",
    ),
    "newer with v2": (
        by_path(v2=(200, BEAT), version=(200, '"2.1.0"'), other=(200, '{"unknown": 1}')),
        "is Chroma 2.1.0, and this release needs Chroma 1",
    ),
    "page": (always(404, NGINX), r"is no Chroma server \(HTTP 404\); check ASSISTANT_CHROMA_URL"),
    "page for all": (always(200, NGINX), r"is no Chroma server \(HTTP 200\)"),
    "other JSON": (always(200, "[1, 2]"), r"is no Chroma server \(HTTP 200\)"),
    "nothing": (always(200, ""), r"is no Chroma server \(HTTP 200\)"),
    "redirect": (always(301, ""), r"is no Chroma server \(HTTP 301\)"),
    "locked": (always(401, NGINX), r"right user and password \(HTTP 401\)"),
    "forbidden": (always(403, "no"), r"right user and password \(HTTP 403\)"),
    "broken": (always(502, NGINX), r"failed \(HTTP 502\); see its log"),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_what_is_no_server_of_ours_is_one_sentence(kind: str, home: Path) -> None:
    answer, told = STRANGERS[kind]
    with answering(answer) as host:
        url = f"http://ann:{SECRET}@{host}"
        with open_store(home, "made", EMBEDDER, DIM, chroma_url=url) as store:
            for use in (store.exists, store.snapshot, store.writer):
                with pytest.raises(StoreError, match=told) as refused:
                    use()
                assert repr(f"http://{host}") in str(refused.value)
                assert SECRET not in str(refused.value)
                assert "\n" not in str(refused.value)


def test_a_stranger_is_one_line_of_every_command(
    home: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(always(404, NGINX)) as host:
        monkeypatch.setenv("ASSISTANT_CHROMA_URL", f"http://ann:{SECRET}@{host}")
        ran = command("library", "list")
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "is no Chroma server" in ran.err
        doctors = command("doctor"), command("doctor", "--json")
    for ran in doctors:
        assert ran.code == 1
        assert "is no Chroma server" in ran.out
        assert "http://***@127.0.0.1" in ran.out
        assert SECRET not in ran.out + ran.err


def test_a_server_behind_a_password_is_used_and_never_shows_it(
    server: ChromaProcess,
    home: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pass_on(request: BaseHTTPRequestHandler, body: bytes) -> Reply:
        if request.headers.get("Authorization") != GRANTED:
            return 401, NGINX
        headers = {"Content-Type": "application/json"}
        url = server.url + request.path
        reply = httpx.request(request.command, url, content=body, headers=headers)
        return reply.status_code, reply.text

    caplog.set_level("DEBUG")
    with answering(pass_on) as host:
        url = f"http://ann:{SECRET}@{host}"
        with open_store(home, "made", EMBEDDER, DIM, chroma_url=url) as store:
            fill(store, range(5))
            assert_whole(store.snapshot())
            with (
                store.writer(),
                open_store(tmp_path, "made", EMBEDDER, DIM, chroma_url=url) as other,
                pytest.raises(StoreError, match="curl -u USER -X DELETE http://127") as refused,
            ):
                other.writer()
            server.empty()
            with pytest.raises(StoreError, match="has no such library") as lost:
                store.snapshot()
        monkeypatch.setenv("ASSISTANT_CHROMA_URL", url)
        monkeypatch.setenv("ASSISTANT_LIBRARY", "made")
        printed = [command("doctor"), command("doctor", "--json"), command("library", "list")]
        with (
            open_store(home, "made", EMBEDDER, DIM, chroma_url=f"http://ann:x@{host}") as store,
            pytest.raises(StoreError, match="right user and password"),
        ):
            store.exists()
    said = [*(ran.out + ran.err for ran in printed), str(refused.value), str(lost.value)]
    said += [caplog.text, *(str(path) for path in home.rglob("*"))]
    assert all(SECRET not in each for each in said)
    kept = [path.read_bytes() for path in home.rglob("*.json")]
    assert all(SECRET.encode() not in each for each in kept)
