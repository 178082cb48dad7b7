from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr
import pytest
from assistant_ui.server.limits import Limits, let_queue_rest

from assistant.errors import QuestionError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_second_question_is_refused_while_the_first_is_answered() -> None:
    limits = Limits()
    with (
        limits.asking("ann"),
        pytest.raises(QuestionError, match="one question at a time"),
        limits.asking("ann"),
    ):
        pass


def test_others_may_ask_meanwhile() -> None:
    limits = Limits()
    with limits.asking("ann"), limits.asking("ben"):
        pass


def test_the_place_is_free_again_after_a_failure() -> None:
    limits = Limits()
    with pytest.raises(ZeroDivisionError), limits.asking("ann"):
        raise ZeroDivisionError
    with limits.asking("ann"):
        pass


def test_a_refused_question_does_not_free_the_place() -> None:
    limits = Limits()
    with limits.asking("ann"):
        for _ in range(2):
            with pytest.raises(QuestionError), limits.asking("ann"):
                pass


def test_the_minute_says_when_to_go_on() -> None:
    clock = Clock()
    limits = Limits(max_per_minute=2, clock=clock)
    for _ in range(2):
        with limits.asking("ann"):
            clock.now += 10
    with pytest.raises(QuestionError, match=r"asked 2 questions within a minute.* in 40 s"):
        limits._enter("ann")
    with limits.asking("ben"):
        pass
    clock.now += 40
    with limits.asking("ann"):
        pass


def test_visitors_who_went_are_forgotten() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    for visitor in range(100):
        with limits.asking(str(visitor)):
            pass
    clock.now += 61
    with limits.asking("ann"):
        pass
    assert set(limits._asked_at) == {"ann"}


def test_a_queue_that_nobody_uses_rests() -> None:
    async def rests() -> tuple[list[float], list[float]]:
        # Where no event loop runs, Gradio makes one and never closes it.
        page = gr.Blocks()
        queue: Any = page._queue
        before = [queue.sleep_when_free, queue.progress_update_sleep_when_free]
        let_queue_rest(page)
        return before, [queue.sleep_when_free, queue.progress_update_sleep_when_free]

    before, after = asyncio.run(rests())
    assert all(new > old for old, new in zip(before, after, strict=True))
