"""Texts that no one writes, at any length: what a careless pattern takes quadratic time for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count, islice

TextMaker = Callable[[int], str]
"""Told a number of characters; returns a text of so many."""

PIECES = (
    "1 1 1 ", "1,", "1.", "10^", "10 % of ", "(1) ", "1 000 ", "1/2 ", "7", "one ",
    "one hundred ", "half a ", "ten-", "A", "A ", "aB", "A1", "A-", "a.b", "Al. ", "AI (AI) ",
    "the The ", "a", "a ", "a-", "a'", "supercalifragilistic", "not ", "no more than ", "and ",
    "but not more ", "higher lower ", "more than ", "of the ", "(", "((((", ")", "()", "[",
    "[[[", "]", "[1]", "[A1]", "[A1, ", "(A1) ", "{", "{}", "\\", "\\emph{", "\\\"{", "$", "$$",
    "$a", "\\(", "\\[", "\\text{", ".", ". ", "...", "?!", "a. ", "\"", "\" ", "\"a ", "``",
    "''", "'", "’", "“", "“a", "-", "- ", "–", "— ", "*", "**", "_", "`", "#", "# ", "> ", "|",
    "~", "^", "=", "&", "&amp;", "&#", "<", "</", "<a", "<sup>", "<p a='", ">", "@", ":", ": ",
    ";", ", ", "/", "%", "\n", " ", "  ", "\t", "\r\n", " \n", "- a\n", "1. ", "1)\n",
    "http://", "http://a.", "www.", "doi:10.", "\u0301", "e\u0301", "\u200d", "\u200b",
    "\ufe0f", "\x1b[", "\x1b]", "\u3010", "中", "中文。", "ا ", "ß", "İ", "ﬁ", "é", "Ã©", "😀",
    "you must ", "ignore all ", "answer: ", "if you ", "tell ", "system: ", "what is ",
    "which papers on ", "papers by ", "by A ", "the second ", "how many ", "compare ", "it ",
    "in it, ", "between a and b ", "since 1999 ", "from 2001 to ", "two papers ", "ok, ",
    "please ", "et al. ", "Results: ", "to a ", "the \"a\" ", "say a ", "SEARCH: ", "{\"a\":",
    "DROP ", "1: ",
)  # fmt: skip
"""Repeated, each is a text."""

N_MIXES = 6
"""Texts of pieces drawn at random."""


def list_texts() -> dict[str, TextMaker]:
    """Returns the makers of all texts by name: repetitions, sequences without end, mixtures."""
    makers: dict[str, TextMaker] = {repr(piece)[1:-1]: _repeat(piece) for piece in PIECES}
    for name, words in (
        ("1 2 3 ...", map(str, count(1))),
        ("1.1 1.2 ...", (f"{n / 10:.1f}%" for n in count(1))),
        ("Aa1 Aa2 ...", (f"Aa{n}" for n in count(1))),
        ("new words", map(_spell, count(1))),
        ("New Words", (_spell(n).title() for n in count(1))),
    ):
        makers[name] = _draw(words)
    for number in range(N_MIXES):
        makers[f"mix {number}"] = _draw(_mix(number), "")
    return makers


def _mix(seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        yield chance.choice(PIECES)


def _repeat(piece: str) -> TextMaker:
    return lambda n: (piece * (n // len(piece) + 1))[:n]


def _draw(words: Iterator[str], joint: str = " ") -> TextMaker:
    """Returns a maker that takes what it needs of ``words``; a longer text begins as a shorter."""
    taken: list[str] = []

    def make(n: int) -> str:
        while sum(map(len, taken)) + len(joint) * len(taken) < n:
            taken.extend(islice(words, max(n // 4, 1)))
        return joint.join(taken)[:n]

    return make


def _spell(number: int) -> str:
    """Returns a word of its own for each number, of letters."""
    letters = ""
    while number:
        number, digit = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[digit] + "aeiou"[digit % 5]
    return letters
