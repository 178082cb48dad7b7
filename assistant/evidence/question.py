"""What a question asks for, read off its words: the kind of answer, its names, its clauses.

The reading is by rule and in English; a question in another language, or a list of keywords,
simply shows fewer of these signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.evidence.quantities import ValueKind, find_numerals, find_value_kind
from assistant.evidence.topic import PLURAL_WORKS, find_topic
from assistant.text.terms import extract_terms

Asks = Literal["number", "name", "list", "compare", "yes_no", "reason", "method", "resource"]

_NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|small|fast|often|far|high|low|deep|wide|old|strong|well)\b"
    r"|\b(?:what|which|how) (?:\w+ ){0,3}(?:percent\w*|percentage|share|fraction|proportion|rates?|"
    r"scores?|numbers?|sizes?|speed-?ups?|ratios?|accurac\w+|gains?|improvements?|reductions?|"
    r"factors?|lengths?|figures?|costs?|budgets?|values?|counts?|amounts?|points|degrees?|years?)\b"
    r"|\b(?:by|to) what (?:factor|degree|extent)\b|\bwhen (?:was|were|did)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(?:which|who|whose|whom|where)\b|\bwhat (?!is|are|was|were|do|does|did)\w+"
    r"|\bcalled\b|\bnamed?\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\bwhy\b|\b(?:for )?what reasons?\b|\bhow come\b", re.IGNORECASE)
_METHOD = re.compile(
    r"\bhow (?:do|does|did|is|are|was|were|can|could|to)\b|\bby what means\b|\bin what way\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|can|could|has|have|had|should|will|would)\b", re.IGNORECASE
)
_RESOURCE = re.compile(
    r"\b(?:data ?sets?|corp(?:us|ora)|benchmarks?|code|librar(?:y|ies)|toolkits?|licen[cs]es?|"
    r"released?|available|download)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"\b(?:which|what|whose|list|name|find|show|summari[sz]e) (?:[\w-]+ ){{0,3}}{PLURAL_WORKS}\b"
    rf"|\b(?:in|by|through|across|over|from|according to) (?:[\w-]+ ){{0,2}}{PLURAL_WORKS}\b"
    r"|\b(?:each|every) (?:one|of (?:them|these|the)|paper|work|study|abstract|claim|"
    r"case)\b|^\W*(?:list|enumerate)\b|\bdescribed here\b|\bsets? them apart\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"^\W*(?:compare|contrast)\b|\bversus\b|\bdiffer from th(?:at|ose|e)\b"
    rf"|\b(?:two|three|four|both|these|those|our|recent) (?:[\w-]+ ){{0,3}}{PLURAL_WORKS}\b"
    rf"|\b{PLURAL_WORKS} (?:that )?(?:disagree|agree|conflict|contradict|point|differ|say)\b"
    r"|^\W*both\b.* and \b|\b(?:of|for|in) each\?|\bagainst each other\b|\bopposite directions\b",
    re.IGNORECASE,
)
_COUNTED_WORKS = re.compile(rf"\b(two|three|four|five) (?:\w+[ -]){{0,3}}{PLURAL_WORKS}\b", re.I)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}

_QUOTED = re.compile(
    r"[\"\u201c\u2018']([^\"\u201c\u201d\u2018\u2019']{3,120})[\"\u201d\u2019'](?!\w)"
)
_WORD = re.compile(r"[^\W_]+(?:[-.+*/][^\W_]+)*[+*]*")

_SPACES = re.compile(r"[ \t]{2,}")

MAX_CHARACTERS = 2_500
"""Characters that are looked at: a longer text begins with what it asks, or is no question."""

_WH = re.compile(
    r"\b(?:how (?:many|much|long|large|big)|which|what|whose|who|where|when|why|how)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[?;:!]+\s*|,\s+(?:and|but|or|so)?\s*(?=(?:\w+ )?(?:which|what|whose|who|where|when|why|how|is"
    r"|are|do|does|did|can)\b)"
    r"|,?\s+and\s+(?=(?:\w+ )?(?:which|what|whose|who|where|when|why|how)\b)"
    r"|,\s+and\s+|(?<=\.)\s+(?=[A-Z])",
    re.IGNORECASE,
)
# The asked-for attribute ends where the sentence goes on: at an auxiliary, verb or preposition.
_FOCUS_END = re.compile(
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should|must|may|"
    r"might|of|in|on|for|with|by|from|to|at|as|than|that|when|while|if|after|before|through|"
    r"over|under|against|between|without|within|into|and|or|who|which|what)\b|[,;:?!]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """A question taken apart.

    ``terms`` are its distinct content stems in order; ``name_terms`` those of names (acronyms,
    words with inner capitals or digits, capitalised words, quotations); ``numbers`` the numerals
    it states itself; ``clauses`` the stems of each part that asks something; ``focus`` the stems
    of the attributes asked for ("how many GPU hours ..." -> "gpu", "hour"); ``value`` the kind
    of quantity, where a number is asked for. ``several`` says that the words ask for more than one
    paper, ``n_papers`` how many where they say so. ``broad`` says that only a topic is named: then
    ``terms``, ``clauses`` and ``focus`` are the topic's, without the words that ask for it.
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    name_terms: frozenset[str]
    numbers: frozenset[str]
    asks: frozenset[Asks]
    clauses: tuple[tuple[str, ...], ...]
    focus: tuple[str, ...]
    value: ValueKind | None
    several: bool
    n_papers: int | None
    broad: bool = False

    @property
    def wants_papers(self) -> bool:
        """Whether it is answered by papers on the matter rather than by a stated detail."""
        return self.broad or "list" in self.asks


