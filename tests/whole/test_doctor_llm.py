"""``assistant doctor`` asks the model that is configured, and says how to configure one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.llm_servers.scripted import KEY, scripted
from tests.llm_servers.steps import Status

Command = Callable[..., Any]


def line(printed: str, part: str) -> str:
    """Returns the line about ``part`` and the one after it."""
    lines = printed.splitlines()
    at = next(i for i, found in enumerate(lines) if f"{part}:" in found[:16])
    return "\n".join(lines[at : at + 2])


def test_without_a_model_it_says_how_to_have_one(command: Command, starter: Path) -> None:
    said = line(command("doctor").out, "LLM")
    assert said.startswith("ok    LLM: none: answers are quotations, word for word\n")
    assert "OPENAI_API_KEY" in said
    assert "gguf:FILE" in said


def test_it_says_what_came_back(
    command: Command, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {"data": [{"id": "tiny", "max_model_len": 4096}]}
    with scripted(["ready", "Ready, always and evermore. " * 9], models=rows) as server:
        monkeypatch.setenv("ASSISTANT_LLM", "openai:tiny")
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_JUDGE", "openai:wise")
        ran = command("doctor")
        assert [request["model"] for request in server.requests] == ["tiny", "wise"]
        assert {request["max_tokens"] for request in server.requests} == {16}
    assert ran.code == 0
    assert line(ran.out, "LLM").startswith("ok    LLM: openai:tiny says 'ready' after ")
    assert "context: 4,096 tokens" in line(ran.out, "LLM")
    assert "judge: openai:wise says 'Ready, always" in line(ran.out, "judge")
    assert len(line(ran.out, "judge").splitlines()[0]) < 200


def test_a_model_that_fails_is_a_failed_check(
    command: Command, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted([Status(401)]) as server:
        monkeypatch.setenv("ASSISTANT_LLM", "openai:tiny")
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_LLM_API_KEY", KEY)
        ran = command("doctor")
    assert ran.code == 1
    assert line(ran.out, "LLM").startswith("FAIL  LLM: the LLM server 'http://127.0.0.1:")
    assert "refused the key (HTTP 401); check the key" in line(ran.out, "LLM")
