"""A person is asked before much is spent, where one sits at a terminal."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from assistant.cli.leave import ask_leave
from assistant.events import Event, Noticed, ReadingLimited, Retrieved
from assistant.surveys import ReadingCost

FOUND = Retrieved("q", (), 0.5)
LIMITED = ReadingLimited(160, ReadingCost(340, 412_000, 0.5))


def begin(read_all: bool) -> Generator[Event, None, None]:
    yield FOUND
    if not read_all:
        yield LIMITED
    yield Noticed("all were read" if read_all else "some were read")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns what was asked; the answers are set by the test."""
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    return asked


def answering(monkeypatch: pytest.MonkeyPatch, asked: list[str], reply: str | None) -> list[Event]:
    def read(prompt: str) -> str:
        asked.append(prompt)
        if reply is None:
            raise EOFError
        return reply

    monkeypatch.setattr("builtins.input", read)
    return list(ask_leave(begin, read_all=False))


@pytest.mark.parametrize("reply", ["y", " YES "])
def test_all_are_read_where_a_person_says_so(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], reply: str
) -> None:
    assert answering(monkeypatch, typed, reply) == [FOUND, Noticed("all were read")]
    assert typed == [
        "The LLM reads the 160 closest abstracts. Read the other 340 too? That takes about "
        "412,000 tokens, about 0.50 USD more [y/N] "
    ]


@pytest.mark.parametrize("reply", ["", "n", "what?", None])
def test_the_closest_are_read_otherwise(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], reply: str | None
) -> None:
    assert answering(monkeypatch, typed, reply) == [FOUND, LIMITED, Noticed("some were read")]


def test_nobody_is_asked_where_no_one_types(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert answering(monkeypatch, asked, "y")[-1] == Noticed("some were read")
    assert asked == []


def test_leave_that_was_given_is_not_asked_for(typed: list[str]) -> None:
    assert list(ask_leave(begin, read_all=True)) == [FOUND, Noticed("all were read")]
    assert typed == []
