"""Layer 3: how far sources hold a claim's words, by their stems and by their nearest words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from assistant.grounding.figures import Figure, figures
from assistant.grounding.wording import plain_text
from assistant.text.terms import spelled_terms, terms, word_runs

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
_STRETCH = 3
_LENGTH = 127.0
"""Length of the word vectors."""


@dataclass(frozen=True, slots=True)
class ClaimTerm:
    """A word of the claim: the terms that may be met for it, and its weight, >= 0."""

    alternatives: tuple[str, ...]
    parts: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text's runs of letters with their terms, and the keys of its figures."""

    runs: tuple[tuple[str, tuple[str, ...]], ...]
    figures: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=50_000)
def _read(text: str) -> _Reading:
    plain = plain_text(text)
    found = figures(text)
    rest, at = [], 0
    for figure in found:
        # Overlapping figures, as "one third", are cut out once.
        rest.append(plain[at : max(figure.at, at)])
        at = max(figure.end, at)
    rest.append(plain[at:])
    runs = tuple(
        (run, tuple(term for _, term in spelled_terms(run))) for run in word_runs(" ".join(rest))
    )
    return _Reading(runs, tuple(_figure_keys(figure) for figure in found))


@lru_cache(maxsize=50_000)
def term_set(text: str) -> frozenset[str]:
    """Returns the terms of ``text``; figures are there as their values, however written."""
    reading = _read(text)
    found = {term for _, own in reading.runs for term in own}
    return frozenset(found.union(*reading.figures))


def claim_terms(text: str, idf: Callable[[str], float]) -> tuple[ClaimTerm, ...]:
    """Returns the words of ``text`` that carry content, in order, then its figures."""
    found = []
    reading = _read(text)
    for run, own in reading.runs:
        if not own:
            continue
        compound = len(own) > 1 and any(c in run for c in "-\u2010\u2011\u2012\u2013")
        parts = own[:-1] if compound else own[:1]
        weight = sum(idf(part) for part in parts) / len(parts)
        if all(part in _REPORTING for part in parts):
            weight *= _REPORTING_WEIGHT
        found.append(ClaimTerm((own[-1],) if compound else own, parts, weight))
    usual = sum(word.weight for word in found) / len(found) if found else 1.0
    found += [ClaimTerm(keys, keys[:1], usual) for keys in reading.figures]
    return tuple(found)


def _figure_keys(figure: Figure) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"#{figure.value:.6g}", f"#{figure.raw:.6g}")))


def term_credits(claim: Sequence[ClaimTerm], held: frozenset[str]) -> list[float]:
    """Returns how well each word of the claim is met by ``held``, each in [0, 1]."""
    prefixes = _prefixes(held)
    return [_credit(word, held, prefixes) for word in claim]


@lru_cache(maxsize=20_000)
def _prefixes(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term[:_NEAR_PREFIX] for term in terms if len(term) >= _NEAR_PREFIX)


def coverage(claim: Sequence[ClaimTerm], credits: Sequence[float]) -> float:
    """Returns the weighted share of the claim's words that is met, [0, 1]; 1 without any words."""
    total = sum(word.weight for word in claim)
    if total <= 0:
        return 1.0
    return sum(w.weight * c for w, c in zip(claim, credits, strict=True)) / total


def _credit(word: ClaimTerm, held: frozenset[str], prefixes: frozenset[str]) -> float:
    if any(term in held for term in word.alternatives):
        return 1.0
    met = 0.0
    for part in word.parts:
        if part in held:
            met += 1.0
        elif len(part) > _NEAR_PREFIX and part[:_NEAR_PREFIX] in prefixes:
            met += _NEAR_CREDIT
    return met / len(word.parts)


class Vectors(Protocol):
    """Words of one text: ``spans`` (n, 2) are their offsets, ``vectors`` (n, dim) of length 127."""

    @property
    def spans(self) -> NDArray[np.int32]:
        """Character offsets of each word."""
        ...

    @property
    def vectors(self) -> NDArray[np.int8]:
        """The words as they stand in their text."""
        ...


class Words(Protocol):
    """Gives the vectors of words as they stand in their texts."""

    def query_words(self, text: str) -> Vectors:
        """Returns the words of a claim."""
        ...

    def words(self, texts: Sequence[str]) -> Sequence[Vectors]:
        """Returns the words of each source sentence."""
        ...


def stem_support(terms: Sequence[ClaimTerm], texts: Sequence[str], titles: Sequence[str]) -> float:
    """Returns how far ``texts`` hold the words of a claim, [0, 1].

    The mean of what the best sentence holds, what the best three in a row hold, and what all of
    them hold: a claim that is put together from all over a long text has less support. Titles
    count with each.
    """
    credits = [term_credits(terms, term_set(text)) for text in texts]
    title = _best_of([term_credits(terms, term_set(text)) for text in titles], len(terms))
    values = []
    for width in (1, _STRETCH, len(credits)):
        best = 0.0
        for start in range(max(len(credits) - width, 0) + 1):
            held = _best_of([title, *credits[start : start + width]], len(terms))
            best = max(best, coverage(terms, held))
        values.append(best)
    return sum(values) / len(values)


def _best_of(credits: Sequence[Sequence[float]], n_terms: int) -> Sequence[float]:
    """Returns the best credit of each term."""
    return [max(own) for own in zip(*credits, strict=True)] if credits else [0.0] * n_terms


def soft_support(
    claim: str, texts: Sequence[str], words: Words, idf: Callable[[str], float]
) -> float:
    """Returns how near the words of ``claim`` have some word of ``texts``, [0, 1].

    The mean of each word's highest squared cosine, weighted by the idf of the word; 1 without
    any words.

    Source: MaxSim of Khattab & Zaharia, "ColBERT", 2020, section 3.3; Zhang et al., "BERTScore",
    2020, recall with idf; squares measured: evals/lab/grounding.py.
    """
    import numpy as np

    own = words.query_words(claim)
    stated = [found.vectors for found in words.words(texts)]
    weights = np.array(
        [max(map(idf, spelled), default=0.0) for spelled in _spelled(claim, own)], dtype=float
    )
    if weights.sum() <= 0:
        return 1.0
    held = np.concatenate(stated).astype(np.float32) / _LENGTH
    if not len(held):
        return 0.0
    cosines = (own.vectors.astype(np.float32) / _LENGTH) @ held.T
    nearest = np.maximum(cosines, 0.0).max(axis=1) ** 2
    return min(float(weights @ nearest / weights.sum()), 1.0)


def _spelled(text: str, words: Vectors) -> list[list[str]]:
    return [terms(text[start:end]) for start, end in words.spans.tolist()]
