"""How much visitors may ask at once, so that none keeps the others waiting; their queue."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import QuestionError, Settings

WRITING = "writing"
"""The ``concurrency_id`` of questions that an LLM answers; they wait on it, and hold up nobody."""

QUOTING = "quoting"
"""The ``concurrency_id`` of what this machine does itself: quotations and searches."""

_FOR_SCRIPTS = "scripts, "
_ASKING = frozenset(one + kind for one in ("", _FOR_SCRIPTS) for kind in (WRITING, QUOTING))

MAX_OPENING = 5_000
"""Further events of a kind that may wait: those of pages that are opened, 50 MB."""

MAX_PER_MINUTE = 60
"""Questions that one visitor may ask within a minute."""

QUEUE_REST_S = 0.02
"""How long the queue of events rests between two looks at it."""

PROGRESS_REST_S = 0.1
"""How long it rests between two looks for the progress of events."""

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Places:
    """The place that a question takes: of which kind, and how many of these there are."""

    concurrency_id: str
    concurrency_limit: int

    def for_events(self) -> dict[str, Any]:
        """Returns the options of an event of the page that takes such a place."""
        return {
            "concurrency_id": self.concurrency_id,
            "concurrency_limit": self.concurrency_limit,
        }

    def for_scripts(self) -> Places:
        """Returns such places that scripts have of their own: half as many again."""
        return Places(_FOR_SCRIPTS + self.concurrency_id, max(1, self.concurrency_limit // 2))


def places_to_ask(settings: Settings, llm_name: str | None) -> Places:
    """Returns the places of questions: with an LLM they are not those of searches."""
    if llm_name is None:
        return places_to_search(settings)
    return Places(WRITING, settings.llm_concurrency)


def places_to_search(settings: Settings) -> Places:
    """Returns the places of what is done without an LLM."""
    return Places(QUOTING, settings.concurrency)


class Limits:
    """Who is asking now, and who asked how often within the last minute."""

    def __init__(
        self,
        max_per_minute: int = MAX_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Lets a visitor ask one question at a time and ``max_per_minute`` in a minute."""
        self._max_per_minute = max_per_minute
        self._clock = clock
        self._lock = threading.Lock()
        # A key for each place that is taken.
        self._asking: dict[str, object] = {}
        self._asked_at: dict[str, deque[float]] = {}

    @contextmanager
    def asking(self, owner: str) -> Iterator[Callable[[], None]]:
        """Holds the one place of ``owner`` while their question is worked on.

        Gives what to call to leave the place before that.

        Raises:
            QuestionError: a question of theirs is being answered, or they ask too fast.
        """
        key = self._enter(owner)

        def leave() -> None:
            with self._lock:
                if self._asking.get(owner) is key:
                    del self._asking[owner]

        try:
            yield leave
        finally:
            leave()

    def _enter(self, owner: str) -> object:
        now = self._clock()
        with self._lock:
            if owner in self._asking:
                raise QuestionError(
                    "one question at a time: your last one is still being answered; "
                    "wait for it or stop it"
                )
            self._forget_before(now - _MINUTE_S)
            times = self._asked_at.setdefault(owner, deque())
            if len(times) >= self._max_per_minute:
                wait_s = max(1, round(times[0] + _MINUTE_S - now))
                raise QuestionError(
                    f"you asked {len(times)} questions within a minute, which is the most that "
                    f"this page answers; go on in {wait_s} s"
                )
            times.append(now)
            key = self._asking[owner] = object()
            return key

    def _forget_before(self, moment: float) -> None:
        for owner, times in list(self._asked_at.items()):
            while times and times[0] <= moment:
                times.popleft()
            if not times:
                del self._asked_at[owner]


def owner_of(request: gr.Request | None) -> str:
    """Returns whose question it is: the visit's id, since visitors may share one password."""
    session = getattr(request, "session_hash", None)
    return str(session) if session else "a visitor without a session"


def bound_queue(page: gr.Blocks, n_waiting: int) -> None:
    """Turns away, with a sentence, whoever would ask behind ``n_waiting`` others.

    Gradio counts all that wait together; so those who ask could keep others from opening the page.
    """
    queue: Any = page._queue
    push = queue.push

    async def bounded(body: Any, request: Any, username: Any) -> Any:
        event = page.fns.get(body.fn_index)
        kind = event and event.concurrency_id
        n_most = n_waiting if kind in _ASKING else MAX_OPENING
        waiting = queue.event_queue_per_concurrency_id.get(kind)
        if waiting is not None and len(waiting.queue) >= n_most:
            sentence = f"The page is busy: {n_most} are waiting; try again in a minute."
            return False, sentence, "queue_full"
        return await push(body, request, username)

    queue.push = bounded


def let_queue_rest(page: gr.Blocks) -> None:
    """Has the queue look for events every ``QUEUE_REST_S``.

    Gradio's looks 1,000 times a second, and for progress 100 times, which keeps a tenth of a core
    busy while nobody asks.
    """
    queue: Any = page._queue
    queue.sleep_when_free = QUEUE_REST_S
    queue.progress_update_sleep_when_free = PROGRESS_REST_S
