"""Words for a time of publication: "since 2020", "2017-19", "the last five years", "recent papers".

Which years they mean; whether they speak of publication is told by what stands round them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answer.records.words import PUBLISHED, WORKS

RECENT_YEARS = 5
"""Years that "recent" and "the last few years" reach back.

Source: the middle one of the ranges that PubMed offers beside its results: 1, 5 and 10 years.
"""

_NUMBER_WORDS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty
"""
_NUMBERS = _NUMBER_WORDS.split()
_FIGURES = r"(?:1[5-9]|20)\d\d"
_YEAR = rf"(?<![\d.,/-]){_FIGURES}(?![\d%]|[.,/]\d|-\d{{1,2}}-)"
_DASH = r"\s?[-\u2010-\u2014]\s?"
_TO = rf"(?:{_DASH}|\s*\.\.\s*|\s+(?:to|until|till|through|thru|and)\s+)"
_THE_YEAR = r"(?:the )?(?:years? )?"
_N_YEARS = (
    rf"(?:(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)}|couple of|few|several)[ -])?"
    r"(?P<unit>years?|decades?)"
)
PERIOD = re.compile(
    rf"\b(?:between {_THE_YEAR}(?P<a>{_YEAR})(?: and |{_DASH}| to )(?P<b>{_FIGURES})\b"
    rf"|(?P<range>(?:from|in|of|over|during) )?{_THE_YEAR}(?P<c>{_YEAR}){_TO}"
    rf"(?P<d>(?:{_FIGURES}|(?<=[-\u2010-\u2014])\d\d)\b)"
    rf"|(?P<in10>from|in|of|during) the (?:19|20)?(?P<decade>\d0)\W?s\b"
    rf"|(?:since|starting (?:in|from)) {_THE_YEAR}(?P<since>{_YEAR})"
    rf"|from {_THE_YEAR}(?P<on>{_YEAR}) "
    r"(?:onwards?\b|or later\b|and later\b|upwards?\b|on(?=\W*$|[?.,;]))"
    rf"|(?:after|later than|newer than|more recent than) {_THE_YEAR}(?P<after>{_YEAR})"
    rf"|(?:before|prior to|older than|earlier than) {_THE_YEAR}(?P<before>{_YEAR})"
    rf"|(?:until|till|up to) {_THE_YEAR}(?P<until>{_YEAR})"
    rf"|post-(?P<post>{_FIGURES})\b|pre-(?P<pre>{_FIGURES})\b"
    r"|(?:(?:in|from|of|during) )?(?P<calendar>this|last) year\b"
    r"|(?:(?:in|from|of|over|during|within|since) )?(?:the |these )?(?:last|past|previous) "
    rf"{_N_YEARS}\b"
    r"|(?P<recent>(?:in|from|of|over|during) recent years|recently)\b"
    rf"|(?:(?P<prep>from|in|of|during|dated) {_THE_YEAR})?(?P<exact>{_YEAR})"
    r"(?P<later>,? (?:or|and) (?:later|newer))?"
    r"(?P<earlier>,? (?:or|and) (?:earlier|older|before))?)",
    re.IGNORECASE,
)
RECENT_WORKS = re.compile(
    rf"(?<!most )(?<!more )\brecent(?:ly {PUBLISHED})?(?= (?:[\w-]+ )?{WORKS})", re.IGNORECASE
)
_CENTURY = re.compile(r"(19|20)(?=\d0)")
_VAGUE = ("in", "of", "during")
"""Before a year these say when something was, a paper's publication or another thing."""

Manner = Literal["bare", "vague", "clear", "bound", "relative", "recent works"]
"""How a time is said: "2019", "in 2019", "from 2019", "since 2019", "the last year", "recent"."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time at ``text[start:end]``: its first and last year, None where it is open there."""

    start: int
    end: int
    first: int | None
    last: int | None
    manner: Manner
    is_recent: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether it does not end before it begins."""
        return self.first is None or self.last is None or self.first <= self.last

    def say(self) -> str:
        """Returns the years in words, and what was taken as recent."""
        recent = f" (as recent, the last {_NUMBERS[RECENT_YEARS - 1]} years)"
        return f"{self.say_years()}{recent if self.is_recent else ''}"

    def say_years(self) -> str:
        """Returns the years in words: 'from 2019', 'from 2017 to 2019', 'from 2020 or later'."""
        first, last = self.first, self.last
        if first == last:
            return f"from {first}"
        if first is None:
            return f"from {last} or earlier"
        return f"from {first} or later" if last is None else f"from {first} to {last}"


def read_period(match: re.Match[str], this_year: int) -> Period:
    """Returns what a match of ``PERIOD`` or ``RECENT_WORKS`` means in ``this_year``.

    "The last five years" reach from the fifth year before this one to now: what was published
    within them is not missed, whatever the month.
    """
    start, end = match.span()
    if match.re is RECENT_WORKS:
        return Period(start, end, this_year - RECENT_YEARS, None, "recent works", is_recent=True)
    if match["calendar"]:
        year = this_year - (match["calendar"].lower() == "last")
        return Period(start, end, year, year, "relative")
    if match["unit"] or match["recent"]:
        n, is_recent = _count_years(match)
        return Period(start, end, this_year - n, None, "relative", is_recent)
    return Period(start, end, *_read_bounds(match), _find_manner(match))


def _find_manner(match: re.Match[str]) -> Manner:
    if match["post"] or match["pre"]:
        return "bare"
    if match["exact"]:
        preposition = (match["prep"] or "").lower()
        return "vague" if preposition in _VAGUE else "clear" if preposition else "bare"
    if match["c"]:
        return "clear" if match["range"] else "bare"
    return "clear" if match["decade"] else "bound"


def _count_years(match: re.Match[str]) -> tuple[int, bool]:
    """Returns how many years are meant, and whether no number says so."""
    said = (match["n"] or "").lower()
    unit = 10 if (match["unit"] or "").lower().startswith("decade") else 1
    if said.isdecimal():
        return int(said) * unit, False
    if said in _NUMBERS:
        return (_NUMBERS.index(said) + 1) * unit, False
    if said == "couple of":
        return 2 * unit, False
    is_one = not said and (match["unit"] or "").lower() in ("year", "decade")
    return (unit, False) if is_one else (RECENT_YEARS * unit, unit == 1)


def _read_bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    def year(name: str) -> int | None:
        return int(match[name]) if match[name] else None

    if match["decade"]:
        century = _CENTURY.search(match[0])
        begins = int((century[0] if century else "19") + match["decade"])
        return begins, begins + 9
    first, last = year("a") or year("c"), year("b") or year("d")
    if first is not None and last is not None:
        return first, last if last > 99 else first // 100 * 100 + last
    if (exact := year("exact")) is not None:
        return (None if match["earlier"] else exact), (None if match["later"] else exact)
    after, before = year("after") or year("post"), year("before") or year("pre")
    return (
        year("since") or year("on") or (None if after is None else after + 1),
        year("until") or (None if before is None else before - 1),
    )
