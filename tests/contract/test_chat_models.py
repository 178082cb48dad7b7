"""Every kind of chat model keeps one contract: scripted server, llama.cpp, LlamaIndex LLM."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.llms.openai_like import OpenAILike

from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.chat_model import ChatModel
from assistant.llm.llama_chat import LlamaChat
from assistant.llm.messages import Message
from assistant.llm.openai_chat import OpenAIChat
from tests.llm_servers import llama_cpp
from tests.llm_servers.llama_cpp import LlamaServer
from tests.llm_servers.scripted import KEY, scripted
from tests.llm_servers.steps import Drips, Says, Status

ASKED = [Message("system", "You are brief."), Message("user", "Zähle bis drei: 一, 二, 三 🎈")]
TEXT = "Eins, zwei, drei: 一二三 🎈. [A1]"


class Parrot(CustomLLM):
    """A LlamaIndex LLM that says a text piece by piece and counts how often it is asked."""

    n_asked: int = 0
    fails_at: int = 0
    failure: str = ""
    pause: float = 0.0

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=4096, num_output=256, model_name="parrot")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text=TEXT)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> Iterator[CompletionResponse]:
        self.n_asked += 1
        assert "一, 二, 三 🎈" in prompt
        for end in range(1, len(TEXT) + 1):
            if end == self.fails_at:
                raise RuntimeError(self.failure)
            time.sleep(self.pause)
            yield CompletionResponse(text=TEXT[:end], delta=TEXT[end - 1])


@dataclass
class Subject:
    """A model to be tested, how often its server was asked, and whether it must say TEXT."""

    model: ChatModel
    n_asked: Callable[[], int] | None
    says: str | None


@pytest.fixture(params=["scripted", "llama.cpp", "LlamaIndex"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "scripted":
        with scripted(otherwise=TEXT) as server:
            model = OpenAIChat("tiny", base_url=server.url, api_key=KEY)
            yield Subject(model, lambda: len(server.requests), TEXT)
            model.close()
    elif request.param == "llama.cpp":
        llama: LlamaServer = request.getfixturevalue("llama")
        yield Subject(OpenAIChat("smollm2", base_url=llama.url, api_key=llama_cpp.KEY), None, None)
    else:
        parrot = Parrot()
        yield Subject(LlamaChat(parrot, timeout_s=60), lambda: parrot.n_asked, TEXT)


def test_the_pieces_make_the_text(subject: Subject) -> None:
    reply = subject.model.stream(ASKED, max_tokens=16)
    pieces = list(reply)
    assert len(pieces) > 1
    assert all(pieces)
    assert "".join(pieces) == reply.text
    assert reply.finish in ("stop", "length")
    if subject.says:
        assert reply.text == subject.says
        assert reply.finish == "stop"


def test_nothing_is_requested_before_the_first_piece_is_wanted(subject: Subject) -> None:
    reply = subject.model.stream(ASKED, max_tokens=16)
    assert reply.finish is None
    assert reply.text == ""
    if subject.n_asked:
        assert subject.n_asked() == 0
        next(reply)
        assert subject.n_asked() == 1


def test_a_complete_reply_is_read_to_its_end(subject: Subject) -> None:
    reply = subject.model.complete(ASKED, max_tokens=8)
    assert reply.text.strip()
    assert reply.finish is not None
    assert list(reply) == []


def test_a_reply_that_is_closed_keeps_its_text_and_counts_as_cut(subject: Subject) -> None:
    reply = subject.model.stream(ASKED, max_tokens=200)
    first = next(reply)
    reply.close()
    reply.close()
    assert list(reply) == []
    assert reply.text == first
    assert reply.finish == "cut"
    assert subject.model.complete(ASKED, max_tokens=4).text


def test_a_reply_closed_before_it_began_asks_nothing(subject: Subject) -> None:
    reply = subject.model.stream(ASKED, max_tokens=200)
    reply.close()
    assert list(reply) == []
    assert reply.finish == "cut"
    if subject.n_asked:
        assert subject.n_asked() == 0


def test_tokens_are_counted(subject: Subject) -> None:
    reply = subject.model.complete(ASKED, max_tokens=8)
    assert reply.prompt_tokens > 5
    assert 0 < reply.completion_tokens < 40


def test_the_context_window_is_known_or_not_but_never_guessed(subject: Subject) -> None:
    expected = {"openai:tiny": None, "openai:smollm2": 2048, "parrot": 4096}
    assert subject.model.context_tokens == expected[subject.model.name]


def test_two_threads_may_ask_at_once(subject: Subject) -> None:
    texts: list[str] = []

    def ask() -> None:
        texts.append(subject.model.complete(ASKED, max_tokens=4).text)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 2
    assert all(text.strip() for text in texts)


def test_an_llm_of_the_users_that_fails_before_any_text() -> None:
    model = LlamaChat(Parrot(fails_at=1, failure="secret detail"), timeout_s=60)
    with pytest.raises(ModelError, match=r"the LLM 'parrot' failed \(RuntimeError\)") as caught:
        model.complete(ASKED, max_tokens=16)
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_an_llm_of_the_users_that_fails_in_mid_answer() -> None:
    reply = LlamaChat(Parrot(fails_at=7, failure="x"), timeout_s=60).complete(ASKED, max_tokens=16)
    assert (reply.text, reply.finish) == (TEXT[:6], "cut")


def test_an_llm_of_the_users_that_has_no_room() -> None:
    model = LlamaChat(Parrot(fails_at=1, failure="maximum context length is 4"), timeout_s=60)
    with pytest.raises(ContextOverflowError, match="no room for the prompt"):
        model.complete(ASKED, max_tokens=16)


def test_an_llm_of_the_users_that_is_slow_ends_with_the_time() -> None:
    reply = LlamaChat(Parrot(pause=0.02), timeout_s=0.1).complete(ASKED, max_tokens=16)
    assert reply.finish == "deadline"
    assert reply.text == TEXT[: len(reply.text)] != TEXT


def test_an_llm_of_the_users_that_talks_to_a_server() -> None:
    script = ["Yes.", Says("Some", finish="length"), Status(401), Drips("words", every=0.05)]
    with scripted(script) as server:
        llm = OpenAILike(
            model="mine", api_base=server.url, api_key=KEY, is_chat_model=True, max_retries=0
        )
        model = LlamaChat(llm, timeout_s=60)
        assert model.complete(ASKED, max_tokens=16).finish == "stop"
        assert model.complete(ASKED, max_tokens=16).finish == "length"
        with pytest.raises(ModelError, match=r"the LLM 'mine' failed \(AuthenticationError\)"):
            model.complete(ASKED, max_tokens=16)
        reply = model.stream(ASKED, max_tokens=900)
        next(reply)
        reply.close()
        assert server.hung_up.wait(5)
