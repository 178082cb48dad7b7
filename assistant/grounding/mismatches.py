"""What a claim says that its sources do not: quantities, names, negations and directions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from assistant.grounding.claim_sources import ClaimSources
from assistant.grounding.clause_words import read_words
from assistant.grounding.exchanged_quantities import find_exchanged
from assistant.grounding.frequencies import is_ordinary
from assistant.grounding.polarity.directions import find_turns
from assistant.grounding.polarity.negations import find_one_sided_denials, read_denied
from assistant.grounding.proper_names import NameIndex, find_missing_names
from assistant.grounding.quantities import Quantity, find_quantities
from assistant.grounding.quantity_index import QuantityIndex
from assistant.text.terms import extract_terms
from assistant.types import Flag

_SMALL = 10.0
_COUNTED_REACH = 5
_VAGUE_COUNT = 1.0
"""'One' and 'zero' stand for too much else to be looked for."""


def find_mismatches(
    claim: str, sources: ClaimSources, idf: Callable[[str], float], question: str = ""
) -> tuple[Flag, ...]:
    """Returns a flag for each quantity, name, negation and direction that the sources lack.

    A quantity that stands in another sentence of a cited paper is flagged as miscited. What the
    claim denies and ``question`` says need not be in the sources where the claim has words of
    its own besides: it corrects its reader.
    """
    names = NameIndex((*sources.titles, *sources.cited_texts, *sources.rest))
    denied = read_denied(claim) if question else ""
    if {*extract_terms(claim)} <= {*extract_terms(question)}:
        denied = question = ""
    return (
        *_flag_quantities(claim, sources, names, _list_stated(denied, question)),
        *_flag_exchanged(claim, sources, idf),
        *_flag_names(claim, names, denied, question, sources.seen),
        *_flag_polarity(claim, sources, idf, frozenset(extract_terms(question))),
    )


def _list_stated(denied: str, question: str) -> frozenset[str]:
    """Returns the quantities of a denied part that stand in the question, as they are written."""
    asked = QuantityIndex(find_quantities(question))
    return frozenset(own.text for own in find_quantities(denied) if asked.holds(own))


def _flag_quantities(
    claim: str, sources: ClaimSources, names: NameIndex, corrected: frozenset[str]
) -> list[Flag]:
    own = find_quantities(claim)
    if not own:
        return []
    stated = _index_quantities((*sources.cited_texts, *sources.titles))
    nearby = _index_quantities(sources.rest)
    counted = _collect_counted((*sources.cited_texts, *sources.rest))
    flags = []
    for quantity in own:
        if quantity.text in corrected:
            continue
        if stated.holds(quantity) or (quantity.spelled and quantity.value <= _VAGUE_COUNT):
            continue
        if quantity.compound and quantity.compound in names:
            continue
        # A claim may count what its source lists; it is wrong only where the source counts too.
        if quantity.spelled and not counted & _find_counted(claim, quantity):
            continue
        if nearby.holds(quantity):
            flags.append(
                Flag("miscited", quantity.text, f"{quantity.text!r} stands in another sentence.")
            )
        else:
            flags.append(
                Flag(
                    "number",
                    quantity.text,
                    f"The sources do not hold the figure {quantity.text!r}.",
                )
            )
    return flags


def _flag_exchanged(claim: str, sources: ClaimSources, idf: Callable[[str], float]) -> list[Flag]:
    texts = (*sources.cited_texts, *sources.rest)
    return [
        Flag("number", own.text, f"The sources give {other.text!r} where {own.text!r} stands.")
        for own, other in find_exchanged(claim, texts, idf)
    ]


def _index_quantities(texts: Sequence[str]) -> QuantityIndex:
    return QuantityIndex(quantity for text in texts for quantity in find_quantities(text))


def _collect_counted(texts: Sequence[str]) -> set[str]:
    """Returns the terms that small numbers in ``texts`` may count."""
    return {
        term
        for text in texts
        for quantity in find_quantities(text)
        if quantity.kind == "plain"
        and _VAGUE_COUNT < quantity.value <= _SMALL
        and quantity.decimals == 0
        for term in _find_counted(text, quantity)
    }


def _find_counted(text: str, quantity: Quantity) -> set[str]:
    """Returns the terms of the words after a quantity, those that it may count."""
    words = read_words(text)
    first = bisect_left(words, quantity.end, key=lambda word: word.start)
    return {word.term for word in words[first : first + _COUNTED_REACH] if word.term}


def _flag_names(
    claim: str, names: NameIndex, denied: str, question: str, seen: Sequence[str]
) -> list[Flag]:
    asked = NameIndex((question,))
    return [
        Flag("name", name, f"The sources do not name {name!r}.")
        for name in find_missing_names(claim, names, is_ordinary, (question, *seen))
        if not (name in denied and name in asked)
    ]


def _flag_polarity(
    claim: str, sources: ClaimSources, idf: Callable[[str], float], asked: frozenset[str]
) -> list[Flag]:
    texts = sources.list_best_texts()
    flags = [
        Flag(
            "direction",
            turn.word,
            f"The sources say {turn.against!r} where the sentence says {turn.word!r}.",
        )
        for turn in find_turns(claim, texts, sources.cited_texts, idf, asked)
    ]
    for denial in find_one_sided_denials(claim, texts, sources.cited_texts, idf, asked):
        message = (
            f"The sentence denies {denial.phrase!r} with {denial.negation!r}; its sources do not."
            if denial.by_claim
            else f"The sources deny {denial.phrase!r} with {denial.negation!r}; the sentence not."
        )
        token = denial.negation if denial.by_claim else denial.phrase
        flags.append(Flag("negation", token, message))
    return flags
