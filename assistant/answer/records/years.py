"""Years of publication in a question: "from 2019", "since 2020", "2017-2019 papers".

A year is one of publication only where the words tie it to papers, to an author or to publishing:
"papers from 2019", but not "the 2018 world cup" nor "mortality since 1990".
"""

from __future__ import annotations

import re

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

_YEAR = r"(?<![\d.,/-])(?:1[5-9]|20)\d\d(?![\d%]|[.,/]\d|-\d{1,2}-)"
_DASH = r"\s?[-\u2010-\u2014]\s?"
_TO = rf"(?:{_DASH}|\s*\.\.\s*|\s+(?:to|until|till|through|thru|and)\s+)"
_THE_YEAR = r"(?:the )?(?:years? )?"
_PERIOD = re.compile(
    rf"\b(?:between {_THE_YEAR}(?P<a>{_YEAR})(?: and |{_DASH}| to )(?P<b>(?:1[5-9]|20)\d\d)\b"
    rf"|(?P<range>(?:from|in|of|over|during) )?{_THE_YEAR}(?P<c>{_YEAR}){_TO}"
    rf"(?P<d>(?:(?:1[5-9]|20)\d\d|(?<=[-\u2010-\u2014])\d\d)\b)"
    rf"|(?P<in10>from|in|of|during) the (?:19|20)?(?P<decade>\d0)\W?s\b"
    rf"|(?:since|starting (?:in|from)) {_THE_YEAR}(?P<since>{_YEAR})"
    rf"|from {_THE_YEAR}(?P<on>{_YEAR}) "
    r"(?:onwards?\b|or later\b|and later\b|upwards?\b|on(?=\W*$|[?.,;]))"
    rf"|(?:after|later than|newer than|more recent than) {_THE_YEAR}(?P<after>{_YEAR})"
    rf"|(?:before|prior to|older than|earlier than) {_THE_YEAR}(?P<before>{_YEAR})"
    rf"|(?:until|till|up to) {_THE_YEAR}(?P<until>{_YEAR})"
    rf"|(?:(?P<prep>from|in|of|during|dated) {_THE_YEAR})?(?P<exact>{_YEAR})"
    r"(?P<later>,? (?:or|and) (?:later|newer))?"
    r"(?P<earlier>,? (?:or|and) (?:earlier|older|before))?)",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"(19|20)(?=\d0)")

_TIED = re.compile(
    rf"(?:\b{WORKS}|\b{ANYTHING}|\b(?:new|news)){LINK}(?: {PUBLISHED})?\W*$",
    re.IGNORECASE,
)
_WAS_PUBLISHED = re.compile(
    rf"(?:\b(?:is|are|was|were|been|be|that|which|and|or|first|what|who|{WORKS}|{ANYTHING})|{MARK})"
    rf" (?:{PUBLISHED}|{WRITING})(?: {ANYTHING})?\W*$",
    re.IGNORECASE,
)
# What follows "papers on": no clause of its own, and nothing that has a year itself.
_TOPIC_WORD = (
    r"(?!(?:that|which|who|whose|where|when|while|is|are|was|were|do|does|did|has|have|had|uses?"
    r"|used|using|based|with|from|report\w*|collected|enrolled|data|datasets?|patients|cases"
    r"|cohorts?|surveys?|samples?|census)\b)[^\s?.!;]+"
)
_ON_A_TOPIC = re.compile(
    rf"\b(?:{WORKS}|{ANYTHING}|new|news|happened|published|written|known|done) "
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


_VAGUE = ("in", "of", "during")
"""Before a year these say when something was, a paper's publication or another thing."""

_FOLLOWING = re.compile(
    r"\W*$|[?.!,;:)]| (?:on|about|by|from|in|at|that|which|and|or|with|regarding|concerning|do|are"
    r"|is|were|was)\b",
    re.IGNORECASE,
)


def find_years(text: str, *, by_author: bool = False) -> list[ReadPhrase]:
    """Returns the years of publication that ``text`` asks for, in order.

    ``by_author`` says that it asks for what an author wrote. A year beside an author or a venue
    that was read, whose mark ``text`` has, is tied to it.
    """
    found = []
    for match in _PERIOD.finditer(text):
        if not _is_tied(text, match, by_author):
            continue
        first, last = _read_bounds(match)
        if first is not None and last is not None and first > last:
            continue
        start, end = match.span()
        if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
            start, end = start - 1, end + 1
        filters = Filters(year_from=first, year_to=last)
        found.append(ReadPhrase(start, end, "year", filters, say_years(first, last)))
    # Of papers of two times, which one is whose is not told.
    return found if len({phrase.filters for phrase in found}) == 1 else []


def say_years(first: int | None, last: int | None) -> str:
    """Returns a range of years in words: 'from 2019', 'from 2017 to 2019', 'from 2020 or later'."""
    if first == last:
        return f"from {first}"
    if first is None:
        return f"from {last} or earlier"
    return f"from {first} or later" if last is None else f"from {first} to {last}"


def _is_tied(text: str, match: re.Match[str], by_author: bool) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    ends = re.match(r"\W*(?:$|[?.!,;)])", after) is not None
    beside = re.search(rf"{MARK}[\s,(]*$", before) is not None
    is_plain = match["exact"] is not None and match["prep"] is None
    bare = is_plain or (match["c"] is not None and match["range"] is None)
    if bare:
        if re.match(rf" {WORKS}", after, re.IGNORECASE):
            return _NO_COUNT.search(before) is not None or beside
        tied = _TIED.search(before) is not None
        return beside or (tied and (ends or match["later"] is not None))
    if (match["prep"] or "").lower() in _VAGUE and not _FOLLOWING.match(after):
        return False
    if beside or _TIED.search(before) or _WAS_PUBLISHED.search(before):
        return True
    if not before.strip():
        return _OF_PUBLISHED.search(after) is not None
    if (match["prep"] or "").lower() in _VAGUE:
        return _PUBLISHED_ON.search(before) is not None and ends
    if _ON_A_TOPIC.search(before):
        return True
    # Who asks for someone's findings since a year asks for papers since then.
    is_bound = any(match[name] for name in ("since", "on", "after", "before", "until", "a"))
    return ends and is_bound and by_author


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
    after, before = year("after"), year("before")
    return (
        year("since") or year("on") or (None if after is None else after + 1),
        year("until") or (None if before is None else before - 1),
    )
