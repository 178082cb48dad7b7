"""Sentences and titles that read like orders to whoever answers, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

WITHHELD_TITLE = "Title withheld: it reads like an order to whoever answers"
"""Stands for such a title in quotations, lists and what an LLM is shown; cards show the title."""

FAILED = frozenset({"unsupported", "suspect"})
"""Verdicts of sentences that nothing bears out, or nothing but a suspect sentence."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sentence of an abstract that reads like an order to whoever answers, and its place.

    It is neither quoted nor shown to an LLM; ``reason`` says so in one sentence. Where
    ``sentence`` is 0 it is the paper's title.
    """

    sentence: int
    start: int
    end: int
    reason: str
