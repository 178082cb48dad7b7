"""The password of a page that others can reach: who has it, and how fast it can be guessed."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie

from assistant_ui.parts.component import STATIC_PATH
from assistant_ui.server.refusal import refuse
from assistant_ui.server.security import MCP
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_WRONG = 5
"""Wrong passwords from one address before further ones have to wait."""

WAIT_S = 60.0
"""How long an address has to wait after ``MAX_WRONG`` wrong passwords."""

_ANONYMOUS = ("/login", "/theme.css", "/robots.txt", "/favicon.ico")
_ANONYMOUS_FOLDERS = (f"{STATIC_PATH}/", "/static/", "/assets/", "/svelte/")
_GATE = "/gradio_api/login_check"


class Login:
    """Lets through who is logged in; Gradio's own check leaves some of its ways open.

    Agents do not log in on a page: they send user and password with each request (HTTP Basic).
    """

    def __init__(
        self,
        app: ASGIApp,
        auth: tuple[str, str],
        tokens: Callable[[], tuple[str, Mapping[str, str]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Guards ``app``; ``tokens`` gives the ending of the cookie's name and who is logged in."""
        self._app = app
        self._auth = auth
        self._tokens = tokens
        self._guesses = Guesses(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or asks for the password."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path.rstrip("/") == "/login" and scope["method"] == "POST":
            await self._slow_down(scope, receive, send)
        elif self._is_anonymous(path) or self._is_logged_in(scope):
            await self._app(scope, receive, send)
        elif path.startswith(MCP):
            await self._with_basic(scope, receive, send)
        else:
            await refuse(send, 401, "Log in first.")

    @staticmethod
    def _is_anonymous(path: str) -> bool:
        # '/' is the form to log in with, as long as nobody is.
        return (
            path == "/"
            or path.rstrip("/") in (*_ANONYMOUS, _GATE)
            or path.startswith(_ANONYMOUS_FOLDERS)
        )

    def _is_logged_in(self, scope: Scope) -> bool:
        ending, tokens = self._tokens()
        try:
            cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        except CookieError:
            return False
        names = (f"access-token-{ending}", f"access-token-unsecure-{ending}")
        return any(cookies[name].value in tokens for name in names if name in cookies)

    async def _slow_down(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if wait_s := self._guesses.wait_s(address):
            await _refuse_guess(send, wait_s)
            return
        # Counted before it is known to be wrong, so that many at once gain nothing.
        self._guesses.add(address)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                self._guesses.forget(address)
            await send(message)

        await self._app(scope, receive, noted)

    async def _with_basic(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if wait_s := self._guesses.wait_s(address):
            await _refuse_guess(send, wait_s)
            return
        given = basic_credentials(Headers(scope=scope).get("authorization", ""))
        if given is not None and same_credentials(given, self._auth):
            await self._app(scope, receive, send)
            return
        if given is not None:
            self._guesses.add(address)
        asked = {"www-authenticate": 'Basic realm="abstract-assistant", charset="UTF-8"'}
        await refuse(send, 401, "Send user and password as HTTP Basic authentication.", asked)


class Guesses:
    """Passwords that were tried from each address, and how long an address has to wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: dict[str, list[float]] = {}

    def add(self, address: str) -> None:
        """Notes a password that was tried from ``address``."""
        now = self._clock()
        self._tried = {
            known: recent
            for known, times in self._tried.items()
            if (recent := [moment for moment in times if now - moment < WAIT_S])
        }
        self._tried.setdefault(address, []).append(now)

    def forget(self, address: str) -> None:
        """Forgets what was tried from ``address``: its last password was right."""
        self._tried.pop(address, None)

    def wait_s(self, address: str) -> int:
        """Returns how many seconds ``address`` has to wait; 0 where it may try."""
        now = self._clock()
        times = [moment for moment in self._tried.get(address, []) if now - moment < WAIT_S]
        return max(1, round(times[0] + WAIT_S - now)) if len(times) >= MAX_WRONG else 0


def basic_credentials(header: str) -> tuple[str, str] | None:
    """Returns user and password of an Authorization header; None where it holds none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def same_credentials(given: tuple[str, str], known: tuple[str, str]) -> bool:
    """Returns whether both are the same, in a time that does not tell how far they are."""
    return secrets.compare_digest("\0".join(given).encode(), "\0".join(known).encode())


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


async def _refuse_guess(send: Send, wait_s: int) -> None:
    sentence = f"Too many wrong passwords; try again in {wait_s} s."
    await refuse(send, 429, sentence, {"retry-after": str(wait_s)})
