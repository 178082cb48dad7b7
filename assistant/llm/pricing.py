"""What an answer cost, for the few models whose price is known for certain."""

from __future__ import annotations

import re
from typing import NamedTuple

PRICED_ON = "2026-11-25"
"""The day on which the table was last compared with its source."""


class Price(NamedTuple):
    """US dollars per million tokens, of the prompt and of the completion."""

    prompt: float
    completion: float


PRICES: dict[str, Price] = {
    "gpt-5.4-mini": Price(0.75, 4.50),
    "gpt-5.4-nano": Price(0.20, 1.25),
    "gpt-5.1": Price(1.25, 10.00),
    "gpt-5": Price(1.25, 10.00),
    "gpt-5-mini": Price(0.25, 2.00),
    "gpt-5-nano": Price(0.05, 0.40),
    "gpt-4.1": Price(2.00, 8.00),
    "gpt-4.1-mini": Price(0.40, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.40),
    "gpt-4o": Price(2.50, 10.00),
    "gpt-4o-mini": Price(0.15, 0.60),
}
"""Prices of OpenAI's standard tier for text that its cache does not hold.

Left out on purpose: models of more than one price, by the length of the prompt or by what is
written to the cache (gpt-5.4, gpt-5.5, gpt-5.6), and those of a passing offer.

Source: https://developers.openai.com/api/docs/pricing and the models' own pages under
https://developers.openai.com/api/docs/models, as of PRICED_ON.
"""

_OPENAI = "https://api.openai.com/v1"
_SNAPSHOT = re.compile(r"-20\d\d-\d\d-\d\d")
# The first gpt-4o kept its own, higher price when the family's fell.
_PRICED_APART = frozenset({"gpt-4o-2024-05-13"})


def cost_usd(
    model: str, prompt_tokens: int, completion_tokens: int, *, base_url: str | None
) -> float | None:
    """Returns the most that the tokens cost in US dollars, or None where no price is certain.

    Prompts that OpenAI's cache holds are billed lower than this. No price is better than a wrong
    one. None is for every model that is not in PRICES by its exact name or a dated snapshot of
    it; for every server but OpenAI's own, since others set their own prices; for a LlamaIndex
    LLM, which does not say whose server it asks; and for a GGUF file, which costs the power and
    the machine rather than nothing.

    Args:
        model: a ``ChatModel.name``, as ``openai:gpt-5-mini`` or ``openai:gpt-5-mini-2025-08-07``.
        prompt_tokens: of all requests together, from 0.
        completion_tokens: of all replies together, those of hidden reasoning included, from 0.
        base_url: the server that was asked; None is OpenAI's.

    Raises:
        ValueError: a number of tokens is below 0.
    """
    if min(prompt_tokens, completion_tokens) < 0:
        raise ValueError(
            f"{prompt_tokens!r} and {completion_tokens!r} are no numbers of tokens; give 0 or more"
        )
    if base_url is not None and base_url.rstrip("/").lower() != _OPENAI:
        return None
    provider, _, name = model.partition(":")
    if provider != "openai" or name in _PRICED_APART:
        return None
    snapshot = _SNAPSHOT.search(name)
    family = name[: snapshot.start()] if snapshot and snapshot.end() == len(name) else name
    price = PRICES.get(family)
    if price is None:
        return None
    dollars = prompt_tokens * price.prompt + completion_tokens * price.completion
    return round(dollars / 1_000_000, 9)
