"""Who serves language models in OpenAI's protocol: the names, addresses and keys of providers."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the models of one provider are served.

    ``key_variable`` is the environment variable that holds its key, None where it needs none.
    ``list_path`` is where it lists its models, and ``list_headers`` what that wants besides a key
    in ``authorization``, "{key}" standing for the key.
    """

    title: str
    url: str
    key_variable: str | None = None
    list_path: str = "/models"
    list_headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether it is a program on the user's machine."""
        return self.key_variable is None


PROVIDERS: dict[str, Provider] = {
    "openai": Provider("OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    "openrouter": Provider("OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "anthropic": Provider(
        "Anthropic",
        "https://api.anthropic.com/v1",
        "ANTHROPIC_API_KEY",
        "/models?limit=1000",
        (("x-api-key", "{key}"), ("anthropic-version", "2023-06-01")),
    ),
    "gemini": Provider(
        "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"
    ),
    "ollama": Provider("Ollama", "http://127.0.0.1:11434/v1"),
    "lmstudio": Provider("LM Studio", "http://127.0.0.1:1234/v1"),
    "llamacpp": Provider("llama.cpp", "http://127.0.0.1:8080/v1"),
    "vllm": Provider("vLLM", "http://127.0.0.1:8000/v1"),
}
"""The providers by the name that stands before a model's, as in "ollama:qwen3:8b".

Source: the providers' documents: platform.openai.com/docs/api-reference,
openrouter.ai/docs/quickstart, platform.claude.com/docs/en/api/openai-sdk and .../models-list (its
list of models), ai.google.dev/gemini-api/docs/openai, docs.ollama.com/openai,
lmstudio.ai/docs/developer/openai-compat, tools/server/README.md of llama.cpp,
docs.vllm.ai/en/latest/serving/openai_compatible_server.html.
"""

GGUF = "gguf"
"""Stands before the file of a model that is served in this process."""

NAMES = f"PROVIDER:MODEL ({', '.join(PROVIDERS)}) or gguf:FILE"
"""How a model can be named, for messages."""


def split_name(name: str) -> tuple[str, str] | None:
    """Returns what serves the model called ``name``, and its name there; None for no such name."""
    kind, _, model = name.partition(":")
    return (kind, model) if (kind in PROVIDERS or kind == GGUF) and model.strip() else None


def is_own_address(provider: str, url: str) -> bool:
    """Returns whether ``url`` is where ``provider`` itself serves its models."""
    return url.rstrip("/").lower() == PROVIDERS[provider].url


_USER_AND_PASSWORD = re.compile(r"(?<=://)[^\s/?#]*@")
"""What stands before the host of a URL. Source: RFC 3986, section 3.2."""


def mask_passwords(text: str) -> str:
    """Returns ``text`` with three stars for the user and password of each URL in it."""
    return _USER_AND_PASSWORD.sub("***@", text)
