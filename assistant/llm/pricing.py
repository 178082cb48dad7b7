"""What an answer cost, for the models whose price is known for certain."""

from __future__ import annotations

from decimal import Decimal

_OPENAI = "https://api.openai.com/v1"


def cost_usd(
    model: str, prompt_tokens: int, completion_tokens: int, *, base_url: str | None
) -> float | None:
    """Returns the most that the tokens cost in US dollars, or None where no price is certain.

    Prompts that OpenAI's cache holds are billed lower than this. No price is better than a wrong
    one. None is for every model that genai-prices does not list by this name; for one of more
    than one price, by the length of the prompt or by what is written to the cache; for every
    server but OpenAI's own, since others set their own prices; for a LlamaIndex LLM, which does
    not say whose server it asks; and for a GGUF file, which costs the power and the machine
    rather than nothing.

    Args:
        model: a ``ChatModel.name``, as ``openai:gpt-5-mini`` or ``openai:gpt-5-mini-2025-08-07``.
        prompt_tokens: of all requests together, from 0.
        completion_tokens: of all replies together, those of hidden reasoning included, from 0.
        base_url: the server that was asked; None is OpenAI's.

    Raises:
        ValueError: a number of tokens is below 0.

    Source: the prices that come with genai-prices, as of the release that is installed; nothing
    is fetched.
    """
    if min(prompt_tokens, completion_tokens) < 0:
        raise ValueError(
            f"{prompt_tokens!r} and {completion_tokens!r} are no numbers of tokens; give 0 or more"
        )
    if base_url is not None and base_url.rstrip("/").lower() != _OPENAI:
        return None
    provider, _, name = model.partition(":")
    if provider != "openai":
        return None
    # Most answers are of no model that costs, and the list takes half a second to import.
    from genai_prices import Usage, calc_price

    tokens = Usage(input_tokens=prompt_tokens, output_tokens=completion_tokens)
    try:
        found = calc_price(tokens, name, provider_id=provider)
    except LookupError:
        return None
    price = found.model_price
    rates = price.input_mtok, price.output_mtok
    if price.cache_write_mtok is not None or not all(isinstance(rate, Decimal) for rate in rates):
        return None
    return round(float(found.total_price), 9)
