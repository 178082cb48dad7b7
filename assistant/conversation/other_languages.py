"""The commonest signs of a follow-up in German, French and Spanish, and in other scripts."""

from __future__ import annotations

import re

_AND = re.compile(r"\W*(?:und|aber|et|mais|y|pero)\s", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:davon|dessen|deren|dazu|dabei|daf\u00fcr|dar\u00fcber|jeweils|ihre[mnrs]?|dieses?"
    r"|celui-ci|celle-ci|ceux-ci|ses?|leurs?|elles?|ils?|en|sus?|ellos|ellas|este|esto|esos?)\b"
    r"|\b(?:das|die|der) (?:erste|zweite|andere|letzte)\b"
    r"|\b(?:le|la) (?:premi[e\u00e8]re?|deuxi\u00e8me|seconde?|autre)\b"
    r"|\b(?:el|la) (?:primer[oa]?|segund[oa]|otr[oa])\b"
    r"|[\u5b83\u5176\u8fd9\u90a3\u305d\u3053]|\b(?:\u043e\u043d[\u0430\u043e\u0438]?|\u0438\u0445|\u0435\u0433\u043e|\u044d\u0442\u043e)\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:wie|welche[mnrs]?|wer|warum|wieviel|gro\u00df|ist|sind|wurden?|quels?|quelles?|combien"
    r"|comment|est-ce|qu'est-ce|cu\u00e1l(?:es)?|cu\u00e1nt[oa]s?|qu\u00e9|c\u00f3mo|qui\u00e9n)\b",
    re.IGNORECASE,
)
MAX_WORDS = 4
_LAST_LATIN = "\u024f"


def is_foreign(text: str) -> bool:
    """Whether the turn is in German, French, Spanish, or another script."""
    letters = [sign for sign in text if sign.isalpha()]
    other_script = sum(sign > _LAST_LATIN for sign in letters) * 2 > len(letters)
    return other_script or bool(_FOREIGN.search(text) or _AND.match(text))


def points_back_abroad(text: str) -> bool:
    """Whether a turn in one of these languages points to what was said before.

    In a longer turn such a word mostly stands for something in the turn itself.
    """
    short = len(text.split()) <= MAX_WORDS
    return bool(_AND.match(text) or (short and _POINTING.search(text)))
