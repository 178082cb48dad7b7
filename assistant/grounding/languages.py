"""Claims in another language than their sources: what of them can be checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from assistant.grounding.claim_sources import ClaimSources
from assistant.grounding.clause_words import simplify_text
from assistant.grounding.frequencies import is_ordinary
from assistant.grounding.proper_names import NameIndex, find_names, is_acronym_of, list_name_parts
from assistant.grounding.quantities import find_quantities
from assistant.text.language import FUNCTION_WORDS, is_english, may_share_language
from assistant.text.terms import STOP_WORDS, extract_terms
from assistant.types import Flag

UNCHECKED = Flag(
    "language",
    "",
    "Written in another language than its sources: only figures and names were checked.",
)

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH_ALONE = STOP_WORDS - FUNCTION_WORDS
_MIN_KNOWN = 0.5
"""Share of the small words of an English sentence that English abstracts have, at least.
Source: measured on 661 answers in English: 3 have less, and each of those is a phrase."""
_MIN_UNKNOWN = 3

_NUMERAL = re.compile(
    r"(?<![^\W\d_])(?<![\d.,])(?P<whole>\d{1,3}(?:[., ']\d{3})+|\d+)(?:[.,](?P<rest>\d+))?"
    r"(?:\s?(?P<myriad>[万萬만億亿억]))?"
)
_MYRIADS = {"万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8}
_SEPARATOR = re.compile(r"[., ']")
_SCALES = (1.0, 1e3, 1e6, 1e9)
_ROUND_DIGITS = 2


def is_in_other_language(claim: str, sources: Sequence[str]) -> bool:
    """Returns whether ``claim`` is clearly in another language than ``sources``."""
    stated = " ".join(sources)
    own, theirs = _reads_as_english(claim), _reads_as_english(stated)
    return own != theirs or not (own or may_share_language(claim, stated))


def find_foreign_mismatches(claim: str, sources: ClaimSources) -> tuple[Flag, ...]:
    """Returns a flag for each figure of ``claim`` that the sources lack, and for each such name.

    Figures agree however a language writes them, whatever its words for scales and units. Names
    are told by their form alone.
    """
    texts = (*sources.titles, *sources.cited_texts, *sources.rest)
    return (*_flag_figures(claim, texts), *_flag_names(claim, texts))


def _reads_as_english(text: str) -> bool:
    """Returns whether ``text`` is English, as far as can be told; a few names alone are."""
    if not is_english(text):
        return False
    words = {word for word in _WORD.findall(text) if word.islower() and len(word) > 1}
    opening = {word.casefold() for word in _WORD.findall(text)[:1]}
    if (words | opening) & _ENGLISH_ALONE:
        return True
    foreign = (words | opening) & FUNCTION_WORDS - STOP_WORDS
    unknown = {w for w in words - STOP_WORDS if not all(map(is_ordinary, extract_terms(w)))}
    few = len(unknown) < _MIN_UNKNOWN and not foreign
    return few or len(words - unknown - foreign) >= _MIN_KNOWN * len(words | foreign)


def _flag_figures(claim: str, texts: Sequence[str]) -> list[Flag]:
    stated = {value for text in texts for f in find_quantities(text) for value in (f.value, f.raw)}
    for text in texts:
        stated.update(*(values for _, values in _read_numerals(text)))
    rounded = _RoundedFigures(stated)
    return [
        Flag("number", figure, f"The sources do not hold the figure {figure!r}.")
        for figure, values in _read_numerals(claim)
        if min(values) > 1 and not any(value in rounded for value in values)
    ]


def _read_numerals(text: str) -> list[tuple[str, frozenset[float]]]:
    """Returns each number in digits with what it may be worth: "1.234" is two things."""
    found = []
    for match in _NUMERAL.finditer(simplify_text(text)):
        whole, rest, myriad = match.group("whole", "rest", "myriad")
        bare = _SEPARATOR.sub("", whole)
        values = {float(f"{bare}.{rest or 0}")}
        parts = _SEPARATOR.split(whole)
        if len(parts) == 2 and rest is None:
            values.add(float(".".join(parts)))
        factor = _MYRIADS[myriad] if myriad else 1.0
        found.append((match[0].strip(), frozenset(factor * value for value in values)))
    return found


class _RoundedFigures:
    """Figures of sources, as they are, rounded, and in thousands or millions."""

    def __init__(self, stated: Iterable[float]) -> None:
        self._stated = frozenset(stated)
        self._by_digits: dict[int, frozenset[float]] = {}

    def __contains__(self, value: float) -> bool:
        """Whether a source holds ``value``, or what rounds to it."""
        digits = max(len(f"{value:g}".replace(".", "").strip("0")), _ROUND_DIGITS)
        if digits not in self._by_digits:
            self._by_digits[digits] = frozenset(
                float(f"{held / scale:.{digits}g}") for held in self._stated for scale in _SCALES
            )
        return float(f"{value:.{digits}g}") in self._by_digits[digits]


def _flag_names(claim: str, texts: Sequence[str]) -> list[Flag]:
    index = NameIndex(texts)
    latin = "".join(char if _is_latin(char) else " " for char in simplify_text(claim))
    names = [name for name, by_form in find_names(latin) if by_form]
    return [
        Flag("name", part, f"The sources do not name {part!r}.")
        for part in dict.fromkeys(part for name in names for part in list_name_parts(name))
        if part not in index and not any(is_acronym_of(part, text) for text in texts)
    ]


def _is_latin(char: str) -> bool:
    return not char.isalpha() or unicodedata.name(char, "").startswith("LATIN")
