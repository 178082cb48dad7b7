"""Directions that a claim turns round: 'raises' where its source says 'lowers' of the same thing.

Every word of the claim that points one way is compared with those of the source that stand among
the same words. Where the nearest such place points the other way and none as near points the same
way, the claim turns its source round.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.clause_words import ClauseWord, read_words
from assistant.grounding.places import Place, measure_alignment, weigh_place
from assistant.grounding.polarity.comparisons import are_turned_round, have_other_references
from assistant.grounding.polarity.cues import Cue, find_cues
from assistant.grounding.polarity.opposites import (
    INFLECTED,
    Direction,
    look_up_directions,
    look_up_goodness,
)
from assistant.grounding.quantities import Quantity, agrees, find_quantities
from assistant.grounding.quantity_index import identify
from assistant.grounding.word_tables import split_words

_OBJECT_REACH = 6
_MIN_ALIGNED = 0.42
_MARGIN = 0.25
_KIND_MARGIN = 0.5
_MIN_LONE = 0.2
_MIN_ALIKE = 0.6
"""How near an opposite must stand, and how much nearer than any agreeing word. Source: measured,
evals/grounding.py."""

_QUANTITY_REACH = 8
_OTHER_CLAUSE = 3
_WINDOW_BEFORE, _WINDOW_AFTER = 10, 24
"""Words before and after one that can bear on how it is read: a comparison and what it is with."""
_WORTHS = frozenset({"amount", "quality", "speed", "cost"})
_ABSOLUTES = split_words("high low many few")
_STATES = _ABSOLUTES | split_words("higher lower more less fewer greater above below great")


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of the claim that a source says the other way: ``against`` is what it says."""

    word: str
    against: str


def find_turns(
    claim: str,
    sources: Sequence[str],
    context: Sequence[str],
    idf: Callable[[str], float],
    asked: frozenset[str] = frozenset(),
) -> list[Turn]:
    """Returns the words of ``claim`` whose opposite stands in their place in ``sources``.

    What ``context``, all that was cited, says elsewhere in the claim's way speaks for the claim.
    To deny a word that the question used, whose terms are ``asked``, is to say its opposite.
    """
    words = read_words(claim)
    stated = _list_places(sources)
    around = _list_places(dict.fromkeys((*sources, *context)))
    by_quantity = _list_by_quantity(sources)
    turns = []
    for cue in find_cues(claim):
        corrects = cue.denied and words[cue.at].term in asked
        at_quantities = _relate_at_same_quantities(claim, cue, by_quantity, corrects)
        if at_quantities:
            relation, against = at_quantities
            if relation < 0:
                turns.append(Turn(cue.word, against))
            continue
        place = weigh_place(words, cue.at, idf, look_up_directions) or weigh_place(
            words, cue.at, idf
        )
        opposing, opposed = 0.0, None
        for one in stated:
            if _relate(words, cue, one.words, one.cue, corrects) < 0:
                near = measure_alignment(place, one.weigh(idf))
                if near > opposing:
                    opposing, opposed = near, one
        if opposed is None or opposing < _MIN_LONE:
            continue
        margin = _MARGIN if any(d.axis in INFLECTED for d in cue.directions) else _KIND_MARGIN
        agreeing = 0.0
        for one in around:
            if opposing <= agreeing + margin:
                break
            if _relate(words, cue, one.words, one.cue, corrects) > 0 and not have_other_references(
                words, cue.at, one.words, one.cue.at
            ):
                agreeing = max(agreeing, measure_alignment(place, one.weigh(idf)))
        # A sentence that tells of the same and has no other such word needs no nearer a place.
        lone = agreeing == 0 and _measure_likeness(words, opposed.words, idf) >= _MIN_ALIKE
        if opposing >= (_MIN_LONE if lone else _MIN_ALIGNED) and opposing > agreeing + margin:
            turns.append(Turn(cue.word, opposed.cue.word))
    return turns + _find_turned_bounds(claim, sources)


class _StatedCue:
    """A word of a source that points somewhere; the words around it are weighed on demand."""

    def __init__(self, words: Sequence[ClauseWord], cue: Cue) -> None:
        self.words, self.cue = words, cue
        self._place: Place | None = None

    def weigh(self, idf: Callable[[str], float]) -> Place:
        if self._place is None:
            self._place = weigh_place(self.words, self.cue.at, idf)
        return self._place


def _list_places(texts: Iterable[str]) -> list[_StatedCue]:
    """Returns the words of ``texts`` that point somewhere, of those in the same words the first."""
    found: dict[Hashable, _StatedCue] = {}
    for text in texts:
        words = read_words(text)
        for cue in find_cues(text):
            clause = words[cue.at].clause
            near = words[max(cue.at - _WINDOW_BEFORE, 0) : cue.at + _WINDOW_AFTER]
            seen = tuple((word.folded, word.clause - clause) for word in near)
            key = (min(cue.at, _WINDOW_BEFORE), cue.denied, seen)
            found.setdefault(key, _StatedCue(words, cue))
    return list(found.values())


def _list_by_quantity(sources: Sequence[str]) -> list[tuple[Quantity, _StatedCue]]:
    """Returns the words that point somewhere near a quantity, the nearest pair first."""
    found: dict[Hashable, tuple[int, Quantity, _StatedCue]] = {}
    for source in sources:
        words = read_words(source)
        cues = find_cues(source)
        for at, quantity in _locate_quantities(source):
            first = bisect_left(cues, at - _QUANTITY_REACH, key=lambda cue: cue.at)
            for cue in cues[first : first + 2 * _QUANTITY_REACH + 1]:
                distance = abs(cue.at - at)
                if words[cue.at].clause != words[at].clause:
                    distance += _OTHER_CLAUSE
                if distance <= _QUANTITY_REACH:
                    key = source, cue.at, identify(quantity), distance
                    found.setdefault(key, (distance, quantity, _StatedCue(words, cue)))
    return [(quantity, cue) for _, quantity, cue in sorted(found.values(), key=lambda one: one[0])]


