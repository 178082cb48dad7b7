"""What an answer adds to its question: that, and not the question's own words, must be borne out.

A model that has nothing to say repeats the question as a statement; its words are then all in the
sources, where the question took them from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.text.terms import extract_spelled_terms, extract_terms
from assistant.types import Flag

MIN_ADDED = 0.35
"""Share, by weight, of the added words that the cited papers must hold.
Source: measured: of 245 sentences of golden answers none that passes the check has less."""

MIN_ECHO_SCORE = 0.8
"""A sentence that adds no word to its question needs this score: it is as close to a source."""


def flag_addition(
    claim: str,
    question: str,
    texts: Sequence[str],
    score: float,
    idf: Callable[[str], float],
) -> Flag | None:
    """Returns a flag where what ``claim`` adds to ``question`` is not in ``texts``.

    ``texts`` are the titles and sentences of the papers that it rests on, ``score`` in [0, 1] is
    what the check of the claim gave.
    """
    asked = set(extract_terms(question))
    words = {term: word for word, term in extract_spelled_terms(claim) if term not in asked}
    added = list(words)
    if not added:
        if score >= MIN_ECHO_SCORE:
            return None
        return Flag("addition", "", "The sentence only repeats the question.")
    held = {term for text in texts for term in extract_terms(text)}
    weights = [idf(term) for term in added]
    share = sum(w for term, w in zip(added, weights, strict=True) if term in held)
    if share >= MIN_ADDED * sum(weights):
        return None
    missing = words[max((w, t) for t, w in zip(added, weights, strict=True) if t not in held)[1]]
    message = f"The sources do not hold what this adds to the question, such as {missing!r}."
    return Flag("addition", missing, message)
