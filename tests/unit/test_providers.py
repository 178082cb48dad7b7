"""The table of providers, and whom a key and a base URL belong to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from assistant.errors import SettingsError
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.opening import find_address, open_chat_model, open_named
from assistant.llm.pricing import cost_usd
from assistant.servers.providers import PROVIDERS, split_name
from assistant.settings import Settings, load_settings

HOSTED = [name for name, provider in PROVIDERS.items() if not provider.is_local]
ELSEWHERE = "http://gateway.example.org/v1"


def opened(name: str, **settings: object) -> OpenAIChat:
    model = open_chat_model(Settings(llm=name, **settings))  # type: ignore[arg-type]
    assert isinstance(model, OpenAIChat)
    return model


@pytest.fixture
def all_keys(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A key of each provider in its own variable."""
    keys = {name: f"key-of-{name}" for name in HOSTED}
    for name, key in keys.items():
        monkeypatch.setenv(str(PROVIDERS[name].key_variable), key)
    return keys


def test_addresses_are_safe_and_no_two_the_same() -> None:
    assert len({provider.url for provider in PROVIDERS.values()}) == len(PROVIDERS)
    for provider in PROVIDERS.values():
        parts = urlsplit(provider.url)
        assert parts.scheme == ("http" if provider.is_local else "https")
        assert (parts.hostname == "127.0.0.1") == provider.is_local
        assert not provider.url.endswith("/")


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("ollama:qwen3:8b", ("ollama", "qwen3:8b")),
        ("openrouter:meta/llama-4", ("openrouter", "meta/llama-4")),
        ("gguf:hf:a/b/c.gguf", ("gguf", "hf:a/b/c.gguf")),
        ("none", None),
        ("auto", None),
        ("ollama", None),
        ("ollama:", None),
        ("Ollama:x", None),
        ("mistral:x", None),
    ],
)
def test_names(name: str, split: tuple[str, str] | None) -> None:
    assert split_name(name) == split


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_asked_at_its_own_address_with_its_own_key(
    name: str, all_keys: dict[str, str]
) -> None:
    model = opened(f"{name}:some:model")
    assert model.name == f"{name}:some:model"
    assert model.endpoint.model == "some:model"
    assert model.endpoint.url == PROVIDERS[name].url
    assert model.endpoint.key == all_keys.get(name, "none")


@pytest.mark.parametrize("name", HOSTED)
def test_another_providers_key_is_no_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = next(other for other in HOSTED if other != name)
    monkeypatch.setenv(str(PROVIDERS[other].key_variable), "sk-other")
    with pytest.raises(SettingsError, match=f"needs a key; set {PROVIDERS[name].key_variable}, or"):
        opened(f"{name}:m")


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_base_url_goes_before_the_providers_address_and_gets_none_of_its_keys(
    name: str, all_keys: dict[str, str]
) -> None:
    endpoint = opened(f"{name}:m", llm_base_url=ELSEWHERE).endpoint
    assert (endpoint.url, endpoint.key) == (ELSEWHERE, "none")
    given = SecretStr("mine")
    endpoint = opened(f"{name}:m", llm_base_url=ELSEWHERE, llm_api_key=given).endpoint
    assert (endpoint.url, endpoint.key) == (ELSEWHERE, "mine")


def test_a_base_url_that_is_the_providers_own_gets_its_key(all_keys: dict[str, str]) -> None:
    url = PROVIDERS["openrouter"].url + "/"
    assert opened("openrouter:m", llm_base_url=url).endpoint.key == all_keys["openrouter"]
    # The one provider's address under the other's name.
    assert opened("openai:m", llm_base_url=url).endpoint.key == "none"


def test_a_judge_of_another_provider_gets_neither_the_address_nor_the_key_of_the_writer(
    all_keys: dict[str, str],
) -> None:
    settings = Settings(
        llm="ollama:m", llm_base_url=ELSEWHERE, llm_api_key=SecretStr("mine"), judge="anthropic:j"
    )
    assert find_address("ollama", settings) == (ELSEWHERE, "mine")
    assert find_address("anthropic", settings) == (
        PROVIDERS["anthropic"].url,
        all_keys["anthropic"],
    )


@pytest.mark.parametrize("llm", ["none", "gguf:model.gguf", "vllm:m"])
def test_where_no_other_server_writes_address_and_key_are_the_judges(llm: str) -> None:
    settings = Settings(llm=llm, llm_base_url=ELSEWHERE, llm_api_key=SecretStr("mine"))
    judge = open_named("vllm:j", settings)
    assert isinstance(judge, OpenAIChat)
    assert (judge.endpoint.url, judge.endpoint.key) == (ELSEWHERE, "mine")


def test_only_openais_families_are_taken_for_openais() -> None:
    sent = opened("openrouter:gpt-5", llm_api_key=SecretStr("k"))._parameters.of_request(
        9, json_object=False
    )
    assert sent["temperature"] == 0.0


@pytest.mark.parametrize("name", [name for name in PROVIDERS if name != "openai"])
def test_no_price_is_claimed_for_what_others_serve(name: str) -> None:
    for model in ("gpt-5-mini", "claude-sonnet-4-5", "gemini-2.5-flash"):
        assert cost_usd(f"{name}:{model}", 1_000, 1_000, base_url=None) is None


@pytest.mark.parametrize("variable", ["ASSISTANT_LLM", "ASSISTANT_JUDGE"])
@pytest.mark.parametrize("name", PROVIDERS)
def test_every_name_is_a_setting(variable: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, f"{name}:m")
    settings = load_settings()
    assert f"{name}:m" in (settings.llm, settings.judge)
