"""``assistant setup`` and ``assistant doctor --models`` against servers on loopback ports."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.servers.providers import PROVIDERS
from assistant.settings import find_user_file
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted
from tests.llm_servers.steps import Status

Command = Callable[..., Any]
Serve = Callable[..., ScriptedServer]

LOCAL = [name for name, provider in PROVIDERS.items() if provider.is_local]
NO_SERVER = "http://127.0.0.1:9/v1"


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serves the models of a local provider; at its usual address is nobody until then."""
    for name in LOCAL:
        monkeypatch.setitem(PROVIDERS, name, replace(PROVIDERS[name], url=NO_SERVER))
    with ExitStack() as stack:

        def start(provider: str | None, *models: str, otherwise: Any = None) -> ScriptedServer:
            rows = {"data": [{"id": model} for model in models]}
            server = stack.enter_context(scripted(models=rows, otherwise=otherwise or _reply))
            if provider is not None:
                moved = replace(PROVIDERS[provider], url=server.url)
                monkeypatch.setitem(PROVIDERS, provider, moved)
            return server

        yield start


def _reply(request: dict[str, Any]) -> str:
    """Quotes the sentence on T5-XXL with the label that it has in the prompt."""
    prompt = request["messages"][-1]["content"]
    found = re.search(r"^\[(\w+)\] (On T5-XXL .+)$", prompt, re.MULTILINE)
    assert found is not None
    return f"{found[2]} [{found[1]}]"


def written() -> str | None:
    file = find_user_file()
    return file.read_text(encoding="utf-8") if file.exists() else None


def test_the_first_model_that_writes_is_tried_and_written(
    command: Command, starter: Path, serve: Serve
) -> None:
    ollama = serve("ollama", "nomic-embed-text", "qwen3:8b", "llama3")
    serve("vllm", "big")
    ran = command("setup", "--yes")
    assert ran.code == 0, ran.err
    assert {request["model"] for request in ollama.requests} == {"qwen3:8b"}
    assert set(ollama.keys) == {"none"}
    assert "Asking ollama:qwen3:8b over the starter library" in ran.out
    assert "2X to 3X faster" in ran.out
    assert re.search(r"\d\.\d s, loading included\.", ran.out)
    assert written() == 'llm = "ollama:qwen3:8b"\n'
    assert f"Written to {find_user_file()}." in ran.out
    asked = command("ask", "How much faster does speculative decoding make T5-XXL?", "--json")
    assert json.loads(asked.out)["model"] == "ollama:qwen3:8b"


@pytest.mark.parametrize(
    ("lines", "llm"),
    [
        (("2", "y"), "lmstudio:b"),
        (("", "y"), "ollama:a"),
        (("0", "9", "b", "ollama:other", ""), "ollama:other"),
        (("1", "n"), None),
        (("1",), None),
        ((), None),
    ],
)
def test_the_user_chooses_and_says_yes(
    command: Command,
    starter: Path,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    llm: str | None,
) -> None:
    serve("ollama", "a")
    serve("lmstudio", "b")
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    ran = command("setup")
    assert "  1  ollama:a\n  2  lmstudio:b\n" in ran.out
    assert written() == (f'llm = "{llm}"\n' if llm else None)