def analyse_question(
    question: str, corrections: Mapping[str, str] | None = None
) -> QuestionAnalysis:
    """Returns what ``question`` asks for; nothing of it is looked up in a library.

    ``corrections`` are misspelt words and how to read them; ``text`` keeps what was typed.
    """
    typed, question = question, _correct(_shorten(question), corrections or {})
    names = _find_asked_names(question)
    asks = _classify(question)
    topic = find_topic(question)
    if topic is not None and extract_terms(topic):
        return _analyse_topic(typed, topic, names, asks)
    clauses = tuple(
        found
        for part in _CLAUSE.split(question)
        if part and (found := tuple(dict.fromkeys(extract_terms(part))))
    )
    return QuestionAnalysis(
        text=typed,
        terms=tuple(dict.fromkeys(extract_terms(question))),
        names=names,
        name_terms=frozenset(term for name in names for term in extract_terms(name)),
        numbers=frozenset(find_numerals(question)),
        asks=asks,
        clauses=clauses,
        focus=_find_focus(question),
        value=find_value_kind(question) if "number" in asks else None,
        several=bool({"list", "compare"} & asks),
        n_papers=_count_asked_papers(question, asks),
    )


def _analyse_topic(
    text: str, topic: str, names: tuple[str, ...], asks: frozenset[Asks]
) -> QuestionAnalysis:
    """Returns the analysis of a question that only names ``topic``."""
    stems = tuple(dict.fromkeys(extract_terms(topic)))
    return QuestionAnalysis(
        text=text,
        terms=stems,
        names=names,
        name_terms=frozenset(
            term for name in names for term in extract_terms(name) if term in stems
        ),
        numbers=frozenset(find_numerals(topic)),
        asks=asks & {"list"},
        clauses=(stems,),
        focus=stems,
        value=None,
        several="list" in asks,
        n_papers=None,
        broad=True,
    )


def _shorten(question: str) -> str:
    """Returns what is looked at of ``question``: its first characters, without runs of spaces."""
    return _SPACES.sub(" ", question[:MAX_CHARACTERS])


def _correct(question: str, corrections: Mapping[str, str]) -> str:
    """Returns ``question`` with whole words replaced, whatever their case."""
    for original, replacement in corrections.items():
        pattern = rf"(?<!\w){re.escape(original)}(?!\w)"
        question = re.sub(pattern, replacement.replace("\\", r"\\"), question, flags=re.I)
    return question


def find_names(text: str) -> tuple[str, ...]:
    """Returns the words of ``text`` that look like names: inner capitals, digits, acronyms.

    The first word of a sentence counts only where more than its first letter is a capital.
    """
    found = []
    sentence_start = True
    for match in _WORD.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip()
        sentence_start = not before or before[-1] in ".?!:\n"
        letters = [c for c in word if c.isalpha()]
        inner_capital = any(c.isupper() for c in word[1:])
        mixed = any(c.isdigit() for c in word) and bool(letters)
        capitalised = word[0].isupper() and not sentence_start
        if letters and len(word) > 1 and (inner_capital or mixed or capitalised):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _find_asked_names(question: str) -> tuple[str, ...]:
    # A question typed in capitals has no names to tell by their capitals.
    letters = [c for c in question if c.isalpha()]
    shouted = bool(letters) and sum(c.isupper() for c in letters) > 0.6 * len(letters)
    quoted = tuple(_QUOTED.findall(question))
    return tuple(dict.fromkeys(quoted if shouted else quoted + find_names(question)))


def _classify(question: str) -> frozenset[Asks]:
    signs: tuple[tuple[Asks, re.Pattern[str]], ...] = (
        ("number", _NUMBER),
        ("name", _NAME),
        ("list", _LIST),
        ("compare", _COMPARE),
        ("yes_no", _YES_NO),
        ("reason", _REASON),
        ("method", _METHOD),
        ("resource", _RESOURCE),
    )
    return frozenset(kind for kind, pattern in signs if pattern.search(question))


def _count_asked_papers(question: str, asks: frozenset[Asks]) -> int | None:
    """Returns how many papers are asked for; a comparison without a number is of two."""
    counted = _COUNTED_WORKS.search(question)
    if counted:
        return _COUNTS[counted.group(1).lower()]
    return 2 if "compare" in asks and "list" not in asks else None


def _find_focus(question: str) -> tuple[str, ...]:
    """Returns the stems between each question word and where its noun phrase ends."""
    stems: dict[str, None] = {}
    for wh in _WH.finditer(question):
        rest = question[wh.end() :]
        end = _FOCUS_END.search(rest)
        phrase = rest[: end.start()] if end else rest
        if not extract_terms(phrase) and end:
            # "What is the learning rate of ...": the phrase follows the auxiliary.
            rest = rest[end.end() :]
            end = _FOCUS_END.search(rest)
            phrase = rest[: end.start()] if end else rest
        stems.update(dict.fromkeys(extract_terms(phrase)))
    return tuple(stems)
