"""What the server remembers of visits, and when it forgets it.

Gradio keeps the state of 10,000 visits, 50 KB each, whether or not anybody comes back, and what it
noted of each event. Here a visit is remembered while it is open, and for some time after.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import gradio as gr
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_CLOSED = 500
"""Closed visits that are remembered at most: 25 MB."""

MAX_UNREAD = 1_000
"""Scripts that are gone, or wait without listening, whose results are kept at most: 50 MB."""

MAX_UNREAD_S = 300.0
"""How long results wait for a script that asked for them."""

_HEARTBEAT = re.compile(r"/gradio_api/heartbeat/([\w-]+)/?")
_RESULTS = re.compile(r"/gradio_api/queue/data/?")


class Visits:
    """Who is here, who left when, and what is kept for them by Gradio."""

    def __init__(self, life_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remembers a visit for ``life_s`` after its browser was closed."""
        self._life_s = life_s
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._was_page: set[str] = set()
        self._seen_at: dict[str, float] = {}

    def enter(self, session: str, *, is_page: bool) -> None:
        """Notes that somebody listens; ``is_page`` for a browser, which may come back."""
        self._open[session] += 1
        if is_page:
            self._was_page.add(session)

    def leave(self, session: str) -> None:
        """Notes that who listened is gone."""
        self._open[session] -= 1
        if self._open[session] <= 0:
            del self._open[session]
        self._seen_at[session] = self._clock()

    def over(self, known: set[str], busy: set[str]) -> set[str]:
        """Returns which of the ``known`` sessions are over; those that are ``busy`` never are.

        Of those that closed last ``MAX_CLOSED`` browsers' and ``MAX_UNREAD`` scripts' are kept.
        """
        now = self._clock()
        for session in known:
            self._seen_at.setdefault(session, now)
        for session in busy | self._open.keys():
            self._seen_at[session] = now
        closed = sorted(known - busy - self._open.keys(), key=lambda one: -self._seen_at[one])
        ended: set[str] = set()
        for is_page, n_most, life_s in (
            (True, MAX_CLOSED, self._life_s),
            (False, MAX_UNREAD, MAX_UNREAD_S),
        ):
            alike = [session for session in closed if (session in self._was_page) == is_page]
            ended.update(alike[n_most:])
            ended.update(one for one in alike if now - self._seen_at[one] >= life_s)
        for session in self._seen_at.keys() - (known - ended) - self._open.keys():
            del self._seen_at[session]
            self._was_page.discard(session)
        return ended


class NotedVisits:
    """Notes who listens for how long."""

    def __init__(self, app: ASGIApp, visits: Visits) -> None:
        self._app = app
        self._visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request; while a browser or script listens, its visit is open."""
        session, is_page = _listener(scope) if scope["type"] == "http" else (None, False)
        if not session:
            await self._app(scope, receive, send)
            return
        self._visits.enter(session, is_page=is_page)
        try:
            await self._app(scope, receive, send)
        finally:
            self._visits.leave(session)


def _listener(scope: Scope) -> tuple[str | None, bool]:
    if match := _HEARTBEAT.fullmatch(scope["path"]):
        return match[1], True
    if _RESULTS.fullmatch(scope["path"]):
        return QueryParams(scope["query_string"]).get("session_hash"), False
    return None, False


class Memory:
    """What Gradio keeps of the visits of one page."""

    def __init__(self, page: gr.Blocks, app: Any, visits: Visits) -> None:
        """Keeps it small; ``app`` is Gradio's own application over ``page``."""
        self._queue: Any = page._queue
        self._app = app
        self._visits = visits
        # Analytics that no way of this page shows; their summary was computed anew at each event.
        self._queue.ANALYTICS_MAX_EVENTS = 0

    def forget(self) -> None:
        """Gives back what was kept of visits that are over; called in the server's event loop."""
        queue, states = self._queue, self._app.state_holder
        working = {event.session_hash for event in queue.event_ids_to_events.values()}
        known = {*states.session_data, *queue.pending_messages_per_session}
        known |= queue.pending_event_ids_session.keys()
        ended = self._visits.over(known, working)
        # A single call is over as soon as its result was read.
        ended |= {
            session
            for session, waiting in queue.pending_event_ids_session.items()
            if not waiting and session not in states.session_data and session not in working
        }
        for session in ended:
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)
            queue.pending_event_ids_session.pop(session, None)
        self._app.iterators_to_reset &= queue.event_ids_to_events.keys()


def forget_single_calls(page: gr.Blocks) -> None:
    """Has calls that name no visit leave no state behind: the endpoints have none."""
    queue: Any = page._queue
    push = queue.push

    async def stateless(body: Any, request: Any, username: Any) -> Any:
        names_visit = body.session_hash is not None
        pushed = await push(body, request, username)
        if not names_visit:
            # The event keeps the id by which its result is asked for.
            body.session_hash = None
        return pushed

    queue.push = stateless
