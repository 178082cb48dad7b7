"""A question as typed -> what is searched for: text to embed, terms to match, corrections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.text.language import FOLDED_FUNCTION_WORDS, is_english
from assistant.text.terms import STOP_WORDS, extract_spelled_terms, extract_terms
from assistant.text.tokens import count_tokens

MAX_TERMS = 96
"""Distinct terms searched for: a pasted abstract has about 80; more only costs time."""

MAX_CHARACTERS = 6_000
"""Characters looked at: the embedder reads the first 256 word pieces, about 1,200 characters."""

MIN_CORRECTED_LETTERS = 5
LONG_WORD_LETTERS = 9
"""Words of 5 to 8 letters may have one typing error, longer ones two, shorter ones none: of the
short ones too many are words of their own.
Source: measured on made errors, evals/lab/retrieval.py."""

_SHORT_WORD_LETTERS = 6
_COMMON_WORDS = sorted(word for word in STOP_WORDS if len(word) >= MIN_CORRECTED_LETTERS - 1)
_PLAIN_WORD = re.compile(r"[a-z]+")
_WORD = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)*\b")


class Vocabulary(Protocol):
    """What cleaning needs to know of a library's words."""

    def idf(self, term: str) -> float:
        """Returns the inverse document frequency of ``term``."""
        ...

    def __contains__(self, term: str) -> bool: ...

    def list_words(self) -> Sequence[str]:
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

    ``text`` is what is embedded, errors corrected; ``terms`` are distinct and in the question's
    order. A corrected word's own term is left out: no paper holds it, or it would be no error.
    """

    text: str
    terms: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()


class QueryCleaner:
    """Cleans questions to one library: what it does not know may be a typing error."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._choices_by_initial: dict[str, dict[str, str]] = {}

    def clean(self, question: str) -> CleanedQuery:
        """Returns ``question`` as it is searched for.

        Control characters go. A word that the library does not know is read as the one it may be
        a mistyping of, unless it looks like a name, is a common word itself (one token of a large
        vocabulary), or the question is in another language.
        """
        text = _strip_controls(question[:MAX_CHARACTERS])
        english = is_english(text)
        corrections = tuple(self._find_corrections(text)) if english else ()
        for correction in corrections:
            text = re.sub(rf"\b{re.escape(correction.original)}\b", correction.replacement, text)
        words = extract_spelled_terms(text)
        found = [term for word, term in words if english or word not in FOLDED_FUNCTION_WORDS]
        kept = _select_rarest(list(dict.fromkeys(found)), self._vocabulary)
        return CleanedQuery(text, kept, corrections)

    def _find_corrections(self, text: str) -> Iterable[Correction]:
        shouted = text.isupper()
        seen: set[str] = set()
        for match in _WORD.finditer(text):
            original = match.group()
            before = text[: match.start()].rstrip(" \"'([")
            begins = not before or before[-1] in ".?!:"
            # Elsewhere than at the beginning of a sentence, a capital marks a name.
            plain = original.islower() or (begins and original[1:].islower()) or shouted
            if not plain or original in seen:
                continue
            seen.add(original)
            replacement = self._find_replacement(original.lower())
            if replacement is not None:
                yield Correction(original, replacement)

    def _find_replacement(self, word: str) -> str | None:
        """Returns the word that ``word`` was probably meant to be, or None."""
        if len(word) < MIN_CORRECTED_LETTERS or not _PLAIN_WORD.fullmatch(word):
            return None
        if word in STOP_WORDS or any(term in self._vocabulary for term in extract_terms(word)):
            return None
        limit = 1 if len(word) < LONG_WORD_LETTERS else 2
        choices = self._list_choices(word[0])
        near = process.extract(
            word, list(choices), scorer=OSA.distance, score_cutoff=limit, limit=None
        )
        likely = [(distance, choice) for choice, distance, _ in near if _is_plausible(word, choice)]
        # The token count comes last: loading the tokens takes half a second.
        if not likely or count_tokens(f" {word}") == 1:
            return None
        return choices[min(likely, key=self._rank)[1]]

    def _rank(self, candidate: tuple[int, str]) -> tuple[int, float, str]:
        """Orders by fewer errors, then by how common the word is, then by the alphabet."""
        distance, word = candidate
        found = extract_terms(word)
        return distance, self._vocabulary.idf(found[0]) if found else 0.0, word

    def _list_choices(self, initial: str) -> dict[str, str]:
        """Returns what may have been meant, by spelling: words, and stems that stand for them.

        The first letter is rarely mistyped, and looking at one initial is 20 times as fast.
        """
        if initial not in self._choices_by_initial:
            known = [*self._vocabulary.list_words(), *_COMMON_WORDS]
            words = [w for w in known if w[:1] == initial and _PLAIN_WORD.fullmatch(w)]
            stems = {term: word for word in words for term in extract_terms(word)}
            self._choices_by_initial[initial] = stems | {word: word for word in words}
        return self._choices_by_initial[initial]


def _is_plausible(word: str, choice: str) -> bool:
    """Whether ``word`` may be ``choice`` mistyped.

    In a short word another letter in place of one makes another word ("gemma", "gamma"); a
    letter lost, doubled or swapped seldom does.
    """
    if len(choice) < MIN_CORRECTED_LETTERS - 1:
        return False
    replaced = len(word) == len(choice) and sorted(word) != sorted(choice)
    return not (len(word) <= _SHORT_WORD_LETTERS and replaced)


def _strip_controls(text: str) -> str:
    """Returns ``text`` without control characters, white space runs as one space."""
    categories = ((c, unicodedata.category(c)) for c in text)
    kept = (" " if kind == "Cc" else c for c, kind in categories if kind not in {"Cf", "Cs"})
    return " ".join("".join(kept).split())


def _select_rarest(found: list[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Returns at most MAX_TERMS of ``found``, the rarest in the library, in their order."""
    if len(found) <= MAX_TERMS:
        return tuple(found)
    known = [term for term in found if term in vocabulary]
    rarest = set(sorted(known, key=vocabulary.idf, reverse=True)[:MAX_TERMS])
    return tuple(term for term in known if term in rarest)
