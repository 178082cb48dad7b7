"""The whole path with a real llama.cpp server: its prose is nonsense, its protocol is real."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.events import Done, Event, Replaced, SentenceStarted, TextAdded
from tests.llm_servers.llama_cpp import KEY, LlamaServer, llama_server

pytestmark = pytest.mark.slow

QUESTION = "How much faster does speculative decoding make T5-XXL?"


@pytest.fixture(scope="module")
def server(gguf: Path) -> Iterator[LlamaServer]:
    # Room for the prompt, one abstract and a short reply: nonsense is soon long enough.
    with llama_server(gguf, n_ctx=1600) as running:
        yield running


@pytest.fixture
def assistant(starter: Path, server: LlamaServer) -> Iterator[Assistant]:
    with Assistant.open(
        home=starter,
        library="starter",
        llm="openai:smollm2",
        llm_base_url=server.url,
        llm_api_key=KEY,
        unsupported="flag",
    ) as opened:
        yield opened


def hold_to_contract(assistant: Assistant, answer: Answer) -> None:
    assert answer.abstained or answer.sentences
    for sentence in answer.sentences:
        assert sentence.verdict in ("verbatim", "supported", "unsupported", "unchecked")
        assert 0 <= sentence.score <= 1
        for citation in sentence.citations:
            assert citation.is_in(assistant.paper(citation.paper_id))


def test_an_answer_streams_and_keeps_the_contract(assistant: Assistant) -> None:
    events: list[Event] = list(assistant.stream(QUESTION))
    done = events[-1]
    assert isinstance(done, Done)
    answer = done.answer
    hold_to_contract(assistant, answer)
    assert answer.mode == "llm"
    assert answer.usage.prompt_tokens > 300
    assert answer.usage.completion_tokens > 0
    # The window was asked of the server, and too small for all papers.
    assert any("context window held" in notice for notice in answer.notices)
    started = [e.index for e in events if isinstance(e, SentenceStarted)]
    assert started == list(range(len(started)))
    gone = {e.index for e in events if isinstance(e, Replaced)}
    texts = {
        i: "".join(e.text for e in events if isinstance(e, TextAdded) and e.index == i)
        for i in started
    }
    assert [texts[i] for i in started if i not in gone] == [s.text for s in answer.sentences]


def test_closing_the_stream_frees_the_server(assistant: Assistant, server: LlamaServer) -> None:
    events = assistant.stream(QUESTION)
    for event in events:
        if isinstance(event, TextAdded):
            break
    events.close()
    assert server.idle_within(20)


def test_a_server_killed_in_mid_answer_and_started_again(
    gguf: Path, starter: Path, server: LlamaServer
) -> None:
    with (
        llama_server(gguf, n_ctx=1600) as own,
        Assistant.open(
            home=starter,
            library="starter",
            llm="openai:smollm2",
            llm_base_url=own.url,
            llm_api_key=KEY,
            unsupported="flag",
        ) as assistant,
    ):
        events = assistant.stream(QUESTION)
        answer: Answer | None = None
        for event in events:
            if isinstance(event, TextAdded) and own.process is not None:
                own.kill()
            if isinstance(event, Done):
                answer = event.answer
        assert answer is not None
        assert not answer.complete
        assert any("the connection to the LLM broke off" in notice for notice in answer.notices)
        hold_to_contract(assistant, answer)

        away = assistant.ask(QUESTION)
        assert {s.verdict for s in away.sentences} == {"verbatim"}
        assert any(notice.endswith("these are quotations") for notice in away.notices)

        own.start()
        hold_to_contract(assistant, assistant.ask(QUESTION))


def test_a_gguf_file_in_process(gguf: Path, starter: Path) -> None:
    # In a process of its own: llama.cpp's threads do not end with a test.
    code = (
        "from assistant import Assistant\n"
        f"with Assistant.open(home={str(starter)!r}, library='starter', llm='gguf:{gguf}',"
        " llm_context=1600, threads=1, unsupported='flag') as assistant:\n"
        f"    answer = assistant.ask({QUESTION!r})\n"
        "    print(answer.model, answer.mode, answer.usage.completion_tokens > 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1].startswith(f"gguf:{gguf.name} llm True")
