"""Why a reply ended, with and without text."""

from __future__ import annotations

import pytest

from assistant.llm.ending import Ending


def ending(*finishes: str | None, refused: bool = False, called_tool: bool = False) -> Ending:
    seen = Ending(max_tokens=64)
    for finish in finishes:
        seen.note(finish, refused=refused, called_tool=called_tool)
    return seen


@pytest.mark.parametrize(
    ("finishes", "end"),
    [
        (["stop"], "stop"),
        ([None, "stop", None], "stop"),
        (["eos"], "stop"),
        (["length"], "length"),
        (["max_tokens"], "length"),
        ([None, None], "cut"),
        ([], "cut"),
        (["content_filter"], "filtered"),
        (["tool_calls"], "cut"),
    ],
)
def test_the_end_of_text(finishes: list[str | None], end: str) -> None:
    assert ending(*finishes).of_text() == end


def test_a_refusal_within_text_is_no_end_of_it() -> None:
    assert ending("stop", refused=True).of_text() == "cut"
    assert ending("stop", called_tool=True).of_text() == "cut"


def test_every_reply_without_text_says_what_to_do() -> None:
    page = ending()
    page.page = True
    thinking = ending("length")
    thinking.thinks = True
    endings = [
        page,
        ending("stop"),
        ending("length"),
        thinking,
        ending("stop", refused=True),
        ending("content_filter"),
        ending("tool_calls"),
        ending(None, called_tool=True),
    ]
    errors = [each.without_text("the LLM 'x'") for each in endings]
    assert len({str(error) for error in errors}) == 7
    assert all(error.pause is None and not error.error.retryable for error in errors)
    assert all("check " in str(error) or "choose " in str(error) for error in errors)


def test_a_stream_that_broke_before_any_text_is_worth_another_try() -> None:
    failed = ending().without_text("the LLM 'x'")
    assert failed.error.retryable
    assert failed.pause is not None
