"""Claims that are borne out by nothing but a sentence that gives orders: not supported by research."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.grounding.claim_sources import SourceSentence
from assistant.suspects import FAILED
from assistant.types import Flag

if TYPE_CHECKING:
    from assistant.grounding.checker import Grounding

Check = Callable[[str, Sequence[SourceSentence], Sequence[int], str], "Grounding"]
"""Checks a claim against passages, those at the given indices first, for a question."""

ONLY_SUSPECT = Flag(
    "suspect", "", "Only a sentence that reads like an order to whoever answers says this."
)
_AT_MOST = 0.499
"""The score of a claim that is not supported, whatever its words."""


def check_without_suspect(
    check: Check,
    claim: str,
    passages: Sequence[SourceSentence],
    cited: Sequence[int],
    question: str = "",
) -> Grounding:
    """Returns what ``check`` finds among the passages that are not suspect.

    Where it finds nothing there, and the suspect ones would bear the claim out, it is suspect.
    """
    kept = [i for i, passage in enumerate(passages) if not passage.suspect]
    found = None
    if kept:
        places = {place: new for new, place in enumerate(kept)}
        own = [places[i] for i in cited if i in places]
        found = check(claim, [passages[i] for i in kept], own, question)
        found = replace(found, support=tuple(kept[i] for i in found.support))
        if found.verdict not in FAILED:
            return found
    trusted = [replace(passage, suspect=False) for passage in passages]
    whole = check(claim, trusted, cited, question)
    if whole.verdict in ("verbatim", "supported"):
        return replace(
            whole,
            verdict="suspect",
            score=min(whole.score, _AT_MOST),
            flags=(*whole.flags, ONLY_SUSPECT),
            support=(),
        )
    return found or whole
