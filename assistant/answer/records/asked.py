"""What of the library's records a question asks for: an author, a year, a venue, a number, a list.

The question is looked at without the filters that were read from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answer.records.words import FINDING, PUBLISHED, WORKS, WRITING
from assistant.text.terms import extract_terms

Wanted = Literal["author", "year", "venue", "count", "list", "newest", "oldest"]

_VENUE = r"(?:journals?|venues?|conferences?|magazines?|proceedings)"
_THE_WORK = (
    rf"(?:(?:the|a|an|this|that|their|his|her|my) )?(?:[\w-]+ )?{WORKS}"
    r"(?:,? (?:titled|entitled|called|named|on|about|of|that introduced|introducing|describing))?"
)
_ON_A_TOPIC = re.compile(rf"\b{WORKS} (?:on|about|regarding|concerning) \w", re.IGNORECASE)
_PLEASE = (
    r"^\W*(?:(?:please|hi|hello|hey|so|and|ok|okay)\b\W*)*"
    r"(?:(?:can|could|would) you (?:please )?)?(?:(?:do you know|tell me|say) )?"
)
_WAS = r"(?:is|are|was|were|has|have|did|does)"
_CAME_OUT = rf"(?:been )?(?:first )?(?:{PUBLISHED}|(?P<vague>come out|came out|appear(?:ed)?))"
_WHO_ARE = r"(?:who (?:is|are|was|were)|who's|name|list|show me|give me|what are|find)"
_QUESTIONS: tuple[tuple[Wanted, str], ...] = (
    ("author", r"who (?:wrote|authored|co-?authored|published) (?P<of>.+)"),
    (
        "author",
        rf"(?:{_WHO_ARE} )?(?:all )?(?:the )?(?:names of (?:the )?)?"
        r"(?:(?:first|last|senior|lead) )?authors? of (?P<of>.+)",
    ),
    ("author", rf"(?:{_WHO_ARE} )?(?P<of>the|its|their|that|this) (?:paper'?s )?authors?"),
    (
        "author",
        r"(?:by whom|who) (?:was|is) (?P<of>.+?) (?:written|authored|published)(?: by)?",
    ),
    ("author", r"(?:whose|who's) (?P<of>(?:paper|work|article|study) (?:is|was) .+)"),
    ("year", rf"when {_WAS} (?P<of>.+?) {_CAME_OUT}"),
    ("year", rf"(?:in |from )?(?:what|which) year {_WAS} (?P<of>.+?) {_CAME_OUT}(?: in)?"),
    ("year", r"(?:when|(?:in )?(?:what|which) year) did they (?:publish|write) (?P<of>.+)"),
    (
        "year",
        r"(?:(?:what is|what's|what was|give me|find) )?(?:the )?(?:year of publication"
        r"|publication (?:year|date)|date of publication) of (?P<of>.+)",
    ),
    ("venue", rf"where {_WAS} (?P<of>.+?) {_CAME_OUT}(?: in| at)?"),
    (
        "venue",
        rf"(?:(?:in|at) )?(?:which|what) {_VENUE} {_WAS} (?P<of>.+?) {_CAME_OUT}(?: in| at)?",
    ),
    ("venue", rf"(?:which|what) {_VENUE} (?:published|is) (?P<of>.+?)(?: in| from)?"),
    ("venue", r"(?:what is|what's|what was) the venue of (?P<of>.+)"),
    ("year", r"(?:from )?(?:what|which) year (?:is|was) (?P<of>.+?)(?: from)?"),
)
_OF_A_PAPER = tuple(
    (wanted, re.compile(rf"{_PLEASE}{pattern}[\s?!.]*(?:please)?[\s?!.]*$", re.IGNORECASE))
    for wanted, pattern in _QUESTIONS
)
_IN_PAPERS = re.compile(r'^In (?P<titles>".+?"(?: and ".+?")*), (?P<question>.+)', re.DOTALL)
_TITLE = re.compile(r'"(.+?)"(?= and "|$)')
_POINTS = frozenset(extract_terms("first second third fourth fifth sixth last former other one"))
_LEAD = re.compile(rf"^\W*{_THE_WORK}(?!\w)\s*", re.IGNORECASE)
_TAIL = re.compile(rf"^(?:(?:the|that|this|a|an) )?(?P<name>.+) {WORKS}$", re.IGNORECASE)
_DETERMINED = re.compile(
    r"^\W*(?:the|a|an|this|that|these|those|his|her|their|my|any|some)\s", re.I
)
_N = r"\d{1,3}|two|three|four|five|ten"
_NEWEST = re.compile(
    rf"(?:\b(?P<before>{_N}) )?\b"
    rf"(?:(?P<newest>newest|latest|most recent(?:ly {PUBLISHED})?|last {PUBLISHED})"
    rf"|(?P<oldest>oldest|earliest|first {PUBLISHED}"
    r"|first(?= (?:paper|article|study|publication)s? (?:on|about)\b)))"
    rf"(?: (?P<n>{_N}))? ?(?:{PUBLISHED} )?(?P<works>(?:[\w-]+ ){{0,2}}?{WORKS}|ones?)?",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:paper|article|study|publication|work|one|preprint)$", re.IGNORECASE)
_WORKS = re.compile(rf"\b(?:{WORKS}|ones?\b)", re.IGNORECASE)
_ABOUT = re.compile(
    r"^\W*(?:(?:that|which) (?:is|are) )?(?:on|about|of|regarding|concerning)\b", re.I
)
_RECENT = re.compile(rf"\brecent {WORKS}", re.IGNORECASE)
_SO_IT_IS = re.compile(
    rf"\b(?:which|what|of the) (?P<works>(?:[\w-]+ )?{WORKS})(?P<after>.*) (?:is|are|was) the "
    r"\w+(?: \w+)?\W*$",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_COUNT = re.compile(
    r"\b(?:how many|(?:what is |what's )?(?:the )?(?:total )?number of|count(?: of)?)\b",
    re.IGNORECASE,
)
_HAS_WORKS = re.compile(rf"\b{WORKS}", re.IGNORECASE)
# What a question for papers says besides their topic.
_ABOUT_PAPERS = frozenset(
    extract_terms(
        """
        paper papers article articles study studies publication publications preprint manuscript
        abstract work works review writing research literature text publish published publishing
        appear appeared write wrote written writing author authored authors contain hold exist
        available find list show name count number total altogether overall display see look search
        library collection corpus database record year date title journal venue conference new
        newest latest recent oldest earliest come came currently present include included
        everything anything something thing need full
        """
    )
)
_FINDING = re.compile(rf"\b(?:{FINDING}|{WRITING})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedRecords:
    """What is asked of the records: ``wanted`` of the paper ``of``, or of all on its topic.

    ``of`` is '' where all papers that pass the filters are meant. ``named`` says that it is a
    paper's name or title rather than words on a topic. ``n`` is how many are asked for, if it says.
    ``titles`` are those of the papers that a turn of a chat points to, in place of ``of``.
    """

    wanted: Wanted
    of: str = ""
    named: bool = False
    n: int | None = None
    titles: tuple[str, ...] = ()


def read_asked(
    text: str, *, filtered: bool, has_read: bool, by_author: bool
) -> AskedRecords | None:
    """Returns what ``text`` asks of the records, None for a question that the papers answer.

    Args:
        text: the question without the filters that were read from it.
        filtered: whether there are filters, read or given.
        has_read: whether some were read from the question.
        by_author: whether an author is among those.
    """
    if (pointed := _IN_PAPERS.match(text)) is not None:
        return _read_pointed(pointed)
    for wanted, pattern in _OF_A_PAPER:
        match = pattern.match(text)
        if match is not None:
            vague = bool(match.groupdict().get("vague"))
            asked = _read_paper(wanted, match["of"], vague=vague)
            if asked.of or filtered:
                return asked
    superlative = _NEWEST.search(text)
    if superlative and (superlative["works"] or filtered or _SO_IT_IS.search(text)):
        return _read_superlative(text, superlative, by_author)
    if not (has_read or _HAS_WORKS.search(text)) or not _has_no_topic(text, by_author):
        return None
    if _COUNT.search(text):
        return AskedRecords("count")
    return AskedRecords("newest" if _RECENT.search(text) else "list")


def split_titles(text: str) -> tuple[str, str]:
    """Returns the titles that a turn of a chat was given in front, and its question."""
    pointed = _IN_PAPERS.match(text)
    start = pointed.start("question") if pointed else 0
    return text[:start], text[start:]


def _read_pointed(pointed: re.Match[str]) -> AskedRecords | None:
    """Returns what 'In "Title", who wrote it?' asks of the paper with that title."""
    for wanted, pattern in _OF_A_PAPER:
        match = pattern.match(pointed["question"])
        if match and set(extract_terms(match["of"])) <= _ABOUT_PAPERS | _POINTS:
            return AskedRecords(wanted, titles=tuple(_TITLE.findall(pointed["titles"])))
    return None


def _read_superlative(text: str, match: re.Match[str], by_author: bool) -> AskedRecords:
    works, after = match["works"] or "", text[match.end() :]
    if not works and (turned := _SO_IT_IS.search(text)):
        works, after = turned["works"], turned["after"]
    number = (match["n"] or match["before"] or "").lower()
    n = _NUMBERS.get(number) or (int(number) if number.isdecimal() else None)
    no_topic = _has_no_topic(f"{works} {after}", by_author)
    return AskedRecords(
        "newest" if match["newest"] else "oldest",
        "" if no_topic else _ask_for_papers(works, after),
        n=n or (1 if _ONE.search(works) or not match["works"] else None),
    )


def _read_paper(wanted: Wanted, of: str, *, vague: bool) -> AskedRecords:
    """Returns what is asked of a paper called ``of``.

    ``vague`` says that the verb is one of other things as well: symptoms appear, too.
    """
    of = re.sub(r"^(?:on|about) ", "the paper on ", of.strip(" ?!.,;:"), flags=re.IGNORECASE)
    lead, tail = _LEAD.match(of), _TAIL.match(of)
    name = tail["name"] if tail else of[lead.end() :] if lead else of
    name = name.strip(" \"'\u201c\u201d\u2018\u2019?!.,;:")
    if set(extract_terms(name)) <= _ABOUT_PAPERS:
        return AskedRecords(wanted)
    is_paper = bool(lead or tail) or of[:1] in "\"\u201c\u2018'"
    is_name = not _DETERMINED.match(of) and any(c.isupper() or c.isdigit() for c in name)
    return AskedRecords(wanted, name, is_paper or (is_name and not vague))


def _has_no_topic(text: str, by_author: bool) -> bool:
    if by_author:
        text = _FINDING.sub(" ", text)
    return not _ON_A_TOPIC.search(text) and set(extract_terms(text)) <= _ABOUT_PAPERS


def _ask_for_papers(works: str, after: str) -> str:
    """Returns 'papers on sleep' of "sleep paper" and of "paper" with "on sleep" after it."""
    topic = f"{_WORKS.sub('', works)} {_ABOUT.sub('', after)}".strip(" ?!.,;:")
    return f"papers on {' '.join(topic.split())}"
