"""What texts say around a word, denied or not: read once, however many words are looked up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise

from assistant.grounding.clause_words import FREE, ClauseWord, find_term

REACH = 6
WIDE_REACH = 10

Occurrence = tuple[frozenset[str | None], bool]
"""The terms around a word, and whether something near it denies it."""


class Statements:
    """The words of several texts, found by their terms.

    ``denies`` tells whether a folded word denies what is near it, with True where that must leave
    no doubt; ``is_denied`` whether something near a word of a text does.
    """

    def __init__(
        self,
        texts: Iterable[Sequence[ClauseWord]],
        denies: Callable[[str, bool], bool],
        is_denied: Callable[[Sequence[ClauseWord], int, bool], bool],
    ) -> None:
        self._texts = tuple(texts)
        self._denies = denies
        self._is_denied = is_denied
        self._occurrences: dict[tuple[str | None, bool], frozenset[Occurrence]] = {}
        self._denied: dict[bool, tuple[frozenset[str], frozenset[frozenset[str]]]] = {}
        self._places: dict[str | None, list[tuple[Sequence[ClauseWord], int]]] = {}
        for words in self._texts:
            for at, word in enumerate(words):
                self._places.setdefault(word.term, []).append((words, at))
        self._terms = sorted(term for term in self._places if term)

    def find_occurrences(self, term: str | None, *, strict: bool) -> frozenset[Occurrence]:
        """Returns each different way in which ``term`` stands in the texts."""
        key = term, strict
        if key not in self._occurrences:
            self._occurrences[key] = frozenset(
                (
                    frozenset(word.term for word in words[max(at - REACH, 0) : at + REACH + 1]),
                    self._is_denied(words, at, strict),
                )
                for words, at in self._places.get(term, ())
            )
        return self._occurrences[key]

    def have_beginning(self, beginning: str) -> bool:
        """Returns whether a term of the texts begins so."""
        at = bisect_left(self._terms, beginning)
        return at < len(self._terms) and self._terms[at].startswith(beginning)

    def deny_near(self, terms: Collection[str], least: int, *, strict: bool) -> bool:
        """Returns whether the texts deny anything near ``least`` of ``terms``, however put."""
        if strict not in self._denied:
            self._denied[strict] = self._read_denied(strict)
        before_free, around = self._denied[strict]
        wanted = frozenset(terms)
        return not wanted.isdisjoint(before_free) or any(
            len(wanted & near) >= least for near in around
        )

    def _read_denied(self, strict: bool) -> tuple[frozenset[str], frozenset[frozenset[str]]]:
        """Returns the terms before "-free", and those near each word that denies."""
        before_free: set[str] = set()
        around: set[frozenset[str]] = set()
        for words in self._texts:
            for at, word in enumerate(words):
                if word.folded == FREE and at and (term := words[at - 1].term):
                    before_free.add(term)
                if self._denies(word.folded, strict):
                    near = words[max(at - WIDE_REACH, 0) : at + WIDE_REACH + 1]
                    around.add(frozenset(collect_terms(near)))
        return frozenset(before_free), frozenset(around)


def collect_terms(words: Sequence[ClauseWord]) -> set[str]:
    """Returns the terms of ``words``, and of neighbours as one: "fine-tuning" is "finetuning"."""
    joined = (find_term(one.folded + other.folded) for one, other in pairwise(words))
    return {term for term in (*(word.term for word in words), *joined) if term}
