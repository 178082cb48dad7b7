"""Which sentence a status and body become, and what is read out of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from assistant.errors import ContextOverflowError
from assistant.llm import faults
from assistant.servers.http import retry_after

SERVER = "the LLM server 'http://here/v1'"
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SENT = frozenset({"temperature", "max_tokens", "stream_options"})


def error_body(**error: object) -> str:
    return json.dumps({"error": {"message": "no", **error}})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("1.5", 1.5),
        (" 20 ", 20.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:00:30 -0000", None),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("inf", None),
        ("nan", None),
        ("9" * 30, None),
        ("١٢", 12.0),
    ],
)
def test_how_long_a_server_asks_to_wait(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_server_that_asks_nothing() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    ("asked", "pause", "says"),
    [
        (None, faults.FIRST_PAUSE_S, "try again later"),
        ("0", 0.0, "try again in 1 s"),
        ("20", 20.0, "try again in 20 s"),
        ("20.4", None, "try again in 20 s"),
        ("3600", None, "try again in 3600 s"),
    ],
)
def test_only_a_short_wait_is_waited(asked: str | None, pause: float | None, says: str) -> None:
    headers = {} if asked is None else {"retry-after": asked}
    failed = faults.refused(SERVER, "tiny", 429, "", headers=headers, now=NOW)
    assert failed.pause == pause
    assert str(failed.error) == f"{SERVER} is busy (HTTP 429); {says}"
    assert failed.error.retryable


@pytest.mark.parametrize("status", [400, 402, 404, 405, 408, 409, 413, 422, 429, 500, 529])
def test_no_status_repeats_what_the_server_wrote(status: int) -> None:
    body = error_body(message="sk-secret context of billing 日本語", code="x", param="temperature")
    failed = faults.refused(SERVER, "tiny", status, body, headers={}, now=NOW)
    message = str(failed.error)
    assert "secret" not in message
    assert message.startswith(SERVER)
    assert f"HTTP {status}" in message
    assert ";" in message or ":" in message.removeprefix(SERVER)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error_body(code="context_length_exceeded")),
        (400, error_body(message="This model's maximum context length is 4096 tokens. However")),
        (400, error_body(type="exceed_context_size_error")),
        (400, error_body(message="the request exceeds the available context size, try increasing")),
        (400, '{"detail": "Prompt is too long for the model"}'),
        (413, error_body(message="input exceeds the context window")),
        (500, error_body(message="context length exceeded")),
        (None, error_body(message="context window is full")),
    ],
)
def test_a_prompt_that_does_not_fit(status: int | None, body: str) -> None:
    assert faults.is_too_long(status, body)
    failed = faults.refused(SERVER, "tiny", status or 400, body, headers={})
    assert isinstance(failed.error, ContextOverflowError)
    assert failed.pause is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error_body(message="max_tokens is too large: 9000")),
        (400, ""),
        (400, "\ufffd\x00"),
        (429, error_body(message="too many tokens per minute")),
        (404, error_body(message="no model with that context length")),
    ],
)
def test_what_is_not_about_the_window(status: int, body: str) -> None:
    assert not faults.is_too_long(status, body)


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (400, error_body(param="max_tokens", code="unsupported_parameter"), "max_tokens"),
        (400, error_body(param="temperature", code="unsupported_value"), "temperature"),
        (400, error_body(message="Unsupported parameter: 'max_tokens' is not"), "max_tokens"),
        (
            422,
            '{"detail": [{"loc": ["body", "stream_options"], "msg": "extra"}]}',
            "stream_options",
        ),
        (400, error_body(param="response_format", code="unsupported_parameter"), None),
        (400, error_body(param=3, code="unsupported_parameter"), None),
        (400, error_body(message="temperature must be below 2"), None),
        (400, "[]", None),
        (400, "", None),
        (500, error_body(param="temperature", code="unsupported_value"), None),
    ],
)
def test_which_parameter_is_refused(status: int, body: str, name: str | None) -> None:
    assert faults.find_refused_parameter(status, body, SENT) == name


def test_a_page_is_a_wrong_address_but_not_where_the_server_fails() -> None:
    wrong = faults.refused(SERVER, "tiny", 404, "<html>", headers={}, page=True)
    assert "web page (HTTP 404): check ASSISTANT_LLM_BASE_URL, it usually ends in /v1" in str(wrong)
    failing = faults.refused(SERVER, "tiny", 502, "<html>", headers={}, page=True)
    assert "failed (HTTP 502)" in str(failing)
    assert failing.pause == faults.FIRST_PAUSE_S


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (400, '{"message": "System role not supported", "param": null}', True),
        (500, error_body(message="jinja: System role not supported"), True),
        (400, error_body(message="a system message is not supported"), True),
        (400, error_body(message="the system is down"), False),
        (401, "System role not supported", False),
    ],
)
def test_templates_without_a_system_role(status: int, body: str, refused: bool) -> None:
    assert faults.refuses_system_role(status, body) == refused
