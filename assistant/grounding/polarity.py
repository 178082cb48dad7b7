"""Negations and directions: where a claim says the opposite of the sentences it rests on.

Every word that denies or points one way is compared with those of the source that stand among
the same words. Where the nearest such place points the other way and none as near points the
same way, the claim turns its source round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.opposites import (
    NEGATORS,
    Direction,
    direction_of,
    goodness_of,
    is_near_negator,
)
from assistant.grounding.wording import Word, read_words

_REACH = 7
_OBJECT_REACH = 4
_SCOPE = 5
_OTHER_CLAUSE = 0.35
"""Words beyond a comma or an 'and' belong to the place less."""

_MIN_ALIGNED = 0.42
_MARGIN = 0.12

_REFERENCE = frozenset({"than", "over", "against", "versus", "vs", "to", "with"})
_COMPARED = frozenset({"compared", "relative", "contrast", "comparison"})
_BEATS = frozenset(
    ["outperform", "outperforms", "outperformed", "outperforming", "surpass", "surpasses", "surpassed", "surpassing", "exceed", "exceeds", "exceeded", "exceeding", "beat", "beats", "beaten", "beating", "underperform", "underperforms", "underperformed", "trail", "trails", "outdo", "outdoes", "lag", "lags"]
)
_IDIOMS = frozenset(
    {
        ("state", "art"),
        ("at", "least"),
        ("at", "most"),
        ("no", "longer"),
        ("as", "well"),
        ("not", "only"),
    }
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that points somewhere, its place, and whether it is denied there."""

    at: int
    word: str
    directions: tuple[Direction, ...]
    denied: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of the claim that the source says the other way: ``against`` is its opposite there."""

    word: str
    against: str


@dataclass(frozen=True, slots=True)
class _Reading:
    words: tuple[Word, ...]
    cues: tuple[Cue, ...]
    negations: tuple[int, ...]


@lru_cache(maxsize=20_000)
def _read(text: str) -> _Reading:
    words = read_words(text)
    negations = tuple(at for at, word in enumerate(words) if _is_negation(words, at))
    cues = []
    for at, word in enumerate(words):
        directions = _directions(words, at)
        if directions:
            denied = any(
                0 < at - negation <= _SCOPE and words[negation].clause == word.clause
                for negation in negations
            )
            cues.append(Cue(at, word.folded, directions, denied))
    return _Reading(words, tuple(cues), negations)


def direction_turns(claim: str, sources: Sequence[str], idf: Callable[[str], float]) -> list[Turn]:
    """Returns the words of ``claim`` whose opposite stands in their place in ``sources``."""
    own = _read(claim)
    readings = [_read(source) for source in sources]
    turns = []
    for cue in own.cues:
        place = _place(own.words, cue.at, idf)
        if not place:
            continue
        agreeing, opposing, against = 0.0, 0.0, ""
        for reading in readings:
            for other in reading.cues:
                relation = _relation(own, cue, reading, other)
                if relation == 0:
                    continue
                near = _alignment(place, _place(reading.words, other.at, idf))
                if relation > 0:
                    agreeing = max(agreeing, near)
                elif near > opposing:
                    opposing, against = near, other.word
        if opposing >= _MIN_ALIGNED and opposing > agreeing + _MARGIN:
            turns.append(Turn(cue.word, against))
    return turns


def negation_turns(claim: str, sources: Sequence[str], idf: Callable[[str], float]) -> list[Turn]:
    """Returns what ``claim`` denies that ``sources`` say, and affirms that they deny.

    The first kind names the claim's negation, the second the word that should be denied.
    """
    own = _read(claim)
    readings = [_read(source) for source in sources]
    turns = []
    for at in own.negations:
        scope = _scope(own.words, at)
        if not scope:
            continue
        said, denied = 0.0, 0.0
        for reading in readings:
            for start in range(len(reading.words)):
                near = _scope_match(scope, reading.words, start, idf)
                if near <= 0:
                    continue
                if _negative_near(reading.words, start):
                    denied = max(denied, near)
                else:
                    said = max(said, near)
        if said >= 0.5 and said > denied:
            turns.append(Turn(own.words[at].folded, ""))
    for reading in readings:
        for at in reading.negations:
            scope = _scope(reading.words, at)
            if not scope:
                continue
            said, denied = 0.0, 0.0
            for start in range(len(own.words)):
                near = _scope_match(scope, own.words, start, idf)
                if near <= 0:
                    continue
                if _negative_near(own.words, start):
                    denied = max(denied, near)
                else:
                    said = max(said, near)
            if said >= 0.6 and said > denied and not _said_elsewhere(scope, reading, readings):
                turns.append(Turn(scope[0].folded, reading.words[at].folded))
    return turns


def _is_negation(words: Sequence[Word], at: int) -> bool:
    folded = words[at].folded
    if folded in NEGATORS or folded.endswith("n't"):
        following = words[at + 1].folded if at + 1 < len(words) else ""
        return (folded, following) not in _IDIOMS
    if folded in ("fail", "fails", "failed", "failing"):
        return at + 1 < len(words) and words[at + 1].folded == "to"
    return False


def _directions(words: Sequence[Word], at: int) -> tuple[Direction, ...]:
    word = words[at]
    following = words[at + 1].folded if at + 1 < len(words) else ""
    before = words[at - 1].folded if at else ""
    if (before, word.folded) in _IDIOMS or (word.folded, following) in _IDIOMS:
        return ()
    if word.folded in ("large", "small") and following in ("language", "scale"):
        return ()
    found = direction_of(word.folded)
    if word.folded == "with" or word.folded == "without":
        return tuple(d for d in found if d.axis == "presence")
    return found


def _place(words: Sequence[Word], at: int, idf: Callable[[str], float]) -> dict[str, float]:
    """Returns the terms around a word with their weights, the nearer the heavier."""
    place: dict[str, float] = {}
    for other in range(max(at - _REACH, 0), min(at + _REACH + 1, len(words))):
        term = words[other].term
        if other == at or term is None or direction_of(words[other].folded):
            continue
        weight = idf(term) / (1.0 + abs(other - at) / 3)
        if words[other].clause != words[at].clause:
            weight *= _OTHER_CLAUSE
        place[term] = max(place.get(term, 0.0), weight)
    return place


def _alignment(claimed: dict[str, float], stated: dict[str, float]) -> float:
    """Returns how much of the words around a claim's word stand around a source's, [0, 1]."""
    total = sum(claimed.values())
    top = max(stated.values(), default=0.0)
    if total <= 0 or top <= 0:
        return 0.0
    shared = sum(
        min(weight, max(stated[term], 0.35 * weight))
        for term, weight in claimed.items()
        if term in stated
    )
    return shared / total


def _relation(own: _Reading, cue: Cue, reading: _Reading, other: Cue) -> int:
    """Returns 1 where two words point the same way, -1 for opposite ways, 0 if incomparable."""
    denial = -1 if cue.denied != other.denied else 1
    found = 0
    for mine in cue.directions:
        for theirs in other.directions:
            if mine.axis == theirs.axis:
                relation = mine.sign * theirs.sign * denial
            elif {mine.axis, theirs.axis} <= {"amount", "quality", "speed", "cost"}:
                ours = _worth(own.words, cue.at, mine)
                yours = _worth(reading.words, other.at, theirs)
                relation = ours * yours * denial
            else:
                continue
            # A word of several meanings agrees where any of them does.
            found = relation if found <= 0 and relation else found
    if found and _reversed(own, cue, reading, other):
        found = -found
    return found


def _worth(words: Sequence[Word], at: int, direction: Direction) -> int:
    """Returns 1 where a word says that things get better, -1 for worse, 0 where that is open."""
    if direction.axis in ("quality", "speed", "cost"):
        return direction.sign
    for offset in (*range(1, _OBJECT_REACH + 1), *range(-1, -_OBJECT_REACH - 1, -1)):
        other = at + offset
        if not 0 <= other < len(words) or words[other].clause != words[at].clause:
            continue
        term = words[other].term
        goodness = goodness_of(term) if term else 0
        if goodness:
            return goodness * direction.sign
    return 0


def _reversed(own: _Reading, cue: Cue, reading: _Reading, other: Cue) -> bool:
    """Whether the two comparisons have subject and reference the other way round."""
    mine, theirs = _sides(own.words, cue.at), _sides(reading.words, other.at)
    if mine is None or theirs is None:
        return False
    (subject, reference), (their_subject, their_reference) = mine, theirs
    subject, reference = subject - reference, reference - subject
    straight = len(subject & their_subject) + len(reference & their_reference)
    crossed = len(subject & their_reference) + len(reference & their_subject)
    both = bool(subject & their_reference) and bool(reference & their_subject)
    return both and crossed > straight


def _sides(words: Sequence[Word], at: int) -> tuple[set[str], set[str]] | None:
    """Returns the terms of what is compared and of what it is compared with."""
    word = words[at]
    marks = [
        i
        for i in range(at + 1, min(at + 9, len(words)))
        if words[i].folded in ("than", "over")
        or (words[i].folded in _REFERENCE and words[i - 1].folded in _COMPARED)
    ]
    beats = word.folded in _BEATS
    if not marks and not beats:
        return None
    start = marks[0] + 1 if marks and not beats else at + 1
    passive = beats and at + 1 < len(words) and words[at + 1].folded == "by"
    after = {w.term for w in words[start : start + 8] if w.term}
    before = {w.term for w in words[max(at - 8, 0) : at] if w.term}
    return (after, before) if passive else (before, after)


def _scope(words: Sequence[Word], at: int) -> list[Word]:
    """Returns the words with content that a negation denies: the next few of its clause."""
    end = at + 1
    scope: list[Word] = []
    while end < len(words) and len(scope) < 3 and end - at <= _SCOPE + 1:
        if words[end].clause != words[at].clause:
            break
        if words[end].term:
            scope.append(words[end])
        end += 1
    return scope


def _scope_match(
    scope: Sequence[Word], words: Sequence[Word], start: int, idf: Callable[[str], float]
) -> float:
    """Returns how much of a denied phrase stands at ``start``, [0, 1]; 0 without its first word."""
    if words[start].term != scope[0].term:
        return 0.0
    around = {word.term for word in words[max(start - _SCOPE, 0) : start + _SCOPE + 1] if word.term}
    weights = [idf(word.term) for word in scope if word.term]
    met = [idf(word.term) for word in scope if word.term and word.term in around]
    return sum(met) / sum(weights) if sum(weights) else 0.0


def _negative_near(words: Sequence[Word], at: int) -> bool:
    """Whether something near a word denies it, or may."""
    return any(
        is_near_negator(word.folded) or word.folded.endswith("n't")
        for word in words[max(at - _SCOPE - 1, 0) : at + 4]
    )


def _said_elsewhere(
    scope: Sequence[Word], denied_in: _Reading, readings: Sequence[_Reading]
) -> bool:
    """Whether a source also says the denied phrase without denying it."""
    for reading in readings:
        for start, word in enumerate(reading.words):
            if word.term == scope[0].term and not _negative_near(reading.words, start):
                return True
    return False
