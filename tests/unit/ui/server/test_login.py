from __future__ import annotations

import asyncio
import base64

import httpx
import pytest
from assistant_ui.server.login import MAX_WRONG, WAIT_S, Guesses, Login, basic_credentials
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

PASSWORD = "correct horse"


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    body = (await receive()).get("body", b"")
    wrong = scope["path"] == "/login" and PASSWORD.encode() not in body
    await PlainTextResponse("inside", 400 if wrong else 200)(scope, receive, send)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def login(clock: Clock | None = None) -> Login:
    tokens = {"t1": "ann"}
    return Login(inner, ("ann", PASSWORD), lambda: ("c1", tokens), clock or Clock())


def ask(app: Login, method: str, path: str, **options: object) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **options)  # type: ignore[arg-type]

    return asyncio.run(run())


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/queue/data", "/config", "/gradio_api/cancel", "/gradio_api/heartbeat/s", "/x"],
)
def test_nobody_gets_in_without_the_cookie(path: str) -> None:
    assert ask(login(), "GET", path).status_code == 401
    bad = {"cookie": "access-token-c1=t2; access-token-c2=t1"}
    assert ask(login(), "GET", path, headers=bad).status_code == 401
    good = {"cookie": "access-token-unsecure-c1=t1"}
    assert ask(login(), "GET", path, headers=good).status_code == 200


@pytest.mark.parametrize("path", ["/", "/login", "/page/parts/static/page.css", "/assets/index.js"])
def test_the_form_and_its_files_need_no_login(path: str) -> None:
    assert ask(login(), "GET", path).status_code in (200, 400)


def guess(app: Login, password: str) -> int:
    content = f"username=ann&password={password}"
    return ask(app, "POST", "/login", content=content).status_code


def test_wrong_passwords_are_slowed_and_then_let_through_again() -> None:
    clock = Clock()
    app = login(clock)
    assert [guess(app, "no") for _ in range(MAX_WRONG)] == [400] * MAX_WRONG
    refused = ask(app, "POST", "/login/", content=f"password={PASSWORD}")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    clock.now += WAIT_S
    assert guess(app, PASSWORD) == 200


def test_the_right_password_clears_the_wrong_ones() -> None:
    app = login()
    for _ in range(3):
        assert [guess(app, "no") for _ in range(MAX_WRONG - 1)] == [400] * (MAX_WRONG - 1)
        assert guess(app, PASSWORD) == 200


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_agents_send_the_password_with_each_request() -> None:
    app = login()
    assert ask(app, "POST", "/gradio_api/mcp/", headers=basic("ann", PASSWORD)).status_code == 200
    asked = ask(app, "POST", "/gradio_api/mcp/")
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic ")
    assert ask(app, "GET", "/config", headers=basic("ann", PASSWORD)).status_code == 401


def test_agents_are_slowed_too() -> None:
    app = login()
    for _ in range(MAX_WRONG):
        wrong = ask(app, "POST", "/gradio_api/mcp/", headers=basic("ann", "no"))
        assert wrong.status_code == 401
    late = ask(app, "POST", "/gradio_api/mcp/", headers=basic("ann", PASSWORD))
    assert late.status_code == 429
    assert guess(app, PASSWORD) == 429


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic !!", "Basic YW5u", "Basic //79"])
def test_what_is_no_basic_header_holds_no_credentials(header: str) -> None:
    assert basic_credentials(header) is None


def test_a_password_may_hold_colons_and_any_letter() -> None:
    assert basic_credentials(basic("ann", "a:ß")["authorization"]) == ("ann", "a:ß")


def test_addresses_are_counted_apart_and_forgotten() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(MAX_WRONG):
        guesses.add("10.0.0.1")
    assert guesses.wait_s("10.0.0.1") == 60
    assert guesses.wait_s("10.0.0.2") == 0
    clock.now += WAIT_S + 1
    guesses.add("10.0.0.2")
    assert set(guesses._tried) == {"10.0.0.2"}
