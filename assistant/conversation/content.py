"""How much a turn says by itself: what it is about, whether it is a whole question.

By rule and in English; nothing is looked up in a library.
"""

from __future__ import annotations

import re

from assistant.conversation.grammar import (
    AUXILIARIES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SYSTEMS,
    WORKS,
)
from assistant.conversation.names import names_of
from assistant.text.terms import terms

MAX_FRAGMENT_WORDS = 8
"""Longer runs without a verb that we know mostly have one that we do not."""

_CLAUSE_WORD = re.compile(
    rf"\b(?:{AUXILIARIES}|{QUESTION_WORDS}|tell|compare|list|show|find|explain|describe|give|name"
    r"|summari[sz]e)\b",
    re.IGNORECASE,
)
_FIRST_PART = re.compile(r"[,;:?!.](?:\s|$)")
_ASKS = re.compile(rf"\s*(?:(?:{PREPOSITIONS}) )?(?:{QUESTION_WORDS})\b", re.IGNORECASE)
_NEW_SENTENCE = re.compile(r"[.?!]\s+\w")

_THE_PAPER = re.compile(
    rf"\bthe (?:authors?|{WORKS}|{SYSTEMS}|technique|framework|algorithm|architecture|experiments?"
    r"|results?|researchers)\b"
    r"(?! (?:that|which|who|with|on|about|of|for|by|in|from|called|named)\b)",
    re.IGNORECASE,
)
_NOT_AUXILIARY = rf"(?!(?:{AUXILIARIES})\b)"
_SEARCH = re.compile(
    # "which recent papers ..."; "are there any ..."; "who predicts ..."; "which drafter uses ..."
    rf"\b(?:which|what|any|other|another|find|list) (?:{_NOT_AUXILIARY}[\w-]+ ){{0,3}}?"
    rf"(?:{WORKS}|{SYSTEMS}|one)\b(?! (?:do|does|did)\b)"
    rf"|^(?:is|are) there (?:other|another|(?:an?|any|some) (?:[\w-]+ )?(?:{WORKS}|{SYSTEMS}))\b"
    rf"|^who\b(?! (?:{AUXILIARIES}|wrote|else)\b)"
    rf"|^(?:which|what) (?:{_NOT_AUXILIARY}[\w-]+ ){{0,2}}?{_NOT_AUXILIARY}[\w-]+s "
    rf"(?!(?:{AUXILIARIES}|of|in)\b)\w"
    r"|^(?:do|does|has|have) (?:any|some)(?:one|body|thing)?\b"
    rf"|\b(?:the|that|a) (?:one|{WORKS}|model) "
    r"(?:that|which|with|without|on|about|by|from|for|called|where)\b",
    re.IGNORECASE,
)
_EXISTS = re.compile(r"(?:is|are) there (?:an?|any|some) (?P<sought>[\w-]+)", re.IGNORECASE)
_SUCCESSOR = re.compile(
    r"\b(?:version (?:two|three|four|\d)|v\d|second version|successors?|sequel|follow-up"
    r"|(?:newer|later|next) (?:version|paper|work|model)s?)\b",
    re.IGNORECASE,
)
_VALUE_COMPARED = re.compile(
    r"\bhow (?:does|do|did) (?:that|this|it|they|these|those) compare (?:to|with|against)\b"
    r"|\bis (?:that|this) (?:more|less|\w+er|worse) than\b",
    re.IGNORECASE,
)

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
_GENERIC = frozenset(term for word in _ATTRIBUTES.split() for term in terms(word))


def n_specific(text: str) -> int:
    """Returns how many terms of ``text`` say what it is about rather than what is asked of it."""
    return len({term for term in terms(text) if term not in _GENERIC})


def searches(text: str) -> bool:
    """Whether the turn asks for a paper or system by describing it.

    "Is there a version with ...?" asks something of what is spoken of already.
    """
    exists = _EXISTS.match(text)
    sought = exists is not None and n_specific(exists["sought"]) > 0
    return (sought or bool(_SEARCH.search(text))) and n_specific(text) > 0


def seeks_another(text: str) -> bool:
    """Whether what is asked for is another paper than the one that the turn points to."""
    return searches(text) or bool(_SUCCESSOR.search(text))


def leans_on_the_paper(text: str) -> bool:
    """Whether the turn speaks of "the paper" or "the authors" without saying which."""
    return bool(_THE_PAPER.search(text)) and not names_of(text)


def compares_value(text: str) -> bool:
    """Whether the turn compares what was just answered: "how does that compare with ...?"."""
    return bool(_VALUE_COMPARED.search(text))


def is_fragment(text: str) -> bool:
    """Whether the turn is no question by itself: "with the final ensemble?", "LayerSkip?"."""
    parts = _FIRST_PART.split(text, maxsplit=1)
    return not (
        _ASKS.match(parts[-1])
        or _CLAUSE_WORD.search(parts[0])
        or _NEW_SENTENCE.search(text)
        or len(parts[0].split()) > MAX_FRAGMENT_WORDS
    )


def is_bare_wh(text: str) -> bool:
    """Whether the turn is a question word, its noun and no verb: "On how many days of data?"."""
    if not _ASKS.match(text) or re.search(rf"\b(?:{AUXILIARIES})\b", text, re.IGNORECASE):
        return False
    return n_specific(text) == 0 or not re.match(rf"(?:{QUESTION_WORDS})\b", text, re.IGNORECASE)
