"""Which model the settings name, opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from assistant.llm.chat_model import ChatModel
    from assistant.settings import Settings

DEFAULT_OPENAI_MODEL = "gpt-5.4-mini"
"""What OPENAI_API_KEY alone means: current, cheap, and made for following instructions."""

KEY_VARIABLE = "OPENAI_API_KEY"


def find_configured_llm(settings: Settings) -> str:
    """Returns ``settings.llm`` with "auto" resolved: 'none', 'openai:MODEL' or 'gguf:FILE'."""
    if settings.llm != "auto":
        return settings.llm
    return f"openai:{DEFAULT_OPENAI_MODEL}" if _key(settings) else "none"


def open_chat_model(settings: Settings, override: LLM | None = None) -> ChatModel | None:
    """Returns the model that writes answers; None where answers are quotations.

    ``override`` is a LlamaIndex LLM to use in place of the one that the settings name. Nothing is
    requested and nothing large is loaded before the first reply.

    Raises:
        SettingsError: the model needs a key and there is none.
        ModelError: the file of a local model, or what runs it, is missing or cannot be used.
    """
    if override is not None:
        from assistant.llm.llama_chat import LlamaChat

        return LlamaChat(
            override, timeout_s=settings.llm_timeout, context_tokens=settings.llm_context
        )
    return open_named(find_configured_llm(settings), settings)


def open_named(name: str, settings: Settings) -> ChatModel | None:
    """Returns the model called ``name``, 'openai:MODEL' or 'gguf:FILE'; None for 'none'.

    Raises: as ``open_chat_model`` does.
    """
    kind, _, model = name.partition(":")
    if kind == "openai":
        from assistant.llm.openai_chat import OpenAIChat

        key = _key(settings)
        if settings.llm_base_url is not None:
            _refuse_no_address(settings.llm_base_url)
        elif key is None:
            raise SettingsError(
                f"the LLM {name!r} needs a key; set {KEY_VARIABLE}, or ASSISTANT_LLM_BASE_URL "
                "for a server that needs none"
            )
        return OpenAIChat(
            model,
            base_url=settings.llm_base_url,
            api_key=key,
            timeout_s=settings.llm_timeout,
            context_tokens=settings.llm_context,
        )
    if kind == "gguf":
        from assistant.llm.gguf import GgufChat

        return GgufChat(
            model,
            timeout_s=settings.llm_timeout,
            context_tokens=settings.llm_context,
            n_threads=settings.threads,
        )
    return None


def _key(settings: Settings) -> str | None:
    """Returns the key without the line end that comes along when one is pasted.

    Raises:
        SettingsError: it holds what no header may.
    """
    given = settings.llm_api_key
    name, value = (
        ("ASSISTANT_LLM_API_KEY", given.get_secret_value())
        if given is not None
        else (KEY_VARIABLE, os.environ.get(KEY_VARIABLE, ""))
    )
    value = value.strip()
    if not (value.isascii() and value.isprintable()):
        raise SettingsError(f"{name} holds characters that no key has; copy the key again")
    return value or None


def _refuse_no_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"ASSISTANT_LLM_BASE_URL {url!r} is not an address; use one like "
            "http://localhost:8000/v1"
        )
