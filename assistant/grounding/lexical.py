"""How far a text holds a claim's words: idf-weighted coverage of stems, near words counting half."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from assistant.grounding.names import spells
from assistant.terms import spelled_terms, word_runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REPORTING = frozenset(
    term
    for _, term in spelled_terms(
        "author paper work study article researcher team propose present introduce describe show "
        "report find demonstrate method approach technique system framework model result "
        "experiment evaluation achieve obtain reach use using make give provide offer according "
        "also called named new novel allow enable able help aim goal include based compared"
    )
)
_REPORTING_WEIGHT = 0.35
"""Words that say how a thing is reported and not what it is."""

_NEAR_PREFIX = 5
_NEAR_CREDIT = 0.5


@dataclass(frozen=True, slots=True)
class ClaimTerm:
    """A word of the claim: the terms that may be met for it, and its weight, >= 0."""

    alternatives: tuple[str, ...]
    parts: tuple[str, ...]
    weight: float
    text: str


@lru_cache(maxsize=50_000)
def _runs(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((run, tuple(term for _, term in spelled_terms(run))) for run in word_runs(text))


@lru_cache(maxsize=50_000)
def term_set(text: str) -> frozenset[str]:
    """Returns the terms of ``text``."""
    return frozenset(term for _, found in _runs(text) for term in found)


def claim_terms(text: str, idf: Callable[[str], float]) -> tuple[ClaimTerm, ...]:
    """Returns the words of ``text`` that carry content, in order."""
    found = []
    for run, own in _runs(text):
        if not own:
            continue
        compound = len(own) > 1 and any(c in run for c in "-\u2010\u2011\u2012\u2013")
        parts = own[:-1] if compound else own[:1]
        weight = sum(idf(part) for part in parts) / len(parts)
        if all(part in _REPORTING for part in parts):
            weight *= _REPORTING_WEIGHT
        found.append(ClaimTerm((own[-1],) if compound else own, parts, weight, run))
    return tuple(found)


def term_credits(claim: Sequence[ClaimTerm], terms: frozenset[str]) -> list[float]:
    """Returns how well each word of the claim is met by ``terms``, each in [0, 1]."""
    prefixes = {term[:_NEAR_PREFIX] for term in terms if len(term) >= _NEAR_PREFIX}
    return [_credit(word, terms, prefixes) for word in claim]


def coverage(claim: Sequence[ClaimTerm], credits: Sequence[float]) -> float:
    """Returns the weighted share of the claim's words that is met, [0, 1]; 1 without any words."""
    total = sum(word.weight for word in claim)
    if total <= 0:
        return 1.0
    return sum(w.weight * c for w, c in zip(claim, credits, strict=True)) / total


def acronym_terms(claim: str, texts: Iterable[str], acronyms: Iterable[str]) -> frozenset[str]:
    """Returns the terms that ``claim`` spells out of acronyms of the texts, and the reverse."""
    joined = " ".join(texts)
    found: set[str] = set()
    for acronym in acronyms:
        if spells(claim, acronym) or spells(joined, acronym):
            found.update(term_set(acronym))
    return frozenset(found)


def _credit(word: ClaimTerm, terms: frozenset[str], prefixes: set[str]) -> float:
    if any(term in terms for term in word.alternatives):
        return 1.0
    met = 0.0
    for part in word.parts:
        if part in terms:
            met += 1.0
        elif len(part) > _NEAR_PREFIX and part[:_NEAR_PREFIX] in prefixes:
            met += _NEAR_CREDIT
    return met / len(word.parts)


def weights_of(claim: Sequence[ClaimTerm]) -> Mapping[str, float]:
    """Returns each part's share of the claim's weight."""
    return {part: w.weight / len(w.parts) for w in claim for part in w.parts}


class Vectors(Protocol):
    """Words of one text: ``spans`` (n, 2) are their offsets, ``vectors`` (n, dim) int8."""

    @property
    def spans(self) -> NDArray[np.int32]:
        """Character offsets of each word."""
        ...

    @property
    def vectors(self) -> NDArray[np.int8]:
        """Vectors of length 127."""
        ...


class Words(Protocol):
    """Gives the vectors of words as they stand in their texts."""

    def query_words(self, text: str) -> Vectors:
        """Returns the words of a claim."""
        ...

    def words(self, texts: Sequence[str]) -> Sequence[Vectors]:
        """Returns the words of each source sentence."""
        ...


class Lexical:
    """Layer 3: the share of a claim's words that its sources hold."""

    def __init__(self, idf: Callable[[str], float], words: Words | None) -> None:
        self._idf = idf
        self._words = words

    def support(
        self, terms: Sequence[ClaimTerm], texts: Sequence[str], titles: Sequence[str]
    ) -> float:
        """Returns the mean coverage by all of ``texts`` and by the best stretches, [0, 1]."""
        sets = [term_set(text) for text in texts]
        title = frozenset[str]().union(*(term_set(t) for t in titles))
        values = []
        for width in (1, 3, len(sets)):
            best = 0.0
            for start in range(max(len(sets) - width, 0) + 1):
                held = title.union(*sets[start : start + width])
                best = max(best, coverage(terms, term_credits(terms, held)))
            values.append(best)
        return sum(values) / len(values)
