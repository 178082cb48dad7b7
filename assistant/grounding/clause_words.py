"""Text as words in order, each with its term and its clause: what the checks of a claim read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.word_tables import split_words
from assistant.text.terms import extract_terms

_MARKUP = (
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\(?:sim|approx)\b\s*"), "~"),
    (re.compile(r"\\(?:geq?|leq?|pm|to|rightarrow)\b"), " "),
    (re.compile(r"\\([%$&#_])"), r"\1"),
    (re.compile(r"\\[,;:! ]"), " "),
    (re.compile(r"\\(?:textbf|textit|emph|mathrm|mathbf|text)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\^\{([^{}]*)\}"), r"^\1"),
    (re.compile(r"\$(?=[\d.~+−-])|(?<=[\d%×xX}])\$"), ""),
    (re.compile(r"\*\*|__"), ""),
    # "10 000", and "6×106" where a text lost its raised exponent.
    (
        re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?: \d{3})+)(?![.,]?\d)"),
        lambda m: m[1] + m[2].replace(" ", ""),
    ),
    (re.compile(r"(?<![\d.])(\d(?:\.\d+)?\)?\s?[×·]\s?10)([-−]?[1-9]\d?)(?!\d)"), r"\1^\2"),
    (re.compile(r"\A\s*\(?\d{1,2}[.)]\s+(?=[A-Z])"), ""),  # the number of an item of a list
)
_RAISED = re.compile("(?<=\\d)(?=[\u207b\u00b9\u00b2\u00b3\u2070\u2074-\u2079])")
"""Where an exponent begins: NFKC would make "10¹⁵" one number."""
_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013\u2212]")
_APOSTROPHES = re.compile("[\u2019\u02bc]")
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)+[^\W_]*|[^\W_]+(?:'[^\W_]+)*|[.,;:()!?\u2014\[\]]|(?<=\s)-(?=\s)"
)
_NUMBER_NEXT = re.compile(r"\s+[$~]?\d")
"""After 'and' a number belongs to a list of numbers, not to a new clause."""

_CLAUSE_ENDS = frozenset(",;:()[]\u2014-.!?")
_CLAUSE_WORDS = split_words(
    "and but while whereas although though because since which who that yet so if when"
)


FREE = "-free"
"""How 'free' at the end of a compound is folded: it denies the word before it and nothing else."""


@dataclass(frozen=True, slots=True)
class ClauseWord:
    """One word: as written, folded, its term (None for a word without content), its place.

    ``clause`` counts from 0; punctuation and joining words begin a new one. ``start`` is the
    word's offset in the text that ``simplify_text`` gives.
    """

    text: str
    folded: str
    term: str | None
    clause: int
    start: int


@lru_cache(maxsize=20_000)
def simplify_text(text: str) -> str:
    """Returns ``text`` with LaTeX and Markdown resolved, hyphens and apostrophes made plain."""
    text = unicodedata.normalize("NFKC", _RAISED.sub("^", text))
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return _APOSTROPHES.sub("'", _HYPHENS.sub("-", text))


@lru_cache(maxsize=20_000)
def read_words(text: str) -> tuple[ClauseWord, ...]:
    """Returns the words of ``text`` in order; the parts of a compound are words of their own."""
    words: list[ClauseWord] = []
    clause = 0
    plain = simplify_text(text)
    for match in _TOKEN.finditer(plain):
        token = match[0]
        if token in _CLAUSE_ENDS:
            clause += token != "," or not _NUMBER_NEXT.match(plain, match.end())
            continue
        folded = token.casefold()
        if plain[match.start() - 1 : match.start()] == "-":
            if folded == "only":
                continue  # "decoder-only" restricts nothing
            folded = FREE if folded == "free" else folded
        listed = folded != "but" and _NUMBER_NEXT.match(plain, match.end())
        if folded in _CLAUSE_WORDS and not listed:
            clause += 1
        words.append(ClauseWord(token, folded, find_term(folded), clause, match.start()))
    return tuple(words)


@lru_cache(maxsize=100_000)
def find_term(word: str) -> str | None:
    """Returns the term of one folded word; None where it is a stop word."""
    found = extract_terms(word)
    return found[0] if found else None


def find_terms(words: str) -> frozenset[str]:
    """Returns the terms of words between spaces."""
    return frozenset(term for word in words.split() if (term := find_term(word)))
