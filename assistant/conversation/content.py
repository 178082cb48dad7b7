"""How much a turn says by itself: what it is about, whether it is a whole question.

By rule and in English; nothing is looked up in a library.
"""

from __future__ import annotations

import re

from assistant.text.terms import extract_terms

AUXILIARIES = (
    "is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
)
PREPOSITIONS = (
    "of|in|on|for|with|by|from|to|at|as|than|like|about|behind|after|before|through|over|under"
    "|against|between|without|within|into|beyond|during|across|compared|relative|versus"
)
QUESTION_WORDS = "what|which|who|whose|whom|where|when|why|how"
_SOUGHT = (
    r"(?:papers?|works?|stud(?:y|ies)|articles?|approach(?:es)?|methods?|models?|systems?"
    r"|datasets?)"
)

ASKS_AGAIN = r"are you (?:really )?sure|really|is (?:that|this) (?:really )?(?:true|right|correct)"
"""Turns to which the answer before may be said again."""

MAX_FRAGMENT_WORDS = 8
"""Longer runs without a verb that we know mostly have one that we do not."""

MIN_SPECIFIC = 2
"""Terms that a question without names must have of its own to stand alone."""

_CLAUSE_WORD = re.compile(
    rf"\b(?:{AUXILIARIES}|{QUESTION_WORDS}|tell|compare|list|show|find|explain|describe|give|name"
    r"|summari[sz]e)\b",
    re.IGNORECASE,
)
_FIRST_PART = re.compile(r"[,;:?!.](?:\s|$)")
_NEW_SENTENCE = re.compile(r"[.?!]\s+\w")
_ASKS = re.compile(rf"\s*(?:(?:{PREPOSITIONS}) )?(?:{QUESTION_WORDS})\b", re.IGNORECASE)
_NOT_AUXILIARY = rf"(?!(?:{AUXILIARIES})\b)"
_SEARCH = re.compile(
    # "which recent papers ..."; "are there any ..."; "who predicts ..."; "which drafter uses ..."
    rf"\b(?:which|what|any|other|another|find|list) (?:{_NOT_AUXILIARY}[\w-]+ ){{0,3}}?"
    rf"(?:{_SOUGHT}|one)\b(?! (?:do|does|did)\b)"
    rf"|^(?:is|are) there (?:other|another|(?:an?|any|some) (?:[\w-]+ )?{_SOUGHT})\b"
    rf"|^who\b(?! (?:{AUXILIARIES}|wrote|else)\b)"
    rf"|^(?:which|what) (?:{_NOT_AUXILIARY}[\w-]+ ){{0,2}}?{_NOT_AUXILIARY}[\w-]+s "
    rf"(?!(?:{AUXILIARIES}|of|in)\b)\w"
    rf"|\b(?:the|that|a) (?:one|{_SOUGHT}) "
    r"(?:that|which|with|without|on|about|by|from|for|called|where)\b",
    re.IGNORECASE,
)

_OF_LIBRARY = re.compile(
    r"\b(?:papers|articles|studies|publications|abstracts|authors|library|collection|corpus)\b"
    r"(?! (?:on|about) (?:it|that|this)\b)",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"(?:(?:what|who) (?:is|are)|define|what does) (?!the\b)\w", re.IGNORECASE)

_ATTRIBUTES = """
size large big small long deep high low fast slow much many number count amount figure value
parameter layer token accuracy score gain improvement improve increase reduction reduce decrease
speed speedup faster slower cost price expensive cheap memory time hour day minute latency
throughput data dataset corpus benchmark task test evaluate evaluation measure metric result
performance perform model system method approach technique framework algorithm architecture paper
study work author train training pretrain pre-training finetune fine-tuning inference run take took
taken need require use used reach achieve get obtain report show state find found come came keep
kept full biggest largest smallest best worst better worse compare comparison baseline beat
outperform state-of-the-art percent percentage share fraction factor rate ratio error quality gap
difference advantage disadvantage benefit drawback limitation problem idea contribution main key
step part component version variant kind type sort example language domain available code release
public open weights license download name called made make built build base start try tried way
reason exactly overall total average mean maximum minimum final original new another else different
same apply applied change help effect experiment setting further mention published year venue title
link gpu machine hardware card
"""
_GENERIC = frozenset(term for word in _ATTRIBUTES.split() for term in extract_terms(word))


def count_specific(text: str) -> int:
    """Returns how many terms of ``text`` say what it is about rather than what is asked of it."""
    return len({term for term in extract_terms(text) if term not in _GENERIC})


def is_of_library(text: str) -> bool:
    """Whether the turn asks for papers or for the library as a whole: "How many papers ...?"."""
    return bool(_OF_LIBRARY.search(text))


def names_subject(text: str) -> bool:
    """Whether the turn says what it is about: "What is entropy?" and not "What is the speed?"."""
    n = count_specific(text)
    return n >= MIN_SPECIFIC or (n > 0 and bool(_DEFINITION.match(text)))


def is_search(text: str) -> bool:
    """Whether the turn asks for a paper or system by describing it."""
    return bool(_SEARCH.search(text)) and count_specific(text) > 0


def is_verbless(text: str) -> bool:
    """Whether the turn is a question word, its noun and no verb: "On how many days of data?"."""
    if not _ASKS.match(text) or re.search(rf"\b(?:{AUXILIARIES})\b", text, re.IGNORECASE):
        return False
    begins = re.match(rf"(?:{QUESTION_WORDS})\b", text, re.IGNORECASE)
    return not begins or count_specific(text) == 0


def is_fragment(text: str) -> bool:
    """Whether the turn is no question by itself: "with the final ensemble?", "LayerSkip?"."""
    first, *rest = _FIRST_PART.split(text, maxsplit=1)
    return not (
        _CLAUSE_WORD.search(first)
        or _ASKS.match(rest[0] if rest else first)
        or _NEW_SENTENCE.search(text)
        or len(first.split()) > MAX_FRAGMENT_WORDS
        or not re.search("[a-z]", text, re.IGNORECASE)  # Other scripts are not told apart.
    )
