"""People's names and lists of names or keywords, from and to the forms that files use.

A name here is 'Given Family' without commas, semicolons and markup: every format can carry it.
"""

from __future__ import annotations

import re

from assistant.text.repair import MAX_PASSES, collapse, repair

MAX_NAME_CHARS = 1_000
"""A longer name, or a longer keyword, is none."""

_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_NOT_IN_NAMES = re.compile(r"[;{}\\$<>&]")
_ONE_NAME = re.compile(r"[^,]*|[^\s,]+,[^,]+")
_AND = re.compile(r"\s+and\s+|\s*&\s+", re.IGNORECASE)


def person(text: str) -> str:
    """Returns a name as 'Given Family', whichever way round ``text`` has it; '' if it is none."""
    if len(text) > MAX_NAME_CHARS:
        return ""
    for _ in range(MAX_PASSES):
        name = _turn(text)
        if name == text:
            break
        text = name
    return text if any(sign.isalpha() for sign in text) else ""


def _turn(text: str) -> str:
    parts = [collapse(part) for part in repair(text).split(",")]
    parts = [part for part in parts if part]
    if len(parts) > 1:
        suffixes = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
        given = [part for part in parts[1:] if part not in suffixes]
        parts = [*given, parts[0], *suffixes]
    return collapse(_NOT_IN_NAMES.sub(" ", " ".join(parts)))


def persons(text: str) -> tuple[str, ...]:
    """Returns the names in a list written as one string, by the separator it uses."""
    text = collapse(text)
    names = _AND.split(text)
    if ";" in text:
        names = text.split(";")
    elif len(names) == 1 or not all(map(_ONE_NAME.fullmatch, names)):
        names = _split_commas(", ".join(names))
    return tuple(name for name in map(person, names) if name)


def _split_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2 and (" " not in parts[0] or _INITIALS.fullmatch(parts[1])):
        return [text]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def family_and_given(name: str) -> tuple[str, str]:
    """Returns the family name, with its particles and suffix, and the given names before it."""
    words = name.split()
    start = len(words) - 1
    if start > 1 and _SUFFIX.fullmatch(words[start]):
        start -= 1
    while start > 1 and words[start - 1][0].islower():
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def keyword_list(text: str) -> tuple[str, ...]:
    """Returns the keywords in a list written as one string: by semicolons, or else by commas."""
    return keywords(re.split(r"[;\n]" if ";" in text else r"[,\n]", text))


def keywords(values: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Returns each keyword once, cleaned, in order."""
    short = (value.replace(";", " ") for value in values if len(value) <= MAX_NAME_CHARS)
    cleaned = (collapse(repair(value).replace(";", " ")) for value in short)
    return tuple(dict.fromkeys(value for value in cleaned if value))


def join_keywords(values: tuple[str, ...]) -> str:
    """Returns the list that ``keyword_list`` reads back as ``values``."""
    joined = "; ".join(values)
    return f"{joined};" if "," in joined and ";" not in joined else joined
