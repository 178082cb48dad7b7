"""Layer 3: how far sources hold a claim's words, by their stems and by their nearest words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from assistant.grounding.clause_words import simplify_text
from assistant.grounding.quantities import Quantity, find_quantities
from assistant.text.terms import extract_spelled_terms, extract_terms, find_word_runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STRETCH = 3
_NAMED_WEIGHT = 0.3
"""Source: measured on 752 answers of six fields, each against the sentences that answer and
against others of its paper: the ROC-AUC is .975, and .953 where titles count as sources."""
_LENGTH = 127.0
"""Length of the word vectors."""


@dataclass(frozen=True, slots=True)
class ClaimTerm:
    """A word of the claim: the terms that may be met for it, and its weight, >= 0."""

    alternatives: tuple[str, ...]
    parts: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _TextTerms:
    """A text's runs of letters with their terms, and the keys of its quantities."""

    runs: tuple[tuple[str, tuple[str, ...]], ...]
    quantities: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=50_000)
def _read_terms(text: str) -> _TextTerms:
    plain = simplify_text(text)
    found = find_quantities(text)
    rest, at = [], 0
    for quantity in found:
        # Overlapping quantities, as "one third", are cut out once.
        rest.append(plain[at : max(quantity.at, at)])
        at = max(quantity.end, at)
    rest.append(plain[at:])
    runs = tuple(
        (run, tuple(term for _, term in extract_spelled_terms(run)))
        for run in find_word_runs(" ".join(rest))
    )
    return _TextTerms(runs, tuple(_key_quantity(quantity) for quantity in found))


@lru_cache(maxsize=50_000)
def collect_terms(text: str) -> frozenset[str]:
    """Returns the terms of ``text``; quantities are there as their values, however written."""
    reading = _read_terms(text)
    found = {term for _, own in reading.runs for term in own}
    return frozenset(found.union(*reading.quantities))


def weigh_claim_terms(text: str, idf: Callable[[str], float]) -> tuple[ClaimTerm, ...]:
    """Returns the words of ``text`` that carry content, in order, then its quantities."""
    found = []
    reading = _read_terms(text)
    for run, own in reading.runs:
        if not own:
            continue
        compound = len(own) > 1 and any(c in run for c in "-\u2010\u2011\u2012\u2013")
        parts = own[:-1] if compound else own[:1]
        weight = sum(idf(part) for part in parts) / len(parts)
        found.append(ClaimTerm((own[-1],) if compound else own, parts, weight))
    usual = sum(word.weight for word in found) / len(found) if found else 1.0
    found += [ClaimTerm(keys, keys[:1], usual) for keys in reading.quantities]
    return tuple(found)


def _key_quantity(quantity: Quantity) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"#{quantity.value:.6g}", f"#{quantity.raw:.6g}")))


def credit_terms(claim: Sequence[ClaimTerm], held: frozenset[str]) -> list[float]:
    """Returns how well each word of the claim is met by ``held``, each in [0, 1]."""
    return [_credit_term(word, held) for word in claim]


def measure_coverage(claim: Sequence[ClaimTerm], credits: Sequence[float]) -> float:
    """Returns the weighted share of the claim's words that is met, [0, 1]; 1 without any words."""
    total = sum(word.weight for word in claim)
    if total <= 0:
        return 1.0
    return sum(w.weight * c for w, c in zip(claim, credits, strict=True)) / total


def _credit_term(word: ClaimTerm, held: frozenset[str]) -> float:
    if any(term in held for term in word.alternatives):
        return 1.0
    return sum(part in held for part in word.parts) / len(word.parts)


def discount_titles(
    idf: Callable[[str], float], titles: Sequence[str], texts: Sequence[str]
) -> Callable[[str], float]:
    """Returns ``idf`` with less weight for the words that ``titles`` have and ``texts`` have not.

    A claim names its subject as the title does; that neither speaks for what it says nor against.
    """
    named = frozenset[str]().union(*map(collect_terms, titles))
    named -= frozenset[str]().union(*map(collect_terms, texts))
    return lambda term: (_NAMED_WEIGHT if term in named else 1.0) * idf(term)


class TextVectors(Protocol):
    """Words of one text: ``spans`` (n, 2) are their offsets, ``vectors`` (n, dim) of length 127."""

    @property
    def spans(self) -> NDArray[np.int32]:
        """Character offsets of each word."""
        ...

    @property
    def vectors(self) -> NDArray[np.int8]:
        """The words as they stand in their text."""
        ...


class WordVectorizer(Protocol):
    """Gives the vectors of words as they stand in their texts."""

    def embed_query_words(self, text: str) -> TextVectors:
        """Returns the words of a claim."""
        ...

    def embed_words(self, texts: Sequence[str]) -> Sequence[TextVectors]:
        """Returns the words of each source sentence."""
        ...


def measure_stem_support(terms: Sequence[ClaimTerm], texts: Sequence[str]) -> float:
    """Returns how far ``texts`` hold the words of a claim, [0, 1].

    The mean of what the best sentence holds, what the best three in a row hold, and what all of
    them hold: a claim that is put together from all over a long text has less support.
    """
    met = restrict_terms(terms, texts)
    credits = {held: credit_terms(terms, held) for held in set(met)}
    values = []
    for width in (1, _STRETCH, len(met)):
        # The order within a stretch, and how often it comes, do not matter.
        stretches = {
            frozenset(met[start : start + width]) for start in range(max(len(met) - width, 0) + 1)
        }
        values.append(
            max(
                measure_coverage(terms, _take_best([credits[held] for held in own], len(terms)))
                for own in stretches
            )
        )
    return sum(values) / len(values)


def restrict_terms(claim: Sequence[ClaimTerm], texts: Sequence[str]) -> list[frozenset[str]]:
    """Returns, for each text, those of its terms that a word of the claim may meet.

    Texts of which these are the same give the claim the same credits.
    """
    wanted = frozenset(term for word in claim for term in (*word.alternatives, *word.parts))
    return [collect_terms(text) & wanted for text in texts]


def _take_best(credits: Sequence[Sequence[float]], n_terms: int) -> Sequence[float]:
    """Returns the best credit of each term."""
    return [max(own) for own in zip(*credits, strict=True)] if credits else [0.0] * n_terms


def measure_soft_support(
    claim: str, texts: Sequence[str], words: WordVectorizer, idf: Callable[[str], float]
) -> float:
    """Returns how near the words of ``claim`` have some word of ``texts``, [0, 1].

    The mean of each word's highest squared cosine, weighted by the idf of the word; 1 without
    any words.

    Source: MaxSim of Khattab & Zaharia, "ColBERT", 2020, section 3.3; Zhang et al., "BERTScore",
    2020, recall with idf; squares measured: evals/lab/grounding.py.
    """
    import numpy as np

    own = words.embed_query_words(claim)
    stated = [found.vectors for found in words.embed_words(texts)]
    weights = np.array(
        [max(map(idf, spelled), default=0.0) for spelled in _split_spelled(claim, own)], dtype=float
    )
    if weights.sum() <= 0:
        return 1.0
    held = np.concatenate(stated).astype(np.float32) / _LENGTH
    if not len(held):
        return 0.0
    cosines = (own.vectors.astype(np.float32) / _LENGTH) @ held.T
    nearest = np.maximum(cosines, 0.0).max(axis=1) ** 2
    return min(float(weights @ nearest / weights.sum()), 1.0)


def _split_spelled(text: str, words: TextVectors) -> list[list[str]]:
    return [extract_terms(text[start:end]) for start, end in words.spans.tolist()]
