"""Numbers in text: numerals, and which sentence states a value of the kind a question asks for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

ValueKind = Literal["share", "factor", "time", "size", "score", "count"]

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER = (
    r"(?:\d+(?:[.,]\d+)*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|"
    r"thirty|forty|fifty|hundreds?|thousands?|millions?|billions?|dozens?)"
)

# Tried in this order: "how many hours" asks for a time, "how many times faster" for a factor.
_ASKED_WORDS: tuple[tuple[ValueKind, str], ...] = (
    (
        "time",
        r"\bhow long\b(?! (?:sequences?|contexts?|inputs?|documents?|texts?))"
        r"|\b(?:hours?|days?|weeks?|minutes?|seconds?|milliseconds?|latency)\b",
    ),
    (
        "factor",
        r"\bhow (?:much|many times) (?:\w+ )?(?:faster|slower|quicker|cheaper|smaller|larger"
        r"|bigger|shorter|less|fewer)\b|\bspeed-?ups?\b|\baccelerat\w+\b|\bfactors?\b",
    ),
    ("share", r"\bpercent\w*\b|\bshare\b|\bfraction\b|\bproportion\b|\bportion\b"),
    ("size", r"\bhow (?:large|big|small)\b|\bparameters?\b|\bsizes?\b|\btokens?\b"),
    (
        "score",
        r"\bscores?\b|\baccurac\w+\b|\bpoints?\b|\brates?\b|\b(?:what|which) [A-Z][\w@-]*[A-Z\d]"
        r"|\bgains?\b|\bimprove\w*\b|\bperplexit\w+\b",
    ),
    ("count", r"\bhow many\b"),
)
_ASKED = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _ASKED_WORDS)
_STATED_FORMS: tuple[tuple[ValueKind, str], ...] = (
    (
        "time",
        rf"\b{_NUMBER}[ -]?(?:ms|s|h|sec(?:ond)?s?|milliseconds?|minutes?|hours?|days?|weeks?|"
        r"months?|years?)\b|\b(?:GPU|TPU|CPU)[ -](?:hours?|days?)\b",
    ),
    (
        "factor",
        r"\d(?:\.\d+)? ?(?:x\b|\u00d7|times|fold|\\times|%|percent)"
        rf"|\b{_NUMBER}[ -]?(?:times|fold)\b"
        r"|\b(?:twice|double|half|halv\w+|one[- ](?:third|half|quarter))\b"
        r"|\border of magnitude\b",
    ),
    (
        "share",
        rf"\d ?\\?%|\b{_NUMBER} (?:percent|per cent)\b|\b(?:half|third|quarter|all|none)\b",
    ),
    (
        "size",
        rf"\b{_NUMBER}[ -]?(?:[KMBTG]B?|thousand|million|billion|trillion)\b"
        rf"|\b{_NUMBER}[ -](?:\w+[ -]){{0,2}}(?:parameters?|tokens?|words?|layers?)\b",
    ),
    (
        "score",
        r"\d+\.\d+|\d ?\\?%|\b\d+(?:\.\d+)? (?:\w+ )?(?:points?|percent|BLEU|accuracy)\b",
    ),
    ("count", rf"\b{_NUMBER}\b"),
)
_STATED = {kind: re.compile(form, re.IGNORECASE) for kind, form in _STATED_FORMS}


@lru_cache(maxsize=20_000)
def find_numerals(text: str) -> tuple[str, ...]:
    """Returns the numerals of ``text`` in order, without thousands separators."""
    return tuple(match.replace(",", "") for match in _NUMERAL.findall(text))


def find_value_kind(question: str) -> ValueKind | None:
    """Returns the kind of quantity that ``question`` asks for; None where it names none."""
    return next((kind for kind, pattern in _ASKED if pattern.search(question)), None)


@lru_cache(maxsize=20_000)
def states_value(text: str, kind: ValueKind) -> bool:
    """Returns whether ``text`` states a value that could answer a question for ``kind``."""
    return _STATED[kind].search(text) is not None
