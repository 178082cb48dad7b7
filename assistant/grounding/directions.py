"""Directions that a claim turns round: 'raises' where its source says 'lowers' of the same thing.

Every word of the claim that points one way is compared with those of the source that stand among
the same words. Where the nearest such place points the other way and none as near points the same
way, the claim turns its source round.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.grounding.comparisons import ASIDE, are_turned_round, have_other_references
from assistant.grounding.figures import Figure, agrees, figures
from assistant.grounding.negations import negation_places
from assistant.grounding.opposites import INFLECTED, Direction, direction_of, goodness_of
from assistant.grounding.places import alignment, place_of
from assistant.grounding.wording import Word, read_words, words_of

_OBJECT_REACH = 6
_DENIED_REACH = 5
_MIN_ALIGNED = 0.42
_MARGIN = 0.25
_KIND_MARGIN = 0.5
_MIN_LONE = 0.2
_MIN_ALIKE = 0.6
"""How near an opposite must stand, and how much nearer than any agreeing word. Source: measured,
evals/lab/grounding.py."""

_FIGURE_REACH = 8
_OTHER_CLAUSE = 3
_DENIED_OBJECT = words_of("no not neither nothing none")
_WORTHS = frozenset({"amount", "quality", "speed", "cost"})
_IDIOMS = frozenset(
    tuple(pair.split("_"))
    for pair in words_of(
        "at_least at_most no_longer as_well well_as well_known well_beyond not_only more_than "
        "less_than fewer_than large_language small_language large_scale how_well few_shot "
        "above_all low_resource low_rank low_dimensional low_level high_level high_resource "
        "well_suited well_defined works_with right_hand "
    )
)
_LOST = words_of(
    "no without any quality performance accuracy information consistent significant slight "
    "negligible small large big major minor some further considerable substantial"
)
_LOSS_OF = frozenset({"of", "in"})
"""Beside these a loss is a harm; elsewhere it is mostly a function."""
_LOSS_KINDS = words_of("training test validation evaluation entropy modeling")
_DEGREES: dict[str, Literal[1, -1]] = {"more": 1, "most": 1, "less": -1, "least": -1}
_PRAISED = words_of(
    "efficient efficiently accurate accurately robust robustly stable effective effectively "
    "reliable diverse coherent scalable economical expressive flexible capable useful powerful"
)
"""'More' of these is better, not a greater amount."""
_ABSOLUTES = words_of("high low many few")
_STATES = _ABSOLUTES | words_of("higher lower more less fewer greater above below great")
_BELOW = Direction("quality", -1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of the claim that a source says the other way: ``against`` is what it says."""

    word: str
    against: str


@dataclass(frozen=True, slots=True)
class _Cue:
    at: int
    word: str
    directions: tuple[Direction, ...]
    denied: bool


def direction_turns(
    claim: str, sources: Sequence[str], context: Sequence[str], idf: Callable[[str], float]
) -> list[Turn]:
    """Returns the words of ``claim`` whose opposite stands in their place in ``sources``.

    What ``context``, all that was cited, says elsewhere in the claim's way speaks for the claim.
    """
    words = read_words(claim)
    turns = []
    for cue in _cues(claim):
        at_figures = _at_same_figures(claim, cue, sources)
        if at_figures:
            relation, against = at_figures
            if relation < 0:
                turns.append(Turn(cue.word, against))
            continue
        place = place_of(words, cue.at, idf, direction_of) or place_of(words, cue.at, idf)
        agreeing, opposing, against, alike = 0.0, 0.0, "", 0.0
        for source in dict.fromkeys((*sources, *context)):
            stated = read_words(source)
            for other in _cues(source):
                relation = _relation(words, cue, stated, other)
                if not relation or (relation < 0 and source not in sources):
                    continue
                if relation > 0 and have_other_references(words, cue.at, stated, other.at):
                    continue
                near = alignment(place, place_of(stated, other.at, idf))
                if relation > 0:
                    agreeing = max(agreeing, near)
                elif near > opposing:
                    opposing, against = near, other.word
                    alike = _likeness(words, stated, idf)
        # A sentence that tells of the same and has no other such word needs no nearer a place.
        least = _MIN_LONE if alike >= _MIN_ALIKE and agreeing == 0 else _MIN_ALIGNED
        margin = _MARGIN if any(d.axis in INFLECTED for d in cue.directions) else _KIND_MARGIN
        if opposing >= least and opposing > agreeing + margin:
            turns.append(Turn(cue.word, against))
    return turns + _turned_bounds(claim, sources)


