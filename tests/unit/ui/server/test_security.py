from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from assistant_ui.parts.errors_shown import NOT_TAKEN
from assistant_ui.server import body_limit
from assistant_ui.server.body_limit import MAX_CALL, MAX_UPLOAD, BodyLimit
from assistant_ui.server.security import Guard
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PAGE = b'<head><script>a</script><script type="module" src="x"></script></head><p>script</p>'


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Echoes the length of what it is sent, and its forwarded host."""
    if scope["path"] == "/":
        await HTMLResponse(PAGE)(scope, receive, send)
        return
    if scope["path"] == "/gradio_api/cancel":
        raise ValueError("secret of /home/ann")
    n_read, more = 0, True
    while more:
        message = await receive()
        n_read += len(message.get("body", b""))
        more = message.get("more_body", False)
    forwarded = Headers(scope=scope).get("x-forwarded-host", "none")
    await PlainTextResponse(f"{n_read} {forwarded}")(scope, receive, send)


def ask(method: str, path: str, app: ASGIApp | None = None, **options: object) -> httpx.Response:
    async def run() -> httpx.Response:
        guarded = app or Guard(BodyLimit(inner), "127.0.0.1")
        transport = httpx.ASGITransport(guarded, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:7860"
        ) as client:
            return await client.request(method, path, **options)  # type: ignore[arg-type]

    return asyncio.run(run())


def test_a_borrowed_name_gets_nothing() -> None:
    response = ask("GET", "/", headers={"host": "evil.example:7860"})
    assert response.status_code == 421
    assert "printed when it was started" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join"])
def test_a_foreign_page_gets_nothing(path: str) -> None:
    assert ask("POST", path, headers={"origin": "http://evil.example"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/proxy=https://x.hf.space/file",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/file=HTTPS://evil.example/x.png",
        "/gradio_api/deep_link",
        "/gradio_api/run-history/records",
        "/gradio_api/vibe-edit/",
        "/gradio_api/component_server",
        "/gradio_api/dev/reload",
        "/gradio_api/api/ask/",
        "/gradio_api/custom_component/x/client/y/z.js",
        "/gradio_api/mcp/sse",
        "/gradio_api/run/delete_papers",
        "/gradio_api/call/opened",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/gradio_api/openapi.json",
        "/gradio_api/token",
        "/manifest.json",
    ],
)
def test_ways_that_the_page_does_not_take_are_closed(path: str) -> None:
    for method in ("GET", "POST"):
        assert ask(method, path).status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/page/parts/static/dom.js",
        "/assets/index.js",
        "/gradio_api/info",
        "/gradio_api/queue/data",
        "/gradio_api/run/ask",
        "/gradio_api/call/ask/0a1b",
        "/gradio_api/call/v2/ask",
        "/gradio_api/mcp/",
        "/gradio_api/file=/tmp/gradio/ab/export.bib",
        "/gradio_api/heartbeat/s1",
    ],
)
def test_ways_that_the_page_takes_are_open(path: str) -> None:
    assert ask("GET", path).status_code == 200


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"])
def test_the_page_is_only_read_and_asked(method: str) -> None:
    assert ask(method, "/config").status_code == 405


def test_scripts_run_by_the_nonce_of_their_answer_only() -> None:
    first, second = ask("GET", "/"), ask("GET", "/")
    policy = first.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert "'unsafe-inline'" not in policy.split("script-src ")[1].split(";")[0]
    # Two of Gradio's, and the one that chooses the theme.
    assert first.text.count(f"<script nonce={nonce}") == first.text.count("<script") == 3
    assert nonce not in second.text
    assert int(first.headers["content-length"]) == len(first.content)


@pytest.mark.parametrize("path", ["/", "/config", "/nothing"])
def test_every_answer_has_the_headers_of_a_safe_page(path: str) -> None:
    headers = ask("GET", path).headers
    for rule in ("object-src 'none'", "frame-ancestors 'none'", "connect-src 'self'"):
        assert rule in headers["content-security-policy"]
    assert "http:" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in headers


def test_a_client_cannot_rename_the_server() -> None:
    response = ask("POST", "/config", headers={"x-forwarded-host": "evil.example"})
    assert response.text == "0 none"


def test_a_call_that_fails_on_the_way_is_refused_in_one_sentence() -> None:
    response = ask("GET", "/gradio_api/cancel")
    assert (response.status_code, response.json()["error"]) == (400, NOT_TAKEN)


def test_a_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "PATIENCE_S", 0.01)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    refused = ask("POST", "/gradio_api/queue/join", content=never())
    assert refused.status_code == 408
    assert "too slowly" in refused.json()["detail"]


def test_a_name_that_a_proxy_has_is_the_page_s_own() -> None:
    guard = Guard(inner, "127.0.0.1", names=("papers.example.org",))
    for host, status in (("papers.example.org", 200), ("evil.example.org", 421)):
        headers = {"host": host, "origin": f"https://{host}"}
        assert ask("GET", "/config", guard, headers=headers).status_code == status


async def pieces(n_bytes: int) -> AsyncIterator[bytes]:
    for _ in range(0, n_bytes, 2**16):
        yield b"x" * 2**16


@pytest.mark.parametrize(
    ("path", "limit"), [("/gradio_api/queue/join", MAX_CALL), ("/gradio_api/upload", MAX_UPLOAD)]
)
def test_too_much_is_refused_whether_or_not_its_length_is_told(path: str, limit: int) -> None:
    bodies: list[Callable[[int], bytes | AsyncIterator[bytes]]] = [bytes, pieces]
    for body in bodies:
        fits = ask("POST", path, content=body(limit - 2**16))
        assert (fits.status_code, fits.text) == (200, f"{limit - 2**16} none")
        refused = ask("POST", path, content=body(limit + 2**16))
        assert refused.status_code == 413
        assert f"at most {limit // 2**20} MB" in refused.json()["detail"]


def test_a_length_that_is_no_number_is_refused() -> None:
    assert ask("POST", "/config", headers={"content-length": "-1"}).status_code == 413


def test_an_answer_passes_piece_by_piece() -> None:
    sent: list[bytes] = []

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        async def body() -> AsyncIterator[bytes]:
            for piece in (b"one", b"two"):
                yield piece
                # What was yielded has gone out before the next piece is made.
                assert sent[-1] == piece

        await StreamingResponse(body())(scope, receive, send)

    async def run() -> None:
        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.body" and message["body"]:
                sent.append(bytes(message["body"]))  # type: ignore[arg-type]

        async def receive() -> dict[str, object]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/gradio_api/queue/data",
            "headers": [(b"host", b"localhost:7860")],
            "asgi": {"spec_version": "2.4"},
        }
        await Guard(BodyLimit(stream), "127.0.0.1")(scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(run())
    assert sent == [b"one", b"two"]
