"""How large a window is, read from what servers say of themselves."""

from __future__ import annotations

import pytest

from assistant.llm.context import ServerFacts, ask_server, facts_of, look_up_context
from assistant.llm.server_attempt import Endpoint


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4", 8_192),
        ("gpt-4-0613", 8_192),
        ("gpt-4-0125-preview", 128_000),
        ("gpt-4-32k-0613", 32_768),
        ("gpt-4-turbo-2024-04-09", 128_000),
        ("gpt-4o-mini", 128_000),
        ("gpt-4.1-nano", 128_000),
        ("gpt-3.5-turbo", 16_385),
        ("gpt-5.4-mini", 128_000),
        ("something-new", 128_000),
    ],
)
def test_openais_windows(model: str, tokens: int) -> None:
    assert look_up_context(model) == tokens


@pytest.mark.parametrize(
    ("listed", "facts"),
    [
        (
            {"data": [{"id": "/m.gguf", "owned_by": "llamacpp", "meta": {"n_ctx": 2048}}]},
            ServerFacts(2048, reports_progress=True),
        ),
        ({"data": [{"id": "tiny", "max_model_len": 4096}]}, ServerFacts(4096)),
        ({"data": [{"id": "tiny", "context_length": 9000}, {"id": "b"}]}, ServerFacts(9000)),
        ({"data": [{"id": "tiny", "context_window": 8000}]}, ServerFacts(8000)),
        ({"data": [{"id": "tiny", "owned_by": "library"}]}, ServerFacts(4096)),
        ({"data": [{"id": "tiny", "meta": None, "max_model_len": "4096"}]}, ServerFacts()),
        ({"data": [{"id": "tiny", "max_model_len": True}]}, ServerFacts()),
        ({"data": [{"id": "tiny", "max_model_len": -1}]}, ServerFacts()),
        (
            {"data": [{"id": "a", "max_model_len": 1}, {"id": "b", "max_model_len": 2}]},
            ServerFacts(),
        ),
        ({"data": []}, ServerFacts()),
        ({"data": "tiny"}, ServerFacts()),
        ({"data": [None, 3, "tiny"]}, ServerFacts()),
        ({}, ServerFacts()),
        ([], ServerFacts()),
        (None, ServerFacts()),
    ],
)
def test_what_a_list_of_models_says(listed: object, facts: ServerFacts) -> None:
    assert facts_of(listed, "tiny") == facts


def test_a_server_that_is_not_there_is_no_error_and_no_answer() -> None:
    assert ask_server(Endpoint("tiny", "http://127.0.0.1:9/v1", "key", 5.0), "openai") is None
