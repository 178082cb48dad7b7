"""Connections over real sockets of loopback, to a server that runs beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import uvicorn
from assistant_ui.server import connections
from assistant_ui.server.connections import Addresses, ForwardedAddresses, bounded_protocol
from assistant_ui.server.proxies import Proxies
from starlette.types import Message, Receive, Scope, Send

REQUEST = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
MANY = b"x" * 2**24


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/late":
        await asyncio.sleep(0.4)
    body = MANY if scope["path"] == "/many" else b"fine"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def with_server(
    use: Callable[[int], Awaitable[None]], n_most: int = 100, proxies: Proxies | None = None
) -> Addresses:
    """Runs ``use`` with the port of a server; returns who held places when it had ended."""
    addresses = Addresses(n_most)

    async def run() -> None:
        protocol = bounded_protocol(addresses, proxies or Proxies())
        config = uvicorn.Config(
            app, http=protocol, ws="none", lifespan="off", log_level="critical", port=0
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            await use(server.servers[0].sockets[0].getsockname()[1])
        finally:
            server.should_exit = True
            await serving

    asyncio.run(run())
    return addresses


async def opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def everything(reader: asyncio.StreamReader) -> bytes:
    """Returns what is sent until the server hangs up."""
    with suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), 10)
    return b""


def test_headers_that_come_byte_by_byte_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HEADER_S", 0.2)
    sent = 0

    async def trickle(port: int) -> None:
        nonlocal sent
        reader, writer = await opened(port)
        hung_up = asyncio.create_task(everything(reader))
        with suppress(ConnectionError):
            while not hung_up.done() and sent < 400:
                writer.write(b"G" if not sent else b"E")
                await writer.drain()
                sent += 1
                await asyncio.sleep(0.02)
        assert hung_up.done()
        assert await hung_up == b""
        writer.close()

    held = with_server(trickle)
    assert 0 < sent < 400
    assert not held._held


def test_a_connection_on_which_nothing_is_sent_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_S", 0.1)

    async def say_nothing(port: int) -> None:
        reader, writer = await opened(port)
        assert await everything(reader) == b""
        writer.close()

    with_server(say_nothing)


def test_who_takes_nothing_of_an_answer_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALLED_S", 0.2)

    async def take_nothing(port: int) -> None:
        reader, writer = await opened(port)
        writer.write(REQUEST.replace(b"/ ", b"/many ", 1))
        await asyncio.sleep(1)
        assert len(await everything(reader)) < len(MANY)
        writer.close()

    with_server(take_nothing)


def test_an_answer_takes_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_S", 0.1)

    async def ask(port: int) -> None:
        reader, writer = await opened(port)
        writer.write(REQUEST.replace(b"/ ", b"/late ", 1))
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()

    with_server(ask)


def test_one_address_has_its_places_and_gets_them_back() -> None:
    async def open_many(port: int) -> None:
        held = [await opened(port) for _ in range(3)]
        for reader, writer in held:
            writer.write(REQUEST)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        reader, refused = await opened(port)
        said = await everything(reader)
        assert said.startswith(b"HTTP/1.1 429")
        assert b"3 connections are open from 127.0.0.1" in said
        for _, writer in (*held, (reader, refused)):
            writer.close()
        await asyncio.sleep(0.1)
        reader, writer = await opened(port)
        writer.write(REQUEST)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()

    assert not with_server(open_many, n_most=3)._held


def test_a_proxy_holds_as_many_connections_as_it_likes() -> None:
    async def open_many(port: int) -> None:
        held = [await opened(port) for _ in range(3)]
        for reader, writer in held:
            writer.write(REQUEST)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        for _, writer in held:
            writer.close()

    with_server(open_many, n_most=1, proxies=Proxies(("127.0.0.1",)))


def test_requests_that_a_proxy_forwards_are_bounded_by_the_visitor_s_address() -> None:
    statuses: list[int] = []

    async def run() -> None:
        go_on = asyncio.Event()

        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            await go_on.wait()
            await app(scope, receive, send)

        async def send(message: Message) -> None:
            if "status" in message:
                statuses.append(message["status"])

        async def receive() -> Message:
            return {"type": "http.request"}

        bounded = ForwardedAddresses(wait, Addresses(2))
        calls = [
            bounded({"type": "http", "path": "/", "client": (address, 1)}, receive, send)
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
        ]
        tasks = [asyncio.ensure_future(call) for call in calls]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert sorted(statuses) == [200, 200, 200, 429]