def _at_same_figures(claim: str, cue: _Cue, sources: Sequence[str]) -> tuple[int, str] | None:
    """Returns how a word by a figure relates to the word by the same figure in a source.

    None where the word has no figure by it, or no source has such a pair.
    """
    words = read_words(claim)
    figure = _nearest_figure(claim, cue.at)
    if figure is None:
        return None
    best: tuple[int, int, str] | None = None
    for source in sources:
        stated = read_words(source)
        for at, other_figure in _figure_places(source):
            if not agrees(figure, other_figure):
                continue
            for other in _cues(source):
                relation = _relation(words, cue, stated, other)
                distance = abs(other.at - at)
                if stated[other.at].clause != stated[at].clause:
                    distance += _OTHER_CLAUSE
                if relation and distance <= _FIGURE_REACH and (not best or distance < best[0]):
                    best = distance, relation, other.word
    return (best[1], best[2]) if best else None


def _nearest_figure(text: str, at: int) -> Figure | None:
    words = read_words(text)
    near = [
        (abs(place - at), figure)
        for place, figure in _figure_places(text)
        if abs(place - at) <= _FIGURE_REACH and words[place].clause == words[at].clause
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


@lru_cache(maxsize=20_000)
def _figure_places(text: str) -> tuple[tuple[int, Figure], ...]:
    starts = [word.start for word in read_words(text)]
    return tuple((max(bisect_right(starts, f.at) - 1, 0), f) for f in figures(text))


def _turned_bounds(claim: str, sources: Sequence[str]) -> list[Turn]:
    """Returns the figures of which the claim says 'more than' and every source 'less than'."""
    turns = []
    for figure in figures(claim):
        stated = [f for source in sources for f in figures(source) if agrees(figure, f)]
        if figure.bound and stated and all(f.bound == -figure.bound for f in stated):
            turned = {1: "more than", -1: "less than"}
            turns.append(Turn(turned[figure.bound], f"{turned[-figure.bound]} {stated[0].text}"))
    return turns


def _likeness(words: Sequence[Word], stated: Sequence[Word], idf: Callable[[str], float]) -> float:
    """Returns how much of the claim's words, those of direction left out, a sentence holds."""
    held = {word.term for word in stated}
    own = {word.term for word in words if word.term and not direction_of(word.folded)}
    total = sum(idf(term) for term in own)
    return sum(idf(term) for term in own if term in held) / total if total else 0.0


@lru_cache(maxsize=20_000)
def _cues(text: str) -> tuple[_Cue, ...]:
    words = read_words(text)
    negations = negation_places(text)
    cues = []
    for at, word in enumerate(words):
        directions = _directions(words, at)
        if directions:
            denied = any(_reaches(words, negation, at) for negation in negations)
            cues.append(_Cue(at, word.folded, directions, denied))
    return tuple(cues)


def _reaches(words: Sequence[Word], negation: int, at: int) -> bool:
    """Whether a negation denies ``words[at]``: before it in its clause, or as in 'needs no'."""
    if negation == at + 1:
        return words[negation].folded in _DENIED_OBJECT
    between = words[negation + 1 : at]
    return (
        0 < at - negation <= _DENIED_REACH
        and words[negation].clause == words[at].clause
        and not any(word.folded in ASIDE or word.folded in ("of", "from") for word in between)
    )


def _directions(words: Sequence[Word], at: int) -> tuple[Direction, ...]:
    """Returns where a word points among its neighbours; () where it points nowhere there."""
    word = words[at].folded
    before = words[at - 1].folded if at else ""
    after = words[at + 1].folded if at + 1 < len(words) else ""
    if (before, word) in _IDIOMS or (word, after) in _IDIOMS or _one_of_both(words, at):
        return ()
    if word in ("speed", "speeds", "speeding", "speeded", "sped"):
        return direction_of("speedup") if after == "up" else ()
    if word in _DEGREES:
        praised = any(w.folded in _PRAISED for w in words[at + 1 : at + 3])
        return (Direction("quality", _DEGREES[word]),) if praised else direction_of(word)
    if word in ("up", "down") and _counts(words, at):
        return ()
    if word in ("loss", "losses") and (
        before in _LOSS_KINDS or (before not in _LOST and after not in _LOSS_OF)
    ):
        return ()
    if word.startswith(("fall", "fell")) and after in ("short", "behind"):
        return ()
    if word == "short" and before.startswith(("fall", "fell")):
        return (_BELOW,)
    return direction_of(word)


def _one_of_both(words: Sequence[Word], at: int) -> bool:
    """Whether a word stands with its opposite, as in 'good or bad'."""
    own = direction_of(words[at].folded)
    for joint, other in ((at + 1, at + 2), (at - 1, at - 2)):
        if 0 <= other < len(words) and words[joint].folded in ("and", "or"):
            theirs = direction_of(words[other].folded)
            if any(a.axis == b.axis and a.sign != b.sign for a in own for b in theirs):
                return True
    return False


def _counts(words: Sequence[Word], at: int) -> bool:
    """Whether 'up' belongs to 'up to 5' or to a verb that says the direction by itself."""
    following = [word.folded for word in words[at + 1 : at + 4]]
    figure = any(word[:1].isdigit() for word in following[1:])
    after_verb = at > 0 and (
        direction_of(words[at - 1].folded) or words[at - 1].folded.startswith("speed")
    )
    return bool(after_verb) or (following[:1] == ["to"] and figure)


def _relation(words: Sequence[Word], cue: _Cue, stated: Sequence[Word], other: _Cue) -> int:
    """Returns 1 where two words point the same way, -1 for opposite ways, 0 if incomparable."""
    found = 0
    for mine in cue.directions:
        for theirs in other.directions:
            # "Not all" does not say "none": denial turns round what verbs say.
            turned = cue.denied != other.denied and mine.axis in INFLECTED
            denial = -1 if turned else 1
            if mine.axis == theirs.axis:
                if mine.axis not in INFLECTED and _of_other_things(words, cue, stated, other):
                    continue
                if mine.axis == "amount" and not _both_states(cue.word, other.word):
                    continue
                relation = mine.sign * theirs.sign * denial
            elif {mine.axis, theirs.axis} <= _WORTHS:
                shared = _object(words, cue.at) == _object(stated, other.at) is not None
                worth = _worth(words, cue.at, mine, shared)
                relation = worth * _worth(stated, other.at, theirs, shared) * denial
            else:
                continue
            # A word of several meanings agrees where any of them does.
            if found <= 0 and relation:
                found = relation
    if found and are_turned_round(words, cue.at, stated, other.at):
        found = -found
    return found


def _both_states(word: str, other: str) -> bool:
    """Whether two words may be compared: that a thing is high says nothing of what raises it."""
    if word in _ABSOLUTES or other in _ABSOLUTES:
        return {word, other} <= _STATES
    return True


def _worth(words: Sequence[Word], at: int, direction: Direction, shared: bool) -> int:
    """Returns 1 where a word says that things get better, -1 for worse, 0 where that is open.

    Of an object that both texts name and that is no known cost, more is taken to be better.
    """
    if direction.axis != "amount":
        return direction.sign
    for offset in (*range(1, _OBJECT_REACH + 1), *range(-1, -_OBJECT_REACH - 1, -1)):
        other = at + offset
        if 0 <= other < len(words) and words[other].clause == words[at].clause:
            term = words[other].term
            goodness = goodness_of(term) if term else 0
            if goodness:
                return goodness * direction.sign
    return direction.sign if shared else 0


def _object(words: Sequence[Word], at: int) -> str | None:
    """Returns the term that follows a word in its clause, if one does."""
    for word in words[at + 1 : at + 1 + _OBJECT_REACH]:
        if word.clause != words[at].clause:
            return None
        if word.term:
            return word.term
    return None


def _of_other_things(words: Sequence[Word], cue: _Cue, stated: Sequence[Word], other: _Cue) -> bool:
    """Whether two words, adjectives mostly, stand before different nouns."""
    mine, theirs = _object(words, cue.at), _object(stated, other.at)
    return mine is not None and theirs is not None and mine != theirs
