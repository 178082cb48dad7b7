"""Years of publication in a question: "from 2019", "2017-2019 papers", "the last five years".

A year is one of publication only where the words tie it to papers, to an author or to publishing:
"papers from 2019", but not "the 2018 world cup" nor "mortality since 1990".
"""

from __future__ import annotations

import re

from assistant.answer.records.periods import PERIOD, RECENT_WORKS, Period, read_period
from assistant.answer.records.words import (
    ANYTHING,
    LINK,
    MARK,
    PUBLISHED,
    WORKS,
    WRITING,
    ReadPhrase,
)
from assistant.types import Filters

_TIED = re.compile(
    rf"(?:\b{WORKS}|\b{ANYTHING}|\b(?:new|news)){LINK}(?: {PUBLISHED})?\W*$",
    re.IGNORECASE,
)
_WAS_PUBLISHED = re.compile(
    rf"(?:\b(?:is|are|was|were|been|be|that|which|and|or|first|what|who|{WORKS}|{ANYTHING})|{MARK})"
    rf" (?:{PUBLISHED}|{WRITING}|c[ao]me out)(?: {ANYTHING})?\W*$",
    re.IGNORECASE,
)
# What follows "papers on": no clause of its own, and nothing that has a year itself.
_TOPIC_WORD = (
    r"(?!(?:that|which|who|whose|where|when|while|is|are|was|were|do|does|did|has|have|had|uses?"
    r"|used|using|based|with|from|report\w*|collected|enrolled|data|datasets?|patients|cases"
    r"|cohorts?|surveys?|samples?|census)\b)[^\s?.!;]+"
)
_ON_A_TOPIC = re.compile(
    rf"\b(?:{WORKS}|{ANYTHING}|new|news|happened|published|written|wrote|known|done) "
    rf"(?:on|about|regarding|concerning|of|into|in|for) (?:{_TOPIC_WORD} ){{1,8}}$",
    re.IGNORECASE,
)
_PUBLISHED_ON = re.compile(
    rf"\b{PUBLISHED} (?:on|about|regarding|concerning) (?:{_TOPIC_WORD} ){{1,8}}$", re.IGNORECASE
)
_OF_PUBLISHED = re.compile(rf"\b{WORKS}\b.*\b(?:is|are|was|were|been) {PUBLISHED}\b", re.I)
_NO_COUNT = re.compile(
    r"(?:^|\b(?:the|any|all|which|what|list|show|find|me|my|our|your|their|his|her|and|or|a|some"
    r"|no|only|give|for|search|many|of (?:the|your|our|these))|['\u2019]s?)\W*$",
    re.IGNORECASE,
)
"""What stands before "2019 papers" where 2019 is not how many they are."""

_ASKS_FOR = re.compile(
    r"(?:^\W*|\b(?:the|any|all|which|what|are|there|many|list|show|find|give|me|us|only|some|see"
    r"|want|need|have|for|in|from|do|does))\W*$",
    re.IGNORECASE,
)
"""What stands before "recent papers" where these are asked for, and not compared with."""

_FOLLOWING = re.compile(
    r"\W*$|[?.!,;:)]| (?:on|about|by|from|in|at|that|which|and|or|with|regarding|concerning|do|are"
    r"|is|were|was)\b",
    re.IGNORECASE,
)


def find_years(text: str, this_year: int, *, by_author: bool = False) -> list[ReadPhrase]:
    """Returns the years of publication that ``text`` asks for in ``this_year``, in order.

    ``by_author`` says that it asks for what an author wrote. A year beside an author or a venue
    that was read, whose mark ``text`` has, is tied to it.
    """
    matches = [*PERIOD.finditer(text), *RECENT_WORKS.finditer(text)]
    periods = (read_period(match, this_year) for match in matches)
    found = [
        _make_phrase(text, period)
        for period in sorted(periods, key=lambda period: period.start)
        if period.is_possible and _is_tied(text, period, by_author)
    ]
    # Of papers of two times, which one is whose is not told.
    return found if len({phrase.filters for phrase in found}) == 1 else []


def _make_phrase(text: str, period: Period) -> ReadPhrase:
    start, end = period.start, period.end
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        start, end = start - 1, end + 1
    filters = Filters(year_from=period.first, year_to=period.last)
    return ReadPhrase(start, end, "year", filters, period.say(), again=period.say_years())


def _is_tied(text: str, period: Period, by_author: bool) -> bool:
    before, after = text[: period.start], text[period.end :]
    ends = re.match(r"\W*(?:$|[?.!,;)])", after) is not None
    beside = re.search(rf"{MARK}[\s,(]*$", before) is not None
    if period.manner == "recent works":
        return _ASKS_FOR.search(before) is not None
    if period.manner == "bare":
        if re.match(rf" {WORKS}", after, re.IGNORECASE):
            return _NO_COUNT.search(before) is not None or beside
        tied = _TIED.search(before) is not None
        return beside or (tied and (ends or period.last is None))
    if period.manner in ("vague", "relative") and not _FOLLOWING.match(after):
        return False
    if beside or _TIED.search(before) or _WAS_PUBLISHED.search(before):
        return True
    if not before.strip():
        return _OF_PUBLISHED.search(after) is not None
    if period.manner == "vague":
        return _PUBLISHED_ON.search(before) is not None and ends
    if _ON_A_TOPIC.search(before):
        return True
    # Who asks for someone's findings since a year asks for papers since then.
    return ends and period.manner in ("bound", "relative") and by_author
