"""What Gradio itself keeps of visits and calls, over a server that runs beside."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import gradio as gr
import httpx
import uvicorn
from assistant_ui.server.malformed import refuse_malformed
from assistant_ui.server.visits import Memory, NotedVisits, Visits, forget_single_calls
from fastapi import FastAPI
from starlette.routing import Mount


def test_nothing_is_kept_of_calls_that_were_read_and_of_visits_that_are_over() -> None:
    kept = asyncio.run(use())
    assert kept["while they were here"] == {"visitor"}
    assert kept["after their life"] == set()
    assert kept["noted"] == [0, 0, 0, 0]


async def use() -> dict[str, Any]:
    page = gr.Blocks(analytics_enabled=False)
    with page:
        chosen = gr.State([])
        page.load(lambda chosen: [*chosen, 1], chosen, chosen)
        gr.api(double)
    page.queue(api_open=False)
    forget_single_calls(page)
    app = FastAPI()
    gr.mount_gradio_app(app, page, path="/")
    inner: Any = next(
        route.app for route in app.routes if isinstance(route, Mount) and hasattr(route.app, "lock")
    )
    refuse_malformed(page, inner)
    visits = Visits(life_s=0)
    memory = Memory(page, inner, visits)
    app.add_middleware(NotedVisits, visits=visits)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", port=0, ws="none"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    kept = {}
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for n in range(5):
                await call(client, n)
            async with client.stream("GET", "/gradio_api/heartbeat/visitor") as heartbeat:
                # Where nobody holds the iterator, httpx closes the connection.
                beats = heartbeat.aiter_lines()
                await anext(beats)
                await open_page(client)
                memory.forget()
                kept["while they were here"] = set(inner.state_holder.session_data)
        while visits._open:
            await asyncio.sleep(0.01)
        memory.forget()
        kept["after their life"] = set(inner.state_holder.session_data)
        queue: Any = page._queue
        kept["noted"] = [
            len(cast("Any", held))
            for held in (
                queue.pending_messages_per_session,
                queue.pending_event_ids_session,
                queue.event_analytics,
                queue.event_ids_to_events,
            )
        ]
    finally:
        server.should_exit = True
        await serving
    return kept


def double(number: int) -> int:
    return 2 * number


async def call(client: httpx.AsyncClient, number: int) -> None:
    called = await client.post("/gradio_api/call/double", json={"data": [number]})
    result = await client.get(f"/gradio_api/call/double/{called.json()['event_id']}")
    assert json.dumps([2 * number]) in result.text


async def open_page(client: httpx.AsyncClient) -> None:
    body = {"data": [None], "fn_index": 0, "session_hash": "visitor"}
    assert (await client.post("/gradio_api/queue/join", json=body)).status_code == 200
    shown = await client.get("/gradio_api/queue/data", params={"session_hash": "visitor"})
    assert "process_completed" in shown.text
