"""Values that programs write where they have none: '[No abstract available]', 'NA', 'nan', '-'.

Only a whole value is one. A sentence that says that something is missing is told by its words:
every one belongs to a small vocabulary and one of them denies, so that no sentence about anything
else is taken for it.
"""

from __future__ import annotations

import re

MAX_CHARS = 200
MAX_WORDS = 16
"""A longer text says more than that something is missing."""

# How R, pandas, Python, JSON, spreadsheets and people write an empty cell. Letters are compared
# as they are: 'NA' is R's, 'Na' a name.
_EMPTY = frozenset({
    "NA", "N/A", "n/a", "N.A.", "n.a.", "#N/A", "<NA>", "nan", "NaN", "NAN", "NaT", "None", "none",
    "NONE", "null", "Null", "NULL", "nil", "undefined", "NA-NA", "NA--NA", "Unknown", "unknown",
    "[Unknown]", "TBD", "TBA", "[]", "{}", "()", "[Anonymous]", "[anonymous]", "(anonymous)",
    "[anon]", "[Anon]", "[Anon.]", "[et al.]",
})  # fmt: skip

_DENIALS = frozenset({
    "no", "not", "none", "without", "unavailable", "missing", "lacks", "absent", "nonexistent",
})  # fmt: skip
_THINGS = frozenset({
    "abstract", "abstracts", "summary", "author", "authors", "name", "names", "id", "ids", "title",
    "titles", "keyword", "keywords", "journal", "source", "date", "year", "doi", "publisher",
    "editor", "editors", "description", "text", "data", "information",
})  # fmt: skip
_AROUND = frozenset({
    "available", "applicable", "provided", "supplied", "given", "found", "listed", "recorded",
    "assigned", "specified", "stated", "indexed", "identified", "known", "included", "present",
    "is", "are", "was", "were", "has", "have", "been", "does", "do", "an", "a", "the", "this",
    "that", "there", "it", "for", "of", "in", "with", "here", "article", "articles", "paper",
    "record", "item", "entry", "document", "publication", "content", "work", "s", "or", "and",
    "yet", "currently", "at", "time", "from",
})  # fmt: skip
_WORD = re.compile(r"[a-z]+")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212.?_*\s]*")


def is_placeholder(text: str) -> bool:
    """Returns whether ``text`` as a whole stands for a value that is not there."""
    text = text.strip()
    return text in _EMPTY or bool(_DASHES.fullmatch(text)) or _says_missing(text)


def is_missing_title(text: str) -> bool:
    """Returns whether ``text`` says that a title is missing; papers titled 'NA' have one."""
    text = text.strip()
    is_in_brackets = text.startswith(("[", "(")) and text.rstrip(".").endswith(("]", ")"))
    return is_in_brackets and "title" in text.lower()[:MAX_CHARS] and _says_missing(text)


def _says_missing(text: str) -> bool:
    if len(text) > MAX_CHARS or not text.isascii() or any(sign.isdigit() for sign in text):
        return False
    words = _WORD.findall(text.lower())
    if not 2 <= len(words) <= MAX_WORDS or _DENIALS.isdisjoint(words):
        return False
    return all(word in _DENIALS or word in _THINGS or word in _AROUND for word in words)
