"""Which model the settings name, opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.servers.keys import LLM_SERVER, find_named_address, is_same_address
from assistant.servers.providers import GGUF, PROVIDERS, is_own_address, split_name

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from assistant.llm.chat_model import ChatModel
    from assistant.settings import Settings

DEFAULT_OPENAI_MODEL = "gpt-5.4-mini"
"""What OPENAI_API_KEY alone means: current, cheap, and made for following instructions."""

KEY_VARIABLE = "OPENAI_API_KEY"


def find_configured_llm(settings: Settings) -> str:
    """Returns ``settings.llm`` with "auto" resolved to a model of OpenAI's or to 'none'."""
    if settings.llm != "auto":
        return settings.llm
    given = settings.llm_api_key
    key = given.get_secret_value() if given is not None else os.environ.get(KEY_VARIABLE, "")
    return f"openai:{DEFAULT_OPENAI_MODEL}" if key.strip() else "none"


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
    """Returns the model called ``name``, 'PROVIDER:MODEL' or 'gguf:FILE'; None for 'none'.

    Raises: as ``open_chat_model`` does.
    """
    named = split_name(name)
    if named is None:
        return None
    kind, model = named
    if kind == GGUF:
        from assistant.llm.gguf import GgufChat
        from assistant.llm.hugging_face import locate_gguf

        return GgufChat(
            locate_gguf(model),
            timeout_s=settings.llm_timeout,
            context_tokens=settings.llm_context,
            n_threads=settings.threads,
        )
    from assistant.llm.openai_chat import OpenAIChat

    url, key = find_address(kind, settings)
    variable = PROVIDERS[kind].key_variable
    if key is None and variable is not None and is_own_address(kind, url):
        raise SettingsError(
            f"the LLM {name!r} needs a key; set {variable}, or ASSISTANT_LLM_BASE_URL "
            "for a server that needs none"
        )
    return OpenAIChat(
        model,
        provider=kind,
        base_url=url,
        api_key=key,
        timeout_s=settings.llm_timeout,
        context_tokens=settings.llm_context,
    )


def find_address(provider: str, settings: Settings) -> tuple[str, str | None]:
    """Returns the address where ``provider`` is asked, and the key that is sent there.

    ASSISTANT_LLM_BASE_URL and ASSISTANT_LLM_API_KEY are those of the provider that ASSISTANT_LLM
    names, or of any where it names none; each goes before what the provider has of its own. The
    provider's own key, in its own variable, is sent to its own address alone, and
    ASSISTANT_LLM_API_KEY to none but the address that the settings name, whoever is asked.

    Raises:
        SettingsError: the address or the key cannot be used.
    """
    writes = find_configured_llm(settings)
    written_by = split_name(writes)
    is_meant = written_by is None or written_by[0] in (provider, GGUF)
    url = settings.llm_base_url if is_meant and settings.llm_base_url else PROVIDERS[provider].url
    named = find_named_address(LLM_SERVER, {**dict(settings), "llm": writes})
    is_meant = is_meant and (named is None or is_same_address(named, url))
    if is_meant and settings.llm_api_key is not None:
        return url, _read_key("ASSISTANT_LLM_API_KEY", settings.llm_api_key.get_secret_value())
    variable = PROVIDERS[provider].key_variable
    if variable is None or not is_own_address(provider, url):
        return url, None
    return url, _read_key(variable, os.environ.get(variable, ""))


def _read_key(name: str, value: str) -> str | None:
    """Returns the key without the line end that comes along when one is pasted.

    Raises:
        SettingsError: it holds what no header may.
    """
    value = value.strip()
    if not (value.isascii() and value.isprintable()):
        raise SettingsError(f"{name} holds characters that no key has; copy the key again")
    return value or None
