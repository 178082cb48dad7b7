"""Where the sentences of an abstract begin and end.

A stop is a candidate; the words on either side decide. Text is never changed: a sentence is a
pair of offsets. Measured against other splitters by ``evals/lab/sentences.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.abbreviations import (
    BEFORE_INITIAL,
    COUNTED,
    GERMAN_MONTHS,
    LABELLED,
    NAMES_WITH_MARK,
    NEVER_FINAL,
    SECTION_LABELS,
    SELDOM_FINAL,
    STARTERS,
)
from assistant.types import SentenceSpan

MAX_SENTENCE_CHARS = 1_200
"""Longer runs without a stop are cut at a clause: no embedder reads more, and no reader would."""

_MAX_ENCLOSED_CHARS = 300  # a bracket that closes later than this is taken for a stray one
_MIN_PIECE_CHARS = 300  # a cut of an over-long sentence leaves at least this much
_WINDOW = 64  # characters looked at on either side of a stop, so that one stop costs O(1)

_SURE_STOPS = "。！？｡।॥؟۔։።"
_CLOSERS = "\"'”’»›)\\]}」』）】*$"
_OPENERS = "\"'“‘„«‹([{「『（【¿¡*"

_BREAK = re.compile(
    r"(?P<blank>\n[ \t\r]*\n|[\x0b\x0c\u2028\u2029])"
    rf"|(?P<label>(?<=\s)(?=(?:{SECTION_LABELS})\s?:\s))"
    r"|(?P<item>(?<=[;:])[ \t\r]*\n(?=[ \t]*(?:[-•*‣–]|\(?\d{1,2}[.)]|\([a-z]\))\s))"
    rf"|(?P<stop>\.(?: \.){{2,}}|[.!?…]+|[{_SURE_STOPS}]+|．(?!\d))"
    rf"(?P<closers>[{_CLOSERS}]*(?: [\"”)](?=\s|$))?"
    r"(?:\[\d[\d,–\- ]{0,20}\]|(?<=[a-z]{3}\.)\d{1,2}(?:[,–]\d{1,2})*(?=\s+[A-Z]))?)"
)
# What holds its stops to itself. A dollar sign opens a formula before a non-space and closes it
# after one, unless a digit follows. Source: the Pandoc manual, extension tex_math_dollars.
_FORMULA = (
    r"(?<!\\)\$(?=\S)[^$\n]{1,300}(?<=\S)\$(?!\d)|\\\([^\n]{1,300}?\\\)|\\\[[^\n]{1,300}?\\\]"
)
_QUOTATION = r"(?<![^\s(\[])\"(?=\S)[^\"\n]{1,200}(?<=\S)\"(?!\w)|“[^”\n]{1,200}”"
_ENCLOSED = re.compile(f"{_FORMULA}|{_QUOTATION}")
_STOP = re.compile(rf"[.!?…．{_SURE_STOPS}]")
_BRACKET = re.compile(r"[()\[\]]")
_SPACE = re.compile(r"\s*")
_FIRST_WORD = re.compile(rf"[{_OPENERS}]*([\w\-/.+]*)")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_NUMBER_OR_LABEL = re.compile(r"[(\[$\\]|[IVX]+\b|[A-Z]?\d|[A-Z]\b")
_CALL = re.compile(r"\w\(")
_LIST_NUMBER = re.compile(r"\d{1,2}")
_LIST_MARKER = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})")
_ODD_LOWER = re.compile(r"[^\W\d_]-\w|[a-z]+\d|[a-z]+[A-Z]")
_ABBREVIATIONS = LABELLED | COUNTED | NEVER_FINAL | SELDOM_FINAL
_CLAUSE_ENDS = ("; ", "；", ": ", " – ", " — ", ", ", "，", "、", " ")


def split_sentences(text: str) -> tuple[SentenceSpan, ...]:
    """Returns the sentences of ``text`` in order, numbered from 1.

    Spans are trimmed of white space, do not overlap, and together hold every other character.
    Offsets count Python characters (code points). Time is linear in the length of the text.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _cut(text):
        if spans and not any(char.isalnum() for char in text[start : min(end, start + _WINDOW)]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    pieces = (piece for span in spans for piece in _cut_long(text, *span))
    return tuple(SentenceSpan(number, *piece) for number, piece in enumerate(pieces, 1))


def may_end(text: str) -> bool:
    """Returns whether ``text`` may end a sentence, as it does not far from a stop; costs O(1)."""
    return _STOP.search(text, max(len(text) - _WINDOW, 0)) is not None


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Yields the trimmed, non-empty stretches between one boundary and the next."""
    enclosures = iter(_find_enclosures(text))
    enclosure = next(enclosures, None)
    begin = _skip_space(text, 0)
    for match in _BREAK.finditer(text):
        cut = match.end() if match["stop"] else match.start()
        while enclosure and enclosure[1] <= cut:
            enclosure = next(enclosures, None)
        if cut <= begin:
            continue
        if match["stop"]:
            enclosed = enclosure is not None and enclosure[0] < cut
            if enclosed or not _ends_sentence(text, match, begin):
                continue
        yield _trim(text, begin, cut)
        begin = _skip_space(text, cut)
    if begin < len(text):
        yield _trim(text, begin, len(text))


def _ends_sentence(text: str, match: re.Match[str], begin: int) -> bool:
    """Whether the stop that ``match`` found ends the sentence that began at ``begin``."""
    stop, at, cut = match["stop"], match.start("stop"), match.end()
    if stop[0] in _SURE_STOPS or stop[0] == "．" or cut == len(text):
        return True
    resume = _skip_space(text, cut)
    after = text[resume : resume + _WINDOW]
    word_match = _FIRST_WORD.match(after)
    word, rest = (word_match[1], after[word_match.end() :]) if word_match else ("", after)
    before = text[max(begin, at - _WINDOW) : at]
    if resume == cut:
        return _misses_its_space(before, word, rest)
    if not after:
        return True
    opens = word.lower().rstrip(".") in STARTERS
    if stop[0] in "!?":
        return _mark_ends(before, word, opens)
    if len(stop) > 1 or stop == "…":
        return not (before.rstrip().endswith(",") or word[:1].islower() or word[:1].isdigit())
    return _full_stop_ends(before, word, after, opens)


def _full_stop_ends(before: str, word: str, after: str, opens: bool) -> bool:
    """Whether a single full stop between ``before`` and ``after`` ends a sentence.

    ``before`` reaches back to the sentence's begin at most, ``word`` is the next word without
    opening quotes and brackets, ``opens`` whether it is one that opens sentences.
    """
    if after[0] == ".":
        return len(after) > 1 and after[1].isalpha()
    tokens = before.split()
    token = tokens[-1].lstrip(_OPENERS) if tokens else ""
    lower = token.lower()
    apart = before[-1:].isspace()
    if lower in NEVER_FINAL:
        return False
    if len(tokens) <= 1 and _LIST_MARKER.fullmatch(token) and not _is_initial(token, tokens, word):
        return False
    if _LIST_NUMBER.fullmatch(token) and len(tokens) > 1 and _precedes_item(tokens[-2]):
        return False
    if lower in LABELLED and _NUMBER_OR_LABEL.match(after):
        return False
    if word[:1].isdigit():
        return _ends_before_number(token, after)
    if word[:1].islower() and not (apart and len(token) > 1 and lower not in SELDOM_FINAL):
        return _ends_before_lower(lower, word, opens)
    if token.isdigit() and word.lower() in GERMAN_MONTHS:
        return False
    if lower in SELDOM_FINAL or _DOTTED.fullmatch(token):
        return opens
    if len(token) == 1 and token.isalpha():
        return opens or not _is_initial(token, tokens, word)
    return True


def _precedes_item(token: str) -> bool:
    """Whether a number after ``token`` counts the items of a list, as in 'as follows: 1. Read.'"""
    return token[-1] in ".:;" and token[:-1].lower() not in _ABBREVIATIONS


def _ends_before_number(token: str, after: str) -> bool:
    """Whether a stop before a number ends a sentence: not in 'No. 5', nor in a torn '2. 4'."""
    lower = token.lower()
    if not token or lower in COUNTED or lower in SELDOM_FINAL or _DOTTED.fullmatch(token):
        return False
    torn = token.isdigit() and len(token) < 4 and after[0].isdigit()
    return not torn and not (len(token) == 1 and token.isalpha())


def _ends_before_lower(lower: str, word: str, opens: bool) -> bool:
    """Whether a stop before a lower-case word ends a sentence: rare, so only on clear signs."""
    if lower in _ABBREVIATIONS or _DOTTED.fullmatch(lower):
        return False
    if _ODD_LOWER.match(word):
        return len(lower) > 1
    return opens and len(lower) > 4 and lower.isalpha()


def _is_initial(token: str, tokens: list[str], word: str) -> bool:
    """Whether a single letter before a stop is a name's initial rather than a label."""
    if len(token) != 1 or not token.isalpha() or not word[:1].isalpha():
        return False
    if token.islower():
        return len(word.rstrip(".")) == 1 or any(char.isdigit() for char in word)
    if len(tokens) < 2:
        return word[:1].isupper()
    previous = tokens[-2].strip(_OPENERS + _CLOSERS)
    abbreviated = len(word.rstrip(".")) == 1 or word.rstrip(".").lower() in SELDOM_FINAL
    return abbreviated or not previous[:1].islower() or previous.rstrip(",") in BEFORE_INITIAL


def _mark_ends(before: str, word: str, opens: bool) -> bool:
    """Whether '?' or '!' ends a sentence and is not part of a name such as 'Yahoo! Answers'."""
    if word[:1].islower():
        return _ODD_LOWER.match(word) is not None
    tokens = before.split()
    token = tokens[-1].strip(_OPENERS) if tokens else ""
    return opens or token.lower() not in NAMES_WITH_MARK


def _misses_its_space(before: str, word: str, rest: str) -> bool:
    """Whether 'end.Next' is two sentences: only where no name, path or number looks like it."""
    tokens = before.split()
    token = tokens[-1] if tokens else ""
    if not word[:1].isupper() or rest[:1] not in (" ", ",", ":"):
        return False
    if any(mark in token for mark in "/@.\\_") or _CALL.search(token):
        return False
    if token[-1:] == ")":
        return word[1:].replace("-", "").islower() or word in ("A", "I")
    opens = word.lower() in STARTERS and (len(word) > 1 or word in ("A", "I"))
    return opens and (token[-1:].islower() or token[-1:].isdigit() or token[-1:] == "%")


def _find_enclosures(text: str) -> list[tuple[int, int]]:
    """Returns formulas, quotations and bracketed stretches, overlapping ones merged, in order.

    Any closing bracket closes the last open one, for half-open intervals mix them: '[0, 1)'.
    """
    ranges = [match.span() for match in _ENCLOSED.finditer(text)]
    open_at: list[int] = []
    for match in _BRACKET.finditer(text):
        at = match.start()
        if match[0] in "([":
            open_at.append(at)
        elif open_at:
            opened = open_at.pop()
            if at - opened <= _MAX_ENCLOSED_CHARS:
                ranges.append((opened, at + 1))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the sentence whole, or in pieces of at most MAX_SENTENCE_CHARS, cut at clauses."""
    while end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        for mark in _CLAUSE_ENDS:
            found = text.rfind(mark, start + _MIN_PIECE_CHARS, limit)
            if found > 0:
                limit = found + len(mark)
                break
        yield _trim(text, start, limit)
        start = _skip_space(text, limit)
    yield start, end


def _skip_space(text: str, at: int) -> int:
    """Returns the first offset from ``at`` on that is not white space."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the range without the white space at its end; it begins with none."""
    while text[end - 1].isspace():
        end -= 1
    return start, end
