"""A key goes to the address that was set beside it, and to no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.llm.opening import find_address
from assistant.servers.keys import merge_layers
from assistant.servers.providers import PROVIDERS
from assistant.settings import Settings, find_user_file, load_settings
from assistant.trust import trust

ONE, TWO = "http://one.example.org/v1", "http://two.example.org/v1"
KEY = "sk-one"

Layer = dict[str, Any]


@pytest.mark.parametrize(
    ("stronger", "weaker", "is_kept"),
    [
        # The key stands beside an address, and another one is in force.
        ({"llm_base_url": TWO}, {"llm_api_key": KEY, "llm_base_url": ONE}, False),
        ({"llm_base_url": TWO}, {"llm_api_key": KEY, "llm": "openrouter:m"}, False),
        ({"llm_base_url": TWO}, {"llm_api_key": KEY, "judge": "openrouter:m"}, False),
        ({"llm": "anthropic:m"}, {"llm_api_key": KEY, "llm": "openrouter:m"}, False),
        ({"llm": "ollama:m"}, {"llm_api_key": KEY, "llm": "openrouter:m"}, False),
        ({"llm": "none"}, {"llm_api_key": KEY, "llm": "openrouter:m"}, False),
        ({"llm_base_url": None}, {"llm_api_key": KEY, "llm_base_url": ONE}, False),
        ({"llm_api_key": KEY, "llm": "openai:m"}, {"llm_base_url": ONE}, False),
        # It is the same address, in whatever words.
        ({"llm_base_url": f"{ONE}/"}, {"llm_api_key": KEY, "llm_base_url": ONE}, True),
        ({"llm": "openrouter:n"}, {"llm_api_key": KEY, "llm": "openrouter:m"}, True),
        ({"llm": "x:m", "top_k": 3}, {"llm_api_key": KEY, "llm_base_url": ONE}, True),
        (
            {"llm_base_url": PROVIDERS["openrouter"].url},
            {"llm_api_key": KEY, "llm": "openrouter:m"},
            True,
        ),
        # The key stands alone: it is for what the user names.
        ({"llm_api_key": KEY}, {"llm_base_url": ONE, "llm": "openai:m"}, True),
        ({"llm_base_url": ONE}, {"llm_api_key": KEY}, True),
        ({"llm_base_url": ONE}, {"llm_api_key": KEY, "llm": "auto"}, True),
        # A server of one's own machine wants no key, so the key beside it is another's.
        ({"llm_base_url": ONE}, {"llm_api_key": KEY, "llm": "ollama:m"}, True),
        # A key in the stronger layer goes before that of the weaker.
        (
            {"llm_api_key": KEY, "llm_base_url": TWO},
            {"llm_api_key": "sk-other", "llm_base_url": ONE},
            True,
        ),
    ],
)
def test_a_key_is_its_neighbours(stronger: Layer, weaker: Layer, is_kept: bool) -> None:
    merged = merge_layers([stronger, weaker])
    assert merged["llm_api_key"] == (KEY if is_kept else None)
    others = {name: value for name, value in merged.items() if name != "llm_api_key"}
    assert others == {k: v for k, v in {**weaker, **stronger}.items() if k != "llm_api_key"}


@pytest.mark.parametrize(
    ("stronger", "weaker", "is_kept"),
    [
        (
            {"embedding_base_url": TWO},
            {"embedding_api_key": KEY, "embedding_base_url": ONE},
            False,
        ),
        ({"embedding_base_url": TWO}, {"embedding_api_key": KEY, "embedding": "openai:m"}, False),
        ({"embedding_api_key": KEY}, {"embedding_base_url": ONE}, True),
        ({"llm_base_url": TWO}, {"embedding_api_key": KEY, "embedding_base_url": ONE}, True),
    ],
)
def test_an_embedders_key_likewise(stronger: Layer, weaker: Layer, is_kept: bool) -> None:
    merged = merge_layers([stronger, weaker])
    assert merged["embedding_api_key"] == (KEY if is_kept else None)


def key_in_force(settings: Settings) -> str | None:
    return settings.llm_api_key.get_secret_value() if settings.llm_api_key else None


def test_every_two_places_are_held_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    own = find_user_file()
    own.parent.mkdir(parents=True)
    own.write_text(f'llm = "openai:m"\nllm_base_url = "{ONE}"\nllm_api_key = "{KEY}"\n')
    assert key_in_force(load_settings()) == KEY
    assert key_in_force(load_settings(llm_base_url=TWO)) is None
    with monkeypatch.context() as patch:
        patch.setenv("ASSISTANT_LLM_BASE_URL", TWO)
        assert key_in_force(load_settings()) is None
    folders = Path("assistant.toml")
    folders.write_text(f'llm_base_url = "{TWO}"\n')
    trust(folders, folders.read_bytes())
    assert key_in_force(load_settings()) is None
    monkeypatch.setenv("ASSISTANT_LLM_API_KEY", "sk-two")
    assert find_address("openai", load_settings()) == (TWO, "sk-two")


def test_a_judge_named_later_gets_no_key_of_the_judge_in_the_settings() -> None:
    settings = Settings(llm="none", judge="openrouter:j", llm_api_key=KEY)  # type: ignore[arg-type]
    assert find_address("openrouter", settings) == (PROVIDERS["openrouter"].url, KEY)
    assert find_address("anthropic", settings) == (PROVIDERS["anthropic"].url, None)
