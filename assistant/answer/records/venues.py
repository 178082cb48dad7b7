"""Journals and conferences in a question: "Nature papers on sleep", "published in JMLR".

A venue is read only where the library has it, by its whole name, its beginning, its acronym, or a
word of it that is written like a name ("NeurIPS").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from assistant.answer.records.words import (
    ANYTHING,
    LINK,
    PUBLISHED,
    WORKS,
    WRITING,
    IsWord,
    ReadPhrase,
    Records,
    begins_sentence,
    keep_apart,
)
from assistant.types import Filters

_Venues = tuple[tuple[str, tuple[str, ...]], ...]
"""Each venue, and its name in folded words."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_MAX_WORDS = 12
_LEAD = re.compile(
    r"(?:the )?(?:(?P<kind>journals?|conferences?|proceedings of(?: the)?|magazine) )?",
    re.IGNORECASE,
)
_IN = re.compile(
    rf"\b(?:{WORKS}|{ANYTHING}|any){LINK}"
    rf"(?P<cut>,? (?P<published>{PUBLISHED} )?(?:in|at|from|by) )",
    re.IGNORECASE,
)
_PUBLISHED_IN = re.compile(
    rf"(?P<cut>\b(?P<published>{PUBLISHED}|{WRITING})(?: {ANYTHING})? (?:in|at|by) )", re.IGNORECASE
)
_BEFORE_WORKS = re.compile(rf" (?={WORKS}(?:\W|$))", re.IGNORECASE)
_LONGER_NAME = re.compile(r"(?<=[^.?!:;])\s[^\W\d_a-z][\w'\u2019-]*\W(?:(?:the|of|and|in|for) )*$")
"""A word with a capital before the name, which is then the end of a longer one."""

_SMALL = frozenset(("of", "the", "and", "in", "for", "on", "a", "an", "to", "at"))
_ENDS = re.compile(
    r"\W*$|[,;:?!.)]|\s?(?:on|about|regarding|in|from|since|after|before|between|until|by|that|which"
    r"|with|is|are|was|were|do|does|for|and|or|here|there|\(?(?:1[5-9]|20)\d\d)\b",
    re.IGNORECASE,
)


def find_venues(text: str, records: Records, is_word: IsWord) -> list[ReadPhrase]:
    """Returns the venues that ``text`` asks for, in order."""
    if not records.has_venues:
        return []
    venues = _fold_venues(tuple(dict.fromkeys(venue for venue in records.venues if venue)))
    phrases = [*_find_after_works(text, venues), *_find_before_works(text, venues, is_word)]
    return keep_apart(phrases)[:1]


def _find_after_works(text: str, venues: _Venues) -> Iterator[ReadPhrase]:
    for pattern in (_IN, _PUBLISHED_IN):
        for match in pattern.finditer(text):
            lead = _LEAD.match(text, match.end())
            starts = dict.fromkeys((match.end(), lead.end() if lead else match.end()))
            spoken = bool(match["published"] or (lead and lead["kind"]))
            for start in starts:
                if (found := _read_on(text, start, venues, spoken=spoken)) is not None:
                    held, end = found
                    yield _make_phrase(text[start:end], held, match.start("cut"), end)
                    break


def _read_on(
    text: str, start: int, venues: _Venues, *, spoken: bool
) -> tuple[tuple[str, ...], int] | None:
    """Returns the venues that the words at ``start`` name, and where these end.

    ``spoken`` says that the words speak of a venue, whose name then needs no capital.
    """
    words = list(_WORD.finditer(text, start))[:_MAX_WORDS]
    if not words or words[0].start() != start:
        return None
    for n in range(len(words), 0, -1):
        typed, end = text[start : words[n - 1].end()], words[n - 1].end()
        if not _ENDS.match(text, end) or (n == 1 and typed.islower() and not spoken):
            continue
        if held := _hold(typed, venues, whole=typed.islower()):
            return held, end
    return None


def _find_before_works(text: str, venues: _Venues, is_word: IsWord) -> Iterator[ReadPhrase]:
    for match in _BEFORE_WORKS.finditer(text):
        words = list(_WORD.finditer(text, 0, match.start()))[-_MAX_WORDS:]
        for word in words:
            typed = text[word.start() : match.start()]
            # A capital where a sentence begins makes no name.
            plain = begins_sentence(text, word.start()) and typed[1:].islower() and is_word(typed)
            if typed.islower() or plain or _LONGER_NAME.search(text[: word.start()]):
                continue
            if held := _hold(typed, venues, whole=False):
                yield _make_phrase(typed, held, word.start(), match.start())
                break


def _make_phrase(typed: str, held: tuple[str, ...], start: int, end: int) -> ReadPhrase:
    return ReadPhrase(start, end, "venue", Filters(venues=held), f"in {typed}")


def _hold(typed: str, venues: _Venues, *, whole: bool) -> tuple[str, ...]:
    """Returns the venues that ``typed`` names: one by its whole name, or all that begin with it.

    With ``whole`` only one by its whole name.
    """
    words = _fold(typed)
    if not words:
        return ()
    same = tuple(name for name, folded in venues if folded == words)
    if same or whole:
        return same
    if len(words) == 1 and _is_acronym(typed):
        return tuple(
            name for name, folded in venues if words[0] in folded or words[0] == _initials(folded)
        )
    return tuple(name for name, folded in venues if folded[: len(words)] == words)


def _is_acronym(typed: str) -> bool:
    return sum(sign.isupper() for sign in typed) > 1


@lru_cache(maxsize=4)
def _fold_venues(venues: tuple[str, ...]) -> _Venues:
    return tuple((venue, _fold(venue)) for venue in venues)


def _fold(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", plain)
    return tuple(words[1:] if words[:1] == ["the"] else words)


def _initials(folded: tuple[str, ...]) -> str:
    return "".join(word[0] for word in folded if word not in _SMALL)
