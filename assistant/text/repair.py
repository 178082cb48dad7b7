"""Repair of damaged text, only where one reading is possible; anything doubtful stays."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy

from assistant.text.hidden import strip_hidden
from assistant.text.latex import decode
from assistant.text.markup import strip_markup

MAX_PASSES = 8
"""A repair can uncover another (an entity that spells a tag); text settles in two or three."""

# ftfy undoes one wrong decoding after the other, each over the whole text, and NFC sorts the marks
# on one letter: both take the square of a text made for it. Most abstracts are one piece.
_PIECE = re.compile(r".{1,2000}(?:(?<=\s)|$)|.{1,2000}", re.DOTALL)

# `\\sim` that lost its backslash, and with it sometimes the thin spaces `\\!` after it.
_SIM_BETWEEN = re.compile(r"(?<=\d) sim (?=\d)")
_SIM_BEFORE = re.compile(r"(?<![\w\\])sim(?:(?:!!)+ ?)?(?=\d)")
_TIMES_AFTER = re.compile(r"(?<=\d)times\b")
_MATHORD = re.compile(r"(?<=\d)\\?mathord,(?=\d{3}(?!\d))")
_QUOTED = re.compile(r"``(?=\S)([^`'\n]{1,200}?(?:'(?!')[^`'\n]{1,200}?){0,4})''")

# A full stop stuck between a word and a word that hardly occurs except at a sentence's start.
_STUCK_SENTENCES = re.compile(
    r"(?<=[a-z]{3}[.?])(?=(?:Our|We|The|This|These|Those|However|Moreover|Furthermore|Finally|"
    r"Experiments|Experimental|Extensive|Results|Specifically|Therefore|Thus|Additionally) [a-z])"
)

_ENTITY = re.compile(r"&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def collapse(text: str) -> str:
    """Returns ``text`` with every run of white space as one space, and none at the ends."""
    return " ".join(text.split())


def repair(text: str) -> str:
    """Returns ``text`` without hidden characters and scraping damage, on one line.

    Formulas in dollar signs, unknown LaTeX commands and every letter of every script stay.
    Repairing repaired text changes nothing.
    """
    for _ in range(MAX_PASSES):
        repaired = _pass(text)
        if repaired == text:
            break
        text = repaired
    return text


def _pass(text: str) -> str:
    if not text.isascii():
        # Before control characters go: some of them are parts of wrongly decoded letters.
        text = _PIECE.sub(_fix_letters, text)
    text = collapse(strip_hidden(text))
    # Tags before entities, which stand in their attributes for the signs that would end them.
    if "<" in text:
        text = strip_markup(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    text = decode(text)
    text = _QUOTED.sub(r'"\1"', text)
    text = _lost_signs(collapse(text))
    return _STUCK_SENTENCES.sub(" ", text)


def _fix_letters(piece: re.Match[str]) -> str:
    text = ftfy.fix_encoding(piece.group())
    return unicodedata.normalize("NFC", text.translate(_LIGATURES))


def _lost_signs(text: str) -> str:
    text = _SIM_BETWEEN.sub(" ~ ", text)
    text = _SIM_BEFORE.sub("~", text)
    text = _TIMES_AFTER.sub(" times", text)
    return _MATHORD.sub(",", text)


def _character(entity: re.Match[str]) -> str:
    """Returns the one character an entity stands for, or the entity if it stands for none."""
    spelled = f"&{entity[1]};"
    character = html.unescape(spelled)
    return entity[0] if character in (spelled, "\ufffd") else character
