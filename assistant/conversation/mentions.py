"""Names in questions and titles: "LLM2Vec", "Tiny Time Mixers", "IWSLT 2021".

By capitals and digits, as English and most European languages write names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text.terms import STOP_WORDS, extract_terms

_WORD = re.compile(r"[^\W_]+(?:[-.+*/'][^\W_]+)*[+*]*")
_JOINERS = frozenset({"&", "of", "the"})
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_OPENING = """
i in on at by for from with to of and but or so now which what who whose whom where when why how is
are was were do does did can could has have had will would should may might must compare tell show
give list name explain describe summarise summarize find please
welche welcher welches wie wer wo warum quel quelle quels quelles comment combien cual como
"""
_NEVER_NAMES = STOP_WORDS | frozenset(_OPENING.split())
_SHOUTED = 0.6
"""Where more of the letters are capitals, capitals mark no names."""

_MAX_NAME_WORDS = 4
"""A head of a title with more words is a sentence and no name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of name words: ``text[start:end]``. ``strong``: not just one capitalised word."""

    text: str
    start: int
    end: int
    strong: bool


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Returns the names of ``text`` in order; neighbouring name words are one name."""
    found: list[Mention] = []
    letters = [sign for sign in text if sign.isalpha()]
    if " " in text and sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return ()
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        kind = _kind(word, text[: match.start()].rstrip())
        if kind is None:
            continue
        end = match.start() + len(word)
        last = found[-1] if found else None
        if last is not None and text[last.end : match.start()] == " ":
            joined = text[last.start : end]
            found[-1] = Mention(joined, last.start, end, strong=True)
        elif word.casefold() not in STOP_WORDS and not word.isdigit():
            found.append(Mention(word, match.start(), end, strong=kind))
    return tuple(found)


def _kind(word: str, before: str) -> bool | None:
    """Returns whether a name word is strong, None where ``word`` is none."""
    letters = [sign for sign in word if sign.isalpha()]
    if not letters:
        # A year or version belongs to the name that it follows.
        return False if word.isdigit() else None
    inner = any(sign.isupper() for sign in word[1:])
    mixed = len(letters) < len(word) and any(sign.isdigit() for sign in word)
    if len(word) > 1 and (inner or mixed):
        return True
    begins = not before or before[-1] in ".?!:;\n"
    capital = word[0].isupper() and len(word) > 1
    if capital and (not begins or word.casefold() not in _NEVER_NAMES):
        return False
    return None


def title_name(title: str) -> str | None:
    """Returns the name that a title gives its system, or None: what stands before the colon.

    A short title without a colon is a name too where all its words are capitalised.
    """
    head, colon, _ = title.partition(":")
    head = re.sub(r"\s*\([^)]*\)\s*$", "", head).strip()
    words = head.split()
    if not words or len(words) > _MAX_NAME_WORDS or head[-1] in "?!,":
        return None
    if len(words) == 1:
        kind = _kind(words[0], "x")
        return head if kind or (colon and kind is not None) else None
    named = all(
        w[0].isupper() or any(sign.isdigit() for sign in w) or w.casefold() in _JOINERS
        for w in words
    )
    telling = len(words) > 1 and "," not in head
    return head if named and telling and (colon or len(words) <= 3) else None


def held_by(name: str, title: str) -> bool:
    """Whether every term of ``name`` is a term of ``title``."""
    found = set(extract_terms(name))
    return bool(found) and found <= set(extract_terms(title))
