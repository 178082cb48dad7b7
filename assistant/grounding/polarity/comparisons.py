"""Comparisons: what is compared with what, and whether a claim has the two the other way round."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.grounding.clause_words import ClauseWord
from assistant.grounding.word_tables import read_table, split_words

_COMPARED_REACH = 9
_MIN_CROSSED = 2
_BEING = split_words("is are was were be been being")
_COMPARED = split_words("compared relative contrast comparison")
_COMPARED_WITH = split_words("than over against versus vs to with")
_BEATING = tuple(read_table("polarity/words.toml")["comparisons"]["beating"].split())
ASIDES = split_words(read_table("polarity/words.toml")["comparisons"]["asides"])
"""Words that end what something is compared with."""


def are_turned_round(
    words: Sequence[ClauseWord], at: int, stated: Sequence[ClauseWord], place: int
) -> bool:
    """Whether two comparisons have what is compared and what it is compared with swapped."""
    mine, theirs = _read_comparison(words, at), _read_comparison(stated, place)
    if mine is None or theirs is None:
        return False
    (subject, reference), (their_subject, their_reference) = mine, theirs
    subject, reference = subject - reference, reference - subject
    straight = len(subject & their_subject) + len(reference & their_reference)
    crossed = len(subject & their_reference), len(reference & their_subject)
    if min(crossed) > 0:
        return sum(crossed) > 2 * straight
    # In "..., outperforming B" what is compared stands too far away to be read.
    return straight == 0 and max(crossed) >= _MIN_CROSSED


def have_other_references(
    words: Sequence[ClauseWord], at: int, stated: Sequence[ClauseWord], place: int
) -> bool:
    """Whether two comparisons are with different things, so that neither speaks for the other."""
    mine, theirs = _read_comparison(words, at), _read_comparison(stated, place)
    if mine is None or theirs is None:
        # "A is best" does not speak for "B beats A".
        return mine is not None and _beats(words[at].folded)
    return not mine[1] & theirs[1]


def _beats(word: str) -> bool:
    return word.startswith(_BEATING)


def _read_comparison(words: Sequence[ClauseWord], at: int) -> tuple[set[str], set[str]] | None:
    """Returns the terms of what is compared and of what it is compared with; None if neither."""
    beats = _beats(words[at].folded)
    marks = [
        i
        for i in range(at + 1, min(at + _COMPARED_REACH, len(words)))
        if words[i].folded in ("than", "over")
        or (words[i].folded in _COMPARED_WITH and words[i - 1].folded in _COMPARED)
    ]
    if not marks and not beats:
        return None
    start = at + 1 if beats else marks[0] + 1
    after: set[str] = set()
    for word in words[start : start + _COMPARED_REACH]:
        if after and word.folded in ASIDES:
            break
        if word.term:
            after.add(word.term)
    preceding = words[max(at - _COMPARED_REACH, 0) : at]
    before = {w.term for w in preceding if w.term and w.clause == words[at].clause}
    if beats and len(before) < _MIN_CROSSED:
        before = {w.term for w in preceding if w.term}
    passive = beats and (
        (at + 1 < len(words) and words[at + 1].folded == "by")
        or (at > 0 and words[at - 1].folded in _BEING and words[at].folded.endswith(("ed", "en")))
    )
    return (after, before) if passive else (before, after)