def test_a_server_elsewhere_is_written_with_its_address_and_without_its_key(
    command: Command, starter: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(None, "m")
    monkeypatch.setenv("ASSISTANT_LLM_API_KEY", KEY)
    monkeypatch.setenv("ASSISTANT_LLM", "ollama:from-before")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-never")
    ran = command("setup", "--base-url", server.url, "--yes")
    assert ran.code == 0, ran.err
    assert set(server.keys) == {KEY}
    assert written() == f'llm = "openai:m"\nllm_base_url = "{server.url}"\n'
    assert "ASSISTANT_LLM or an assistant.toml here names another LLM" in ran.err
    monkeypatch.delenv("ASSISTANT_LLM")
    # The address of one choice is not left to the next.
    serve("ollama", "a")
    assert command("setup", "--yes").code == 0
    assert written() == 'llm = "ollama:a"\n'


def test_a_named_model_needs_no_looking_and_its_key_is_named(
    command: Command, starter: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("openrouter", "x/y")
    ran = command("setup", "--llm", "openrouter:x/y", "--yes")
    assert (ran.code, written()) == (2, None)
    assert "needs a key; set OPENROUTER_API_KEY" in ran.err
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    ran = command("setup", "--llm", "openrouter:x/y", "--yes")
    assert ran.code == 0, ran.err
    assert set(server.keys) == {KEY}
    assert "keep OPENROUTER_API_KEY set" in ran.out
    assert written() == 'llm = "openrouter:x/y"\n'


@pytest.mark.parametrize("fault", [Status(500), Status(401)])
def test_a_model_that_does_not_answer_is_not_written(
    command: Command, starter: Path, serve: Serve, fault: Status
) -> None:
    serve("ollama", "a", otherwise=fault)
    ran = command("setup", "--yes")
    assert ran.code != 0
    assert ran.err.splitlines()[-1].startswith("assistant: ")
    assert "Traceback" not in ran.err
    assert written() is None


def test_where_there_is_none_it_says_what_to_install(command: Command, serve: Serve) -> None:
    for ran in (command("setup"), command("setup", "--yes"), command("doctor", "--models")):
        assert ran.code == 1
        assert ran.out.startswith(
            "No LLM was found at the address of Ollama (http://127.0.0.1:9/v1), "
        )
        assert all(PROVIDERS[name].title in ran.out for name in LOCAL)
        assert "setup --llm openrouter:MODEL" in ran.out
    assert written() is None


def test_an_embedder_is_no_llm(command: Command, serve: Serve) -> None:
    ollama = serve("ollama", "nomic-embed-text")
    ran = command("setup", "--yes")
    assert (ran.code, written()) == (1, None)
    assert ran.out.startswith(f"No LLM was found at the address of {ollama.url}.")


def test_a_name_that_is_none_is_said(command: Command, serve: Serve) -> None:
    ran = command("setup", "--llm", "mistral:large")
    assert ran.code == 2
    assert "llm: 'mistral:large' cannot be used; use auto, none, PROVIDER:MODEL" in ran.err


def test_the_doctor_lists_what_runs_here(command: Command, serve: Serve) -> None:
    ollama = serve("ollama", "qwen3:8b", "llama3")
    serve("llamacpp", "m.gguf")
    ran = command("doctor", "--models")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"Ollama at {ollama.url}",
        "  ollama:qwen3:8b",
        "  ollama:llama3",
        f"llama.cpp at {PROVIDERS['llamacpp'].url}",
        "  llamacpp:m.gguf",
    ]
    listed = json.loads(command("doctor", "--models", "--json").out)["servers"]
    assert [server["title"] for server in listed] == ["Ollama", "llama.cpp"]
    assert listed[0]["names"] == ["ollama:qwen3:8b", "ollama:llama3"]


def test_the_doctor_lists_what_the_configured_server_has(
    command: Command, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("ollama", "other")
    server = serve(None, "m")
    monkeypatch.setenv("ASSISTANT_LLM", "openai:whatever")
    monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url.replace("//", "//me:hush@"))
    ran = command("doctor", "--models")
    shown = server.url.replace("//", "//***@")
    assert ran.out.splitlines() == [f"The server at {shown}", "  openai:m"]


def test_a_server_that_lists_nothing_is_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LLM", "openai:whatever")
    with scripted() as server:
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url)
        ran = command("doctor", "--models")
    assert ran.code == 3
    assert ran.err == (
        f"assistant: the LLM server '{server.url}' lists no models (HTTP 404); check "
        "ASSISTANT_LLM_BASE_URL, it usually ends in /v1\n"
    )


def test_the_doctor_names_the_files_of_settings(command: Command, starter: Path) -> None:
    assert f"settings: no file; yours would be {find_user_file()}" in command("doctor").out
    find_user_file().parent.mkdir(parents=True)
    find_user_file().write_text("top_k = 7\n")
    Path("assistant.toml").write_text("top_k = 8\n")
    said = command("doctor").out
    assert f"settings: {Path('assistant.toml').absolute()} before {find_user_file()}" in said
    assert "ASSISTANT_TOP_K=8 " in said