def _relate_at_same_quantities(
    claim: str, cue: Cue, stated: Sequence[tuple[Quantity, _StatedCue]], corrects: bool
) -> tuple[int, str] | None:
    """Returns how a word by a quantity relates to the word by the same quantity in a source.

    None where the word has no quantity by it, or no source has such a pair.
    """
    words = read_words(claim)
    quantity = _find_nearest_quantity(claim, cue.at)
    if quantity is None:
        return None
    for other_quantity, other in stated:
        if agrees(quantity, other_quantity):
            relation = _relate(words, cue, other.words, other.cue, corrects)
            if relation:
                return relation, other.cue.word
    return None


def _find_nearest_quantity(text: str, at: int) -> Quantity | None:
    words = read_words(text)
    near = [
        (abs(place - at), quantity)
        for place, quantity in _locate_quantities(text)
        if abs(place - at) <= _QUANTITY_REACH and words[place].clause == words[at].clause
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


@lru_cache(maxsize=20_000)
def _locate_quantities(text: str) -> tuple[tuple[int, Quantity], ...]:
    starts = [word.start for word in read_words(text)]
    return tuple((max(bisect_right(starts, f.at) - 1, 0), f) for f in find_quantities(text))


def _find_turned_bounds(claim: str, sources: Sequence[str]) -> list[Turn]:
    """Returns the quantities of which the claim says 'more than' and every source 'less than'."""
    turns = []
    for quantity in find_quantities(claim):
        if not quantity.bound:
            continue
        stated = [f for source in sources for f in find_quantities(source) if agrees(quantity, f)]
        if stated and all(f.bound == -quantity.bound for f in stated):
            turned = {1: "more than", -1: "less than"}
            turns.append(
                Turn(turned[quantity.bound], f"{turned[-quantity.bound]} {stated[0].text}")
            )
    return turns


def _measure_likeness(
    words: Sequence[ClauseWord], stated: Sequence[ClauseWord], idf: Callable[[str], float]
) -> float:
    """Returns how much of the claim's words, those of direction left out, a sentence holds."""
    held = {word.term for word in stated}
    own = {word.term for word in words if word.term and not look_up_directions(word.folded)}
    total = sum(idf(term) for term in own)
    return sum(idf(term) for term in own if term in held) / total if total else 0.0


def _relate(
    words: Sequence[ClauseWord],
    cue: Cue,
    stated: Sequence[ClauseWord],
    other: Cue,
    corrects: bool,
) -> int:
    """Returns 1 where two words point the same way, -1 for opposite ways, 0 if incomparable."""
    found = 0
    for mine in cue.directions:
        for theirs in other.directions:
            # "Not all" does not say "none": denial turns round what verbs say.
            turned = cue.denied != other.denied and (mine.axis in INFLECTED or corrects)
            denial = -1 if turned else 1
            if mine.axis == theirs.axis:
                if mine.axis not in INFLECTED and _are_of_other_things(words, cue, stated, other):
                    continue
                if mine.axis == "amount" and not _are_comparable(cue.word, other.word):
                    continue
                relation = mine.sign * theirs.sign * denial
                if corrects and mine.axis not in INFLECTED:
                    relation = max(relation, 0)  # "Not fixed" of one thing, "fixed" of another.
            elif {mine.axis, theirs.axis} <= _WORTHS:
                shared = _find_object(words, cue.at) == _find_object(stated, other.at) is not None
                worth = _judge_worth(words, cue.at, mine, shared)
                relation = worth * _judge_worth(stated, other.at, theirs, shared) * denial
            else:
                continue
            # A word of several meanings agrees where any of them does.
            if found <= 0 and relation:
                found = relation
    if found and are_turned_round(words, cue.at, stated, other.at):
        found = -found
    return found


def _are_comparable(word: str, other: str) -> bool:
    """Whether two words may be compared: that a thing is high says nothing of what raises it."""
    if word in _ABSOLUTES or other in _ABSOLUTES:
        return {word, other} <= _STATES
    return True


def _judge_worth(words: Sequence[ClauseWord], at: int, direction: Direction, shared: bool) -> int:
    """Returns 1 where a word says that things get better, -1 for worse, 0 where that is open.

    Of an object that both texts name and that is no known cost, more is taken to be better.
    """
    if direction.axis != "amount":
        return direction.sign
    for offset in (*range(1, _OBJECT_REACH + 1), *range(-1, -_OBJECT_REACH - 1, -1)):
        other = at + offset
        if 0 <= other < len(words) and words[other].clause == words[at].clause:
            term = words[other].term
            goodness = look_up_goodness(term) if term else 0
            if goodness:
                return goodness * direction.sign
    return direction.sign if shared else 0


def _find_object(words: Sequence[ClauseWord], at: int) -> str | None:
    """Returns the term that follows a word in its clause, if one does."""
    for word in words[at + 1 : at + 1 + _OBJECT_REACH]:
        if word.clause != words[at].clause:
            return None
        if word.term:
            return word.term
    return None


def _are_of_other_things(
    words: Sequence[ClauseWord], cue: Cue, stated: Sequence[ClauseWord], other: Cue
) -> bool:
    """Whether two words, adjectives mostly, stand before different nouns."""
    mine, theirs = _find_object(words, cue.at), _find_object(stated, other.at)
    return mine is not None and theirs is not None and mine != theirs
