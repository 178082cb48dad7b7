"""Journals and conferences in a question: "Nature papers on sleep", "published in JMLR".

A venue is read only where the library has it, by its whole name, its beginning, its acronym, or a
word of it that is written like a name ("NeurIPS").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer.records.words import (
    ANYTHING,
    FINDING,
    LINK,
    PUBLISHED,
    WORKS,
    WRITING,
    IsWord,
    ReadPhrase,
    Records,
    begins_sentence,
    keep_apart,
    say_meant,
)
from assistant.text.venue_matching import match_venues
from assistant.types import Filters

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

_ENDS = re.compile(
    r"\W*$|[,;:?!.)]|\s?(?:on|about|regarding|in|from|since|after|before|between|until|by|that|which"
    rf"|with|is|are|was|were|do|does|for|and|or|here|there|\(?(?:1[5-9]|20)\d\d|{FINDING})\b",
    re.IGNORECASE,
)


def find_venues(text: str, records: Records, is_word: IsWord) -> list[ReadPhrase]:
    """Returns the venues that ``text`` asks for, in order."""
    if not records.has_venues:
        return []
    venues = tuple(dict.fromkeys(filter(None, records.venues)))
    phrases = [*_find_after_works(text, venues), *_find_before_works(text, venues, is_word)]
    return keep_apart(phrases)[:1]


def _find_after_works(text: str, venues: tuple[str, ...]) -> Iterator[ReadPhrase]:
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
    text: str, start: int, venues: tuple[str, ...], *, spoken: bool
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
        if held := match_venues(typed, venues, whole=typed.islower()):
            return held, end
    return None


def _find_before_works(text: str, venues: tuple[str, ...], is_word: IsWord) -> Iterator[ReadPhrase]:
    for match in _BEFORE_WORKS.finditer(text):
        words = list(_WORD.finditer(text, 0, match.start()))[-_MAX_WORDS:]
        for word in words:
            typed = text[word.start() : match.start()]
            # A capital where a sentence begins makes no name.
            plain = begins_sentence(text, word.start()) and typed[1:].islower() and is_word(typed)
            if typed.islower() or plain or _LONGER_NAME.search(text[: word.start()]):
                continue
            if held := match_venues(typed, venues):
                yield _make_phrase(typed, held, word.start(), match.start())
                break


def _make_phrase(typed: str, held: tuple[str, ...], start: int, end: int) -> ReadPhrase:
    said = f"in {say_meant(typed, held, 'venues')}"
    return ReadPhrase(start, end, "venue", Filters(venues=held), said, again=f"in {typed}")
