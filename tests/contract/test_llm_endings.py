"""Replies that end early: kept as far as they came, and their end is told as it was."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from assistant.errors import ModelError
from tests.llm_servers.asking import ASKED, model_of, reply_to
from tests.llm_servers.scripted import Turn, scripted
from tests.llm_servers.steps import (
    Breaks,
    Drips,
    Says,
    Status,
    Stream,
    chunk,
)


@pytest.mark.parametrize(
    ("step", "finish"),
    [
        (Breaks("reset", "Some words came"), "cut"),
        (Breaks("cut", "Some words came"), "cut"),
        (Stream([chunk({"content": "Some words came"}), b"data: {oops\n\n"]), "cut"),
        (Stream([chunk({"content": "Some words came"}), {"error": {"message": "x"}}]), "cut"),
        (Says("Some words came", finish=None), "cut"),
        (Says("Some words came", finish="content_filter"), "filtered"),
        (Says("Some words came", finish="length"), "length"),
        (Says("Some words came"), "stop"),
    ],
)
def test_text_that_came_is_kept_and_its_end_is_honest(step: Turn, finish: str) -> None:
    reply = reply_to([step])
    assert reply.text == "Some words came"
    assert reply.finish == finish


def test_a_stream_that_stalls_is_cut() -> None:
    reply = reply_to([Breaks("hang", "Some words came")], silence_s=0.3)
    assert (reply.text, reply.finish) == ("Some words came", "cut")


@pytest.mark.parametrize("what", ["words", "comments"])
def test_a_trickle_ends_with_the_time_for_a_reply(what: str) -> None:
    reply = reply_to([Drips(what, every=0.05, text="Some words")], timeout_s=1)
    assert reply.text.startswith("Some words")
    assert reply.finish == "deadline"


def test_an_endless_stream_ends_at_a_length() -> None:
    reply = reply_to([Drips("words")], max_tokens=50)
    assert reply.finish == "length"
    assert 50 <= len(reply.text) <= 50 * 12 + 10


def test_a_server_that_keeps_the_line_open_after_the_end_is_not_waited_for() -> None:
    class Lingers:
        def answer(self, wire: object) -> None:
            Says("All of it.").begin(wire)  # type: ignore[arg-type]
            wire.event(chunk({}, "stop"))  # type: ignore[attr-defined]
            wire.wait(60)  # type: ignore[attr-defined]

    reply = reply_to([Lingers()])
    assert (reply.text, reply.finish) == ("All of it.", "stop")


def test_closing_hangs_up() -> None:
    with scripted([Drips("words", every=0.05)]) as server:
        reply = model_of(server).stream(ASKED, max_tokens=5000)
        assert next(reply).strip() == "quux"
        reply.close()
        assert server.hung_up.wait(5)
        assert reply.finish == "cut"


def test_a_forgotten_reply_hangs_up() -> None:
    with scripted([Drips("words", every=0.05)]) as server:
        reply = model_of(server).stream(ASKED, max_tokens=5000)
        next(reply)
        del reply
        gc.collect()
        assert server.hung_up.wait(5)


def test_a_generator_that_is_closed_hangs_up() -> None:
    with scripted([Drips("words", every=0.05)]) as server:
        model = model_of(server)

        def shown() -> object:
            yield from model.stream(ASKED, max_tokens=5000)

        pieces = shown()
        next(pieces)  # type: ignore[call-overload]
        pieces.close()  # type: ignore[attr-defined]
        del pieces
        assert server.hung_up.wait(5)


@pytest.mark.parametrize("text", ["", "Some words"])
def test_closing_wakes_a_thread_that_waits_for_a_silent_server(text: str) -> None:
    with scripted([Breaks("hang", text)]) as server:
        reply = model_of(server, silence_s=60, timeout_s=60).stream(ASKED, max_tokens=5000)
        came: list[str] = []
        thread = threading.Thread(target=lambda: came.extend(reply))
        thread.start()
        while not server.requests or "".join(came).split() != text.split():
            time.sleep(0.01)
        reply.close()
        thread.join(5)
        assert not thread.is_alive()
        assert "".join(came).split() == text.split()
        assert reply.finish == "cut"


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with scripted(["Yes.", Breaks("cut", "Some"), Status(401)]) as server:
        model = model_of(server)
        model.complete(ASKED, max_tokens=5)
        model.complete(ASKED, max_tokens=5)
        with pytest.raises(ModelError):
            model.complete(ASKED, max_tokens=5)
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.02)
    assert threading.active_count() == before
