"""A price only where it is certain."""

from __future__ import annotations

import pytest

from assistant.llm.pricing import cost_usd

OPENAI = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("model", "prompt", "completion", "dollars"),
    [
        ("openai:gpt-5-mini", 1_000_000, 0, 0.25),
        ("openai:gpt-5-mini", 0, 1_000_000, 2.0),
        ("openai:gpt-5-mini", 2_310, 180, 0.0009375),
        ("openai:gpt-4o-mini", 2_310, 180, 0.0004545),
        ("openai:gpt-4o-mini-2024-07-18", 2_310, 180, 0.0004545),
        ("openai:gpt-4o-2024-08-06", 1_000_000, 1_000_000, 12.5),
        ("openai:gpt-4o-2024-05-13", 1_000_000, 1_000_000, 20.0),  # dearer than its family
        ("openai:gpt-4.1-nano", 1, 1, 5e-7),
        ("openai:gpt-5-nano", 0, 0, 0.0),
    ],
)
def test_known_models(model: str, prompt: int, completion: int, dollars: float) -> None:
    for base_url in (None, OPENAI, f"{OPENAI}/", "https://API.OpenAI.com/v1"):
        assert cost_usd(model, prompt, completion, base_url=base_url) == pytest.approx(dollars)


@pytest.mark.parametrize(
    "model",
    [
        "openai:gpt-5.4",  # dearer from some length of the prompt on
        "openai:gpt-5.6-luna",  # what is written to its cache costs more
        "openai:gpt-5-mini-fast",
        "openai:gpt-5-mini-2025-08-07-mine",
        "openai:gpt-4o-2099-01-01",
        "openai:gpt-6",
        "openai:openai/gpt-5-mini",
        "openai:",
        "",
        "gpt-5-mini",  # a LlamaIndex LLM's own name: whose server it asks is not known
        "azure:gpt-5-mini",
        "gguf:gpt-5-mini",
        "gguf:/models/qwen.gguf",
    ],
)
def test_no_price_is_better_than_a_wrong_one(model: str) -> None:
    assert cost_usd(model, 1_000, 1_000, base_url=None) is None


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:8000/v1",
        "https://eu.api.openai.com/v1",
        "https://api.openai.com.example.org/v1",
        "https://openrouter.ai/api/v1",
        "http://api.openai.com/v1",
        "",
    ],
)
def test_other_servers_have_prices_of_their_own(base_url: str) -> None:
    assert cost_usd("openai:gpt-5-mini", 1_000, 1_000, base_url=base_url) is None


def test_fewer_than_no_tokens_is_an_error() -> None:
    with pytest.raises(ValueError, match="-1"):
        cost_usd("openai:gpt-5-mini", -1, 5, base_url=None)
    with pytest.raises(ValueError, match="-5"):
        cost_usd("gguf:x", 1, -5, base_url=None)
