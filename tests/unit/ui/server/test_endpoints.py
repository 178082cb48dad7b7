from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from assistant_ui.server.endpoints import (
    EndpointError,
    Turnstile,
    filters_of,
    optional_whole,
    text_of,
    whole,
)

from assistant.errors import QuestionError
from assistant.types import Filters


@pytest.mark.parametrize("value", [1, 10, 10.0, 100])
def test_whole_numbers_in_range(value: float) -> None:
    assert whole("top_k", value, 1, 100) == value


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), "5", 1.5, True, None, [], {}, "x" * 10**6, 1e400],
)
def test_what_is_no_whole_number(value: Any) -> None:
    with pytest.raises(QuestionError, match=r"top_k .*not a whole number") as caught:
        whole("top_k", value, 1, 100)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("value", [0, -1, 101, 10**6, 1e30, 10**60])
def test_numbers_out_of_range(value: Any) -> None:
    with pytest.raises(QuestionError, match=r"top_k .* is out of range; give 1 to 100") as caught:
        whole("top_k", value, 1, 100)
    assert len(str(caught.value)) < 120


def test_a_number_too_long_to_be_written() -> None:
    with pytest.raises(QuestionError, match="top_k of more than 40 digits is out of range"):
        whole("top_k", 10**5000, 1, 100)


def test_what_was_not_given() -> None:
    assert optional_whole("sentences", None, 1, 20) is None


def test_filters() -> None:
    assert filters_of(None, None, None) is None
    assert filters_of(2020, 2021.0, ["a"]) == Filters(
        year_from=2020, year_to=2021, paper_ids=("a",)
    )


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ((2021, 2020, None), "year_from 2021 is after year_to 2020"),
        (("2020", None, None), "year_from '2020' is not a whole number"),
        ((None, 10**6, None), "year_to 1000000 is out of range"),
        ((None, None, "a"), "paper_ids is not a list"),
        ((None, None, [1]), "paper_ids is not a list"),
        ((None, None, {"a": 1}), "paper_ids is not a list"),
        ((None, None, ["a"] * 1001), "1,001 ids"),
    ],
)
def test_filters_that_cannot_be_used(filters: tuple[Any, Any, Any], message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        filters_of(*filters)


def test_texts() -> None:
    assert text_of("claim", "a", 1) == "a"
    with pytest.raises(QuestionError, match="claim is not a text"):
        text_of("claim", 5)
    with pytest.raises(QuestionError, match="claim has 2 characters"):
        text_of("claim", "ab", 1)


def test_no_more_calls_work_at_once_than_there_are_places() -> None:
    running, most = 0, 0
    lock = threading.Lock()
    go_on = threading.Event()

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == 2:
                go_on.set()
        go_on.wait(10)
        with lock:
            running -= 1

    async def run() -> None:
        turnstile = Turnstile(n_places=2, n_waiting=100)
        await asyncio.gather(*(turnstile.work(call) for _ in range(30)))

    asyncio.run(run())
    assert most == 2


def test_who_would_wait_too_long_is_told_so_and_places_are_free_again() -> None:
    let_go = threading.Event()

    async def run() -> list[Any]:
        turnstile = Turnstile(n_places=1, n_waiting=1)
        calls = [asyncio.create_task(turnstile.work(lambda: let_go.wait(10))) for _ in range(4)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        let_go.set()
        results: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
        return [*results, await turnstile.work(lambda: "again")]

    first, second, *refused, again = asyncio.run(run())
    assert (first, second, again) == (True, True, "again")
    assert all(isinstance(error, EndpointError) for error in refused)
    assert "The page is busy: 2 calls are waiting" in str(refused[0])


def test_failures_reach_the_caller_as_one_sentence() -> None:
    async def run(error: Exception) -> str:
        def fail() -> None:
            raise error

        with pytest.raises(EndpointError) as caught:
            await Turnstile(n_places=1, n_waiting=1).work(fail)
        return str(caught.value)

    assert asyncio.run(run(QuestionError("ask something"))) == "ask something"
    assert "Something failed here (id" in asyncio.run(run(KeyError("/home/ann")))
