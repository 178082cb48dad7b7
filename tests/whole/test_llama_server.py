"""Replies of a real llama.cpp server: streamed, cancelled, too long, cut off by its death."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.messages import Message
from assistant.llm.openai_chat import OpenAIChat
from tests.llm_servers.llama_cpp import KEY, LlamaServer, llama_server

STORY = [Message("user", "Tell a long story about a river. Do not stop.")]


def model_of(server: LlamaServer, *, key: str = KEY, silence_s: float = 60) -> OpenAIChat:
    return OpenAIChat("smollm2", base_url=server.url, api_key=key, silence_s=silence_s)


@pytest.fixture
def own(gguf: Path) -> Iterator[LlamaServer]:
    """A server that a test may kill."""
    with llama_server(gguf, n_ctx=256) as server:
        yield server


def test_a_reply_comes_in_pieces_and_is_counted_by_the_server(llama: LlamaServer) -> None:
    reply = model_of(llama).stream(STORY, max_tokens=24)
    pieces = list(reply)
    assert len(pieces) > 10
    assert "".join(pieces) == reply.text
    assert reply.finish == "length"
    assert reply.completion_tokens == 24
    assert reply.prompt_tokens > 10


def test_closing_a_reply_stops_the_model(llama: LlamaServer) -> None:
    reply = model_of(llama).stream(STORY, max_tokens=1500)
    next(reply)
    assert llama.slots()[0]["is_processing"]
    reply.close()
    assert llama.idle_within(20)
    assert reply.finish == "cut"


def test_a_reply_may_be_closed_while_the_prompt_is_read(llama: LlamaServer) -> None:
    reply = model_of(llama).stream([Message("user", "river " * 1000)], max_tokens=20)
    thread = threading.Thread(target=lambda: list(reply))
    thread.start()
    while not llama.slots()[0]["is_processing"]:
        assert thread.is_alive()
    reply.close()
    thread.join(5)
    assert not thread.is_alive()
    assert reply.text == ""
    assert llama.idle_within(20)


def test_one_json_object_is_had_for_the_asking(llama: LlamaServer) -> None:
    ask = [Message("user", "Give a JSON object about a river.")]
    reply = model_of(llama).complete(ask, max_tokens=6, json_object=True)
    assert reply.text.lstrip().startswith("{")


def test_a_prompt_larger_than_the_window(llama: LlamaServer) -> None:
    with pytest.raises(ContextOverflowError, match="no room for the prompt"):
        model_of(llama).complete([Message("user", "river " * 4000)], max_tokens=20)


def test_a_reply_that_fills_the_window_ends_at_a_length(own: LlamaServer) -> None:
    reply = model_of(own).complete([Message("user", "river " * 200)], max_tokens=500)
    assert reply.finish == "length"
    assert 0 < reply.completion_tokens < 500


def test_a_wrong_key(llama: LlamaServer) -> None:
    with pytest.raises(ModelError, match=r"refused the key \(HTTP 401\); check the key"):
        model_of(llama, key="wrong").complete(STORY, max_tokens=5)


def test_the_window_is_asked_for(llama: LlamaServer) -> None:
    assert model_of(llama).context_tokens == 2048


def test_a_server_killed_in_mid_answer_and_started_again(own: LlamaServer) -> None:
    model = model_of(own)
    reply = model.stream(STORY, max_tokens=200)
    next(reply)
    own.kill()
    list(reply)
    assert reply.text
    assert reply.finish == "cut"
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        model.complete(STORY, max_tokens=5)
    assert caught.value.retryable
    own.start()
    assert model.complete(STORY, max_tokens=5).text


def test_a_server_that_freezes_in_mid_answer(own: LlamaServer) -> None:
    reply = model_of(own, silence_s=4).stream(STORY, max_tokens=200)
    next(reply)
    assert own.process is not None
    os.kill(own.process.pid, signal.SIGSTOP)
    os.waitpid(own.process.pid, os.WUNTRACED)
    list(reply)
    assert reply.finish == "cut"
    assert reply.text
