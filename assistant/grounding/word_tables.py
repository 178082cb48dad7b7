"""The tables of words that the checks read: TOML files of this package, words between spaces."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_table(name: str) -> dict[str, Any]:
    """Returns the tables of a file of this package, such as ``"polarity/words.toml"``."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def split_words(text: str) -> frozenset[str]:
    """Returns the words of a table's entry."""
    return frozenset(text.split())


def split_pairs(text: str) -> frozenset[tuple[str, ...]]:
    """Returns the pairs of words of an entry such as ``"at_least no_longer"``."""
    return frozenset(tuple(pair.split("_")) for pair in text.split())
