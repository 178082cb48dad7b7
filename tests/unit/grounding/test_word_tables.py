"""The tables of words: well formed, and without a word that says two things at once."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from assistant.grounding.polarity.opposites import Direction, look_up_directions
from assistant.grounding.word_tables import read_table

NUMBERS = read_table("number_words.toml")
AXES = read_table("polarity/words.toml")["axes"]
LISTS = {
    f"{section}.{key}": words
    for section, lists in read_table("polarity/words.toml").items()
    if section != "axes"
    for key, words in lists.items()
} | {f"{axis}.{end}": AXES[axis][end] for axis in AXES for end in ("up", "down")}


@pytest.mark.parametrize("name", LISTS)
def test_words_are_folded_and_listed_once(name: str) -> None:
    words = Counter(LISTS[name].split())
    assert words
    assert all(word == word.casefold() for word in words)
    assert [word for word, n in words.items() if n > 1] == []


@pytest.mark.parametrize("name", [name for name in LISTS if name.endswith("idioms")])
def test_idioms_are_pairs(name: str) -> None:
    assert all(len(idiom.split("_")) == 2 for idiom in LISTS[name].split())


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_has_two_ends_and_nothing_else(axis: str) -> None:
    assert set(AXES[axis]) - {"inflected"} == {"up", "down"}
    assert AXES[axis].get("inflected", True) is True
    assert not set(AXES[axis]["up"].split()) & set(AXES[axis]["down"].split())


def test_words_point_where_they_are_listed() -> None:
    assert look_up_directions("faster") == (Direction("speed", 1),)
    assert look_up_directions("slower") == (Direction("speed", -1),)
    assert Direction("amount", -1) in look_up_directions("reducing")


@pytest.mark.parametrize("table", ["scales", "times", "shares", "seconds", "bytes"])
def test_every_number_word_is_worth_one_positive_number(table: str) -> None:
    words = Counter(word for listed in NUMBERS[table].values() for word in listed.split())
    assert words
    assert max(words.values()) == 1
    assert all(Fraction(value) > 0 for value in NUMBERS[table])
