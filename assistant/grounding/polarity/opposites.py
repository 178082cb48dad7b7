"""Which way a word points: axes of opposites, and of which things more is better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.grounding.clause_words import find_term, find_terms
from assistant.grounding.word_tables import read_table, split_words

_AXES = read_table("polarity/words.toml")["axes"]
_WORDS = read_table("polarity/words.toml")["opposites"]
_NOWHERE = split_words(_WORDS["nowhere"])
_NOT_BY_TERM = split_words(_WORDS["not_by_term"])

INFLECTED = frozenset(axis for axis, words in _AXES.items() if words.get("inflected"))
"""Axes of verbs, whose every form counts; other words count as they are listed."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Where a word points: up (+1) or down (-1) on one axis."""

    axis: str
    sign: Literal[1, -1]


_Directions = dict[str, tuple[Direction, ...]]


def look_up_directions(word: str) -> tuple[Direction, ...]:
    """Returns where a folded word points, once for each axis it is on; () for most words."""
    if word in _NOWHERE:
        return ()
    by_word, by_term = _index_directions()
    if word in by_word:
        return by_word[word]
    term = find_term(word)
    return by_term.get(term, ()) if term else ()


def look_up_goodness(term: str) -> int:
    """Returns 1 for a term of which more is better, -1 for a cost, 0 for any other."""
    costs, goods = _index_goodness()
    return -1 if term in costs else 1 if term in goods else 0


@cache
def _index_directions() -> tuple[_Directions, _Directions]:
    """Returns directions by folded word, and by term for the other forms of these words."""
    by_word: _Directions = {}
    by_term: _Directions = {}
    for axis, words in _AXES.items():
        for direction, listed in (
            (Direction(axis, 1), words["up"]),
            (Direction(axis, -1), words["down"]),
        ):
            for word in listed.split():
                key = word.replace("-", "")
                by_word[key] = (*by_word.get(key, ()), direction)
                term = find_term(key)
                if (
                    term
                    and axis in INFLECTED
                    and term not in _NOT_BY_TERM
                    and direction not in by_term.get(term, ())
                ):
                    by_term[term] = (*by_term.get(term, ()), direction)
    return by_word, by_term


@cache
def _index_goodness() -> tuple[frozenset[str], frozenset[str]]:
    return find_terms(_WORDS["costs"]), find_terms(_WORDS["goods"])
