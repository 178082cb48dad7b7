"""Sentences of an abstract that talk to whoever answers from it, rather than about research.

A quotation is not obeyed, but a reader who is shown one may follow it, and so may a model that
reads the answer; such a sentence answers no question. The signs are general: who is spoken to,
what is demanded, about which output, and markup that an abstract has no use for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache


def _any_of(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


_MARKUP = re.compile(
    _any_of(
        r"!\[[^\]]*\]\(",
        r"<\s*/?\s*(?:script|img|iframe|style|a|document|context|system|instructions?)\b",
        r"<!--",
        r"\[/?INST\]",
        r"<\|[a-z_]+\|>",
        r"[{,]\s*\"(?:tool|function|arguments|role)\"\s*:",
        r"(?:^|\n)\s*(?:system|user|assistant|human|ai)\s*:",
    ),
    re.IGNORECASE,
)
# Forty letters and digits without a space, a capital and a digit among them, outside an address.
_ENCODED = re.compile(
    r"(?<![\w/.:?=&-])(?=[A-Za-z0-9+/]{0,80}\d)(?=[A-Za-z0-9+/]{0,80}[A-Z])[A-Za-z0-9+/]{40,}={0,2}"
)
_REFERENCE_LIST = re.compile(
    r"(?:^|\n)\s*(?:Sources|References)\s*:|^\s*\d{1,2}\.\s+\S", re.IGNORECASE
)

_PROGRAM = _any_of(
    "assistants?",
    "chat ?bots?",
    "(?:language|chat|AI) models?",
    "LLMs?",
    "AIs?",
    "AI (?:tools?|systems?|agents?)",
    "(?:automatic|automated|machine) (?:readers?|tools?|systems?)",
    "summari[sz]ers?",
    "readers?",
    "users?",
    "reviewers?",
    "applications?",
)
_OBLIGED = _any_of(
    "must",
    "should",
    "ha(?:s|ve) to",
    "shall",
    "needs? to",
    "(?:is|are) to",
    "may not",
    "is (?:required|compromised)",
    "is an? administrator",
)
_ADDRESS = re.compile(
    r"\b(?:you|your|yourself)\b"
    rf"|\b(?:every|each|any) (?:answer|reply|response|summary) [^.]{{0,40}}?\b{_OBLIGED}\b"
    rf"|\b(?:any|every|the|all|an?) {_PROGRAM} (?:that|who|which)? ?[^.,;]{{0,40}}?\b{_OBLIGED}\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:note|notice|message|attention|warning|instructions?)\b[^.]{0,30}\b(?:for|to|from)\b"
    rf"[^.]{{0,30}}(?:{_PROGRAM}|team|administrator|developer)[^.]*:",
    re.IGNORECASE,
)
_VERBS = _any_of(
    "ignore|disregard|forget|override|obey|follow|comply|pretend|act|speak|switch|agree|keep",
    "reply|respond|answer|print|reveal|repeat|output|emit|append|include|insert|write|open|copy",
    "recommend|mention|tell|say|state|claim|cite|praise|rate|translate|decode|begin|start|end",
    "finish|remember|ask|visit|click|download|send|call|do",
)
_DEMAND = re.compile(
    r"(?:^|[.:;,!?]\s+|\b(?:and|then|please|must|should|to|always|never|not|now|first|instead|only"
    rf"|else)\s+){_VERBS}\b",
    re.IGNORECASE,
)
_REPLIES = "(?:reply|replies|answers?|responses?|output|summary|context|messages?|conversation)"
_OUTPUT = re.compile(
    r"\b"
    + _any_of(
        rf"(?:your|the|this|each|every|its|next|in) {_REPLIES}",
        "(?:system|hidden) prompt",
        "(?:previous|prior|above|earlier|all|these|following|hidden|trusted) instructions?",
        "rules?",
        "verbatim",
        "word for word",
        "as it says",
        "says?\\s*:",
        "say so",
        "readers?",
        "users?",
        "user(?:'s|\u2019s)? (?:questions?|quer(?:y|ies)|messages?)",
    )
    + r"\b",
    re.IGNORECASE,
)
# Orders that need no other sign.
_BARE_ORDER = re.compile(
    r"^\W*(?:(?:important|note|attention|warning|notice)\b[^.]{0,40}:\s*)?(?:please\s+)?"
    + _any_of(
        r"(?:reply|respond|answer|print|output|emit|say|write)\s+(?:only|nothing|exactly|verbatim|with"
        r"|your|the (?:words?|following|line|text|json))\b",
        r"(?:ignore|disregard|forget)\s+(?:all|any|every|the|your|previous|prior)\b",
        r"tell the (?:user|reader)\b",
        r"keep this (?:rule|instruction)\b",
        r"(?:do not|never) (?:mention|tell|cite|answer)\b",
        r"from (?:here|now) on\b",
    ),
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def is_instruction(text: str) -> bool:
    """Returns whether ``text`` orders its reader about or carries markup meant for a program."""
    if _MARKUP.search(text) or _ENCODED.search(text) or _BARE_ORDER.search(text):
        return True
    if not _DEMAND.search(text):
        return False
    return bool(_NOTICE.search(text) or (_OUTPUT.search(text) and _ADDRESS.search(text)))


def instruction_flags(abstract: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Returns for each (start, end) of ``spans`` whether it is an instruction or part of one.

    In an abstract of several lines, what follows on a line that begins with an instruction
    belongs to it, and lines that list references are no part of an abstract either.
    """
    flags = [is_instruction(abstract[start:end]) for start, end in spans]
    if "\n" not in abstract.strip():
        return flags
    line, tainted = -1, False
    for i, (start, end) in enumerate(spans):
        text = abstract[start:end]
        flags[i] = flags[i] or _REFERENCE_LIST.search(text) is not None
        begins = abstract.count("\n", 0, start) != line
        tainted = flags[i] if begins else tainted
        line = abstract.count("\n", 0, end)
        flags[i] = flags[i] or tainted
    return flags
