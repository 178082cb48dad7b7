"""Words that point somewhere where they stand in a text, and whether they are denied there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.grounding.clause_words import ClauseWord, read_words
from assistant.grounding.polarity.comparisons import ASIDES
from assistant.grounding.polarity.negations import find_negations
from assistant.grounding.polarity.opposites import Direction, look_up_directions
from assistant.grounding.word_tables import read_table, split_pairs, split_words

_DENIED_REACH = 5
_DENIED_OBJECT = split_words("no not neither nothing none")
_WORDS = read_table("polarity/words.toml")["cues"]
_IDIOMS = split_pairs(_WORDS["idioms"])
_LOST = split_words(_WORDS["lost"])
_LOSS_KINDS = split_words(_WORDS["loss_kinds"])
_LOSS_OF = frozenset({"of", "in"})
_PRAISED = split_words(_WORDS["praised"])
_DEGREES: dict[str, Literal[1, -1]] = {"more": 1, "most": 1, "less": -1, "least": -1}
_PLACES = frozenset(["above", "below"])
_BELOW = Direction("quality", -1)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word at place ``at`` of a text, where it points, and whether it is denied."""

    at: int
    word: str
    directions: tuple[Direction, ...]
    denied: bool


@lru_cache(maxsize=20_000)
def find_cues(text: str) -> tuple[Cue, ...]:
    """Returns the words of ``text`` that point somewhere, in order."""
    words = read_words(text)
    negations = frozenset(find_negations(text))
    cues = []
    for at, word in enumerate(words):
        directions = _read_directions(words, at)
        if directions:
            near = negations.intersection(range(at - _DENIED_REACH, at + 2))
            denied = word.folded not in _PLACES and any(
                _reaches(words, negation, at) for negation in near
            )
            cues.append(Cue(at, word.folded, directions, denied))
    return tuple(cues)


def _reaches(words: Sequence[ClauseWord], negation: int, at: int) -> bool:
    """Whether a negation denies ``words[at]``: before it in its clause, or as in 'needs no'."""
    if negation == at + 1:
        return words[negation].folded in _DENIED_OBJECT
    between = words[negation + 1 : at]
    return (
        0 < at - negation <= _DENIED_REACH
        and words[negation].clause == words[at].clause
        and not any(word.folded in ASIDES or word.folded in ("of", "from") for word in between)
    )


def _read_directions(words: Sequence[ClauseWord], at: int) -> tuple[Direction, ...]:
    """Returns where a word points among its neighbours; () where it points nowhere there."""
    word = words[at].folded
    before = words[at - 1].folded if at else ""
    after = words[at + 1].folded if at + 1 < len(words) else ""
    if (before, word) in _IDIOMS or (word, after) in _IDIOMS or _stands_with_opposite(words, at):
        return ()
    if word in ("speed", "speeds", "speeding", "speeded", "sped"):
        return look_up_directions("speedup") if after == "up" else ()
    if word in _DEGREES:
        praised = any(w.folded in _PRAISED for w in words[at + 1 : at + 3])
        return (Direction("quality", _DEGREES[word]),) if praised else look_up_directions(word)
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
    return look_up_directions(word)


def _stands_with_opposite(words: Sequence[ClauseWord], at: int) -> bool:
    """Whether a word stands with its opposite, as in 'good or bad'."""
    own = look_up_directions(words[at].folded)
    for joint, other in ((at + 1, at + 2), (at - 1, at - 2)):
        if 0 <= other < len(words) and words[joint].folded in ("and", "or"):
            theirs = look_up_directions(words[other].folded)
            if any(a.axis == b.axis and a.sign != b.sign for a in own for b in theirs):
                return True
    return False


def _counts(words: Sequence[ClauseWord], at: int) -> bool:
    """Whether 'up' belongs to 'up to 5' or to a verb that says the direction by itself."""
    following = [word.folded for word in words[at + 1 : at + 4]]
    quantity = any(word[:1].isdigit() for word in following[1:])
    after_verb = at > 0 and (
        look_up_directions(words[at - 1].folded) or words[at - 1].folded.startswith("speed")
    )
    return bool(after_verb) or (following[:1] == ["to"] and quantity)
