"""What an answer took: its time, and its tokens with their price."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from assistant.answers import Answer
from assistant.llm.pricing import cost_usd
from assistant.types import Usage


@contextmanager
def time_step(answer: Answer, step: str) -> Iterator[None]:
    """Adds the time that the block takes to the answer's timings, in milliseconds."""
    start = time.perf_counter()
    yield
    spent = (time.perf_counter() - start) * 1000
    answer.timings_ms[step] = round(answer.timings_ms.get(step, 0.0) + spent, 2)


def price_tokens(model: str | None, tokens: Usage, base_url: str | None) -> Usage:
    """Returns ``tokens`` with what they cost of ``model`` at ``base_url``, where that is known."""
    if model is None:
        return replace(tokens, cost_usd=None)
    used = tokens.prompt_tokens, tokens.completion_tokens
    return Usage(*used, cost_usd(model, *used, base_url=base_url))
