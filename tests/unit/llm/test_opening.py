"""Which model the settings mean, and what is said where they mean none that works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from llama_index.core.llms import MockLLM
from openai.types.shared import ChatModel as OpenAIModels
from pydantic import SecretStr

from assistant.errors import ModelError, SettingsError
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.opening import (
    DEFAULT_OPENAI_MODEL,
    find_configured_llm,
    open_chat_model,
    open_named,
)
from assistant.llm.parameters import Parameters
from assistant.llm.server_attempt import Endpoint
from assistant.settings import Settings, load_settings


def test_without_a_key_answers_are_quotations() -> None:
    assert find_configured_llm(Settings()) == "none"
    assert open_chat_model(Settings()) is None


def test_a_key_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    model = open_chat_model(Settings())
    assert model is not None
    assert model.name == f"openai:{DEFAULT_OPENAI_MODEL}"
    assert model.context_tokens == 128_000


@pytest.mark.parametrize("key", ["", None])
def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    assert find_configured_llm(Settings()) == "none"


def test_a_key_of_ours_counts_as_well() -> None:
    assert (
        find_configured_llm(Settings(llm_api_key=SecretStr("k")))
        == f"openai:{DEFAULT_OPENAI_MODEL}"
    )


def test_none_is_none_whatever_keys_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    assert open_chat_model(Settings(llm="none")) is None


def test_openai_without_a_key() -> None:
    with pytest.raises(SettingsError, match=r"'openai:gpt-4\.1' needs a key; set OPENAI_API_KEY"):
        open_chat_model(Settings(llm="openai:gpt-4.1"))


def test_a_server_of_ones_own_needs_no_key() -> None:
    model = open_chat_model(Settings(llm="openai:qwen:7b", llm_base_url="http://127.0.0.1:9/v1/"))
    assert model is not None
    assert model.name == "openai:qwen:7b"
    assert model.context_tokens is None


@pytest.mark.parametrize(
    "url", ["http://", "http:///v1", "http://host:port/v1", "http://[bad/v1", "https://:80"]
)
def test_what_is_no_address_is_said_at_once(url: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used; use a URL such as") as caught:
        load_settings(llm="openai:m", llm_base_url=url)
    assert repr(url) in str(caught.value)


def test_a_key_is_pasted_with_its_line_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-x\n")
    model = open_chat_model(Settings())
    assert isinstance(model, OpenAIChat)
    assert model.endpoint.key == "sk-x"


@pytest.mark.parametrize("key", ["sk-\u00e9", "sk-a\nb", "“sk-x”"])
def test_what_no_key_holds(key: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_LLM_API_KEY holds characters") as caught:
        open_chat_model(Settings(llm="openai:m", llm_api_key=SecretStr(key)))
    assert key not in str(caught.value)


def test_a_missing_file_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        open_chat_model(Settings(llm=f"gguf:{tmp_path / 'x.gguf'}"))


def test_a_users_own_llm_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    model = open_chat_model(Settings(llm_context=777), override=MockLLM(max_tokens=3))
    assert model is not None
    assert model.name == "MockLLM"
    assert model.context_tokens == 777


def test_a_judge_is_opened_by_its_name() -> None:
    settings = Settings(llm_api_key=SecretStr("k"))
    assert open_named("none", settings) is None
    judge = open_named("openai:gpt-4.1-nano", settings)
    assert judge is not None
    assert judge.name == "openai:gpt-4.1-nano"


def test_the_default_is_a_model_that_openai_has() -> None:
    assert DEFAULT_OPENAI_MODEL in get_args(OpenAIModels)
    sent = Parameters(DEFAULT_OPENAI_MODEL, is_openai=True).of_request(10, json_object=False)
    assert "temperature" not in sent


def test_a_key_is_not_shown() -> None:
    shown = repr(Endpoint("m", "http://me:hush@here/v1", "sk-secret", 3.0))
    assert "hush" not in shown
    assert "secret" not in shown
    assert Endpoint("m", "http://me:hush@here/v1", "k", 3.0).server == (
        "the LLM server 'http://***@here/v1'"
    )


@pytest.mark.parametrize(
    ("url", "by_proxy"),
    [
        ("http://127.0.0.1:8080/v1", False),
        ("http://localhost/v1", False),
        ("http://[::1]:1/v1", False),
        ("https://api.openai.com/v1", True),
        ("http://127.example.org/v1", True),
        ("http://10.0.0.3/v1", True),
    ],
)
def test_no_proxy_stands_before_this_machine(url: str, by_proxy: bool) -> None:
    assert Endpoint("m", url, "k", 3.0).by_proxy == by_proxy


def test_opening_loads_no_client() -> None:
    code = """
import os, sys
os.environ["OPENAI_API_KEY"] = "sk-x"
from assistant.settings import Settings
from assistant.llm.opening import open_chat_model
model = open_chat_model(Settings())
model.stream([], max_tokens=5).close()
print(sorted({"llama_index", "openai", "httpx", "numpy"} & {n.split(".")[0] for n in sys.modules}))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
