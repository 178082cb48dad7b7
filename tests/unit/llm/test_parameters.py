"""What is sent to which model."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.llm.messages import Message
from assistant.llm.parameters import Parameters


def sent(model: str, *, is_openai: bool = True, json_object: bool = False) -> dict[str, object]:
    return Parameters(model, is_openai=is_openai).of_request(100, json_object=json_object)


@pytest.mark.parametrize("model", ["gpt-4.1-mini", "gpt-4o", "gpt-5-chat-latest", "gpt-4"])
def test_models_that_take_a_temperature(model: str) -> None:
    assert sent(model) == {
        "temperature": 0.0,
        "max_tokens": 100,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(
    ("model", "effort"),
    [
        ("gpt-5-mini", "minimal"),
        ("gpt-5-nano-2025-08-07", "minimal"),
        ("gpt-5.4-mini", "none"),
        ("gpt-5.1", "none"),
        ("o4-mini", "low"),
        ("o3", "low"),
    ],
)
def test_reasoning_models_think_little_and_get_room_for_it(model: str, effort: str) -> None:
    parameters = sent(model)
    assert "temperature" not in parameters
    assert "max_tokens" not in parameters
    assert parameters["reasoning_effort"] == effort
    assert parameters["max_completion_tokens"] == 100 + 2048


def test_other_servers_models_are_not_judged_by_their_names() -> None:
    assert sent("gpt-5-mini", is_openai=False)["max_tokens"] == 100
    assert "reasoning_effort" not in sent("gpt-5-mini", is_openai=False)


def test_json_is_asked_for() -> None:
    assert sent("x", is_openai=False, json_object=True)["response_format"] == {
        "type": "json_object"
    }


def test_what_is_refused_stays_away() -> None:
    parameters = Parameters("tiny", is_openai=False)
    for name in ("temperature", "max_tokens", "stream_options", "response_format"):
        parameters.leave_out(name)
    again = parameters.of_request(100, json_object=True)
    assert again == {"max_completion_tokens": 2148}
    parameters.leave_out("max_completion_tokens")
    assert parameters.of_request(100, json_object=True) == {}


def test_only_llama_cpp_reports_progress() -> None:
    parameters = Parameters("tiny", is_openai=False)
    assert parameters.of_request(9, json_object=False, progress=True)["return_progress"] is True
    assert "return_progress" not in parameters.of_request(9, json_object=False)


@pytest.mark.parametrize(
    ("messages", "merged"),
    [
        ([("system", "a"), ("user", "b")], [("user", "a\n\nb")]),
        (
            [("system", "a"), ("user", "b"), ("assistant", "c"), ("user", "d")],
            [("user", "a\n\nb"), ("assistant", "c"), ("user", "d")],
        ),
        ([("system", "a"), ("assistant", "c")], [("user", "a"), ("assistant", "c")]),
        ([("system", "a")], [("user", "a")]),
        ([("user", "b")], [("user", "b")]),
    ],
)
def test_instructions_without_a_role_of_their_own(
    messages: list[tuple[Any, str]], merged: list[tuple[Any, str]]
) -> None:
    parameters = Parameters("gemma", is_openai=False)
    said = [Message(*each) for each in messages]
    assert parameters.of_messages(said) == said
    parameters.system_role = False
    assert parameters.of_messages(said) == [Message(*each) for each in merged]
