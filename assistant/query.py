"""A question as typed -> what is searched for: text to embed, terms to match, corrections."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.terms import spelled_terms

MAX_TERMS = 96
"""Distinct terms searched for: a pasted abstract has about 80; more only costs time."""

MAX_CHARACTERS = 6_000
"""Characters looked at: the embedder reads the first 256 word pieces, about 1,200 characters."""


class Vocabulary(Protocol):
    """What cleaning needs to know of a library's words."""

    def idf(self, term: str) -> float:
        """Returns the inverse document frequency of ``term``."""
        ...

    def __contains__(self, term: str) -> bool: ...

    def words(self) -> Sequence[str]:
        """Returns the commonest spelling of every term."""
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the question that the library does not know, and the word read in its place."""

    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class CleanedQuery:
    """A question made ready for search.

    ``text`` is what is embedded; ``terms`` are distinct, in the question's order, and include
    those of the corrections, whose originals are kept as well.
    """

    text: str
    terms: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()


def clean_query(question: str, vocabulary: Vocabulary) -> CleanedQuery:
    """Returns ``question`` as it is searched for in a library of ``vocabulary``."""
    text = _printable(question[:MAX_CHARACTERS])
    known = dict.fromkeys(term for _, term in spelled_terms(text))
    return CleanedQuery(text, _most_telling(list(known), vocabulary))


def _printable(text: str) -> str:
    """Returns ``text`` without control characters, white space runs as one space."""
    kept = ("" if unicodedata.category(c) in {"Cf", "Cs"} else c for c in text)
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in kept).split())


def _most_telling(terms: list[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Returns at most MAX_TERMS of ``terms``, the rarest in the library, in their order."""
    if len(terms) <= MAX_TERMS:
        return tuple(terms)
    known = [term for term in terms if term in vocabulary]
    rarest = set(sorted(known, key=vocabulary.idf, reverse=True)[:MAX_TERMS])
    return tuple(term for term in known if term in rarest)
