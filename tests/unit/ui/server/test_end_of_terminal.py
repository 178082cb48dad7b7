"""The page ends at SIGHUP as at SIGTERM, but where nohup has it go on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any, cast

import pytest
import uvicorn
from assistant_ui.server.server import _Server


@pytest.fixture
def server() -> Iterator[_Server]:
    usual = signal.getsignal(signal.SIGHUP)
    nothing: Any = None
    yield _Server(uvicorn.Config(cast("Any", lambda: None)), nothing, nothing, nothing)
    signal.signal(signal.SIGHUP, usual)


def test_the_end_of_the_terminal_ends_the_page_and_is_handed_on(server: _Server) -> None:
    heard: list[int] = []
    signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
    with server.capture_signals():
        signal.raise_signal(signal.SIGHUP)
        assert server.should_exit
        assert heard == []
    assert heard == [signal.SIGHUP]


def test_a_page_under_nohup_goes_on(server: _Server) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with server.capture_signals():
        signal.raise_signal(signal.SIGHUP)
    assert not server.should_exit
