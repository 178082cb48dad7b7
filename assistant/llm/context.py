"""How large a model's context window is, where that is known or a server says so."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from assistant.llm.served_models import request_list, rows_of
from assistant.llm.server_attempt import Endpoint

logger = logging.getLogger(__name__)

_ASKING_S = 2.0
"""Knowing the window saves a refused request, and is not worth more waiting than that."""

_LEAST_OF_OPENAI = 128_000
"""The smallest window of the models that OpenAI has brought out since November 2023."""

_SMALLER = {
    "gpt-3.5": 16_385,
    "gpt-4-32k": 32_768,
    "gpt-4-0": 8_192,
    "gpt-4-turbo": 128_000,
    "gpt-4-0125": 128_000,
}
"""OpenAI's models before that, by how their names begin.

Source: OpenAI's pages of its models. No larger window is told apart: prompts here never need it.
"""


_OLLAMA = "library"
_WINDOW_OF_OLLAMA = 4_096
"""Ollama does not say how large the window is and cuts off in silence what does not fit.

Source: Ollama's docs, "Context length": 4k is its default below 24 GiB of graphics memory.
"""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says of the model it serves."""

    context_tokens: int | None = None
    reports_progress: bool = False


def look_up_context(model: str) -> int:
    """Returns the tokens that OpenAI's ``model`` has room for, at the least."""
    if model == "gpt-4":
        return _SMALLER["gpt-4-0"]
    fitting = [name for name in _SMALLER if model.startswith(name)]
    return _SMALLER[max(fitting, key=len)] if fitting else _LEAST_OF_OPENAI


def ask_server(endpoint: Endpoint, provider: str) -> ServerFacts | None:
    """Returns what the list of models at ``endpoint`` says; None where no server is there.

    A server that cannot be asked is no error here: the first request to it will say what is wrong.
    """
    import httpx

    try:
        listed = request_list(replace(endpoint, timeout_s=_ASKING_S), provider)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
        logger.debug("the LLM server lists no models: %s", type(exc).__name__)
        return ServerFacts()
    return facts_of(listed, endpoint.model)


def facts_of(listed: Any, model: str) -> ServerFacts:
    """Returns the facts in a list of models as servers write it.

    llama.cpp gives ``meta.n_ctx``, vLLM ``max_model_len``, OpenRouter and others
    ``context_length``, Groq ``context_window``. A llama.cpp server serves one model whatever it is
    called.
    """
    rows = rows_of(listed)
    named = [row for row in rows if row.get("id") == model]
    if not named and len(rows) == 1:
        named = rows
    for row in named:
        meta = row.get("meta")
        values = {**row, **(meta if isinstance(meta, dict) else {})}
        names = ("n_ctx", "max_model_len", "context_length", "context_window")
        sizes = [values[name] for name in names if _is_size(values.get(name))]
        owner = row.get("owned_by")
        if owner == _OLLAMA:
            sizes.append(_WINDOW_OF_OLLAMA)
        return ServerFacts(
            context_tokens=sizes[0] if sizes else None, reports_progress=owner == "llamacpp"
        )
    return ServerFacts()


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
