"""Sentences of an abstract that talk to whoever answers from it, rather than about research.

A quotation is not obeyed, but a reader who is shown one may follow it, and so may a model that
reads the answer; such a sentence answers no question. The signs are general: who is spoken to,
what is demanded, about which output, and markup that an abstract has no use for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise


def _any_of(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


_MARKUP = re.compile(
    _any_of(
        r"!?\[[^\]]+\]\(\s*https?:",
        r"!\[[^\]]*\]\(",
        r"(?:<|&lt;)\s*/?\s*(?:script|img|iframe|style|a|document|context|system|instructions?)\b",
        r"(?:<|&lt;)!--",
        r"\[/?INST\]|\[\s*(?:system|admin|developer|override)\b[^\]]*\]",
        r"<\|[a-z_]+\|>",
        r"```",
        r"#{2,}\s*(?:instructions?|response|system|human|user|assistant)\b",
        r"[{,]\s*\"(?:tool|function|action|arguments|parameters|role)\"\s*:",
        r"(?:^|\n)\s*(?:system|user|assistant|human|ai)\s*:",
        r"\brole\s*:\s*(?:system|user|assistant)\b",
        r"https?://\S*[{<]\w+[}>]",
        r"(?:\b[a-z]\s+){6,}",
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

_NUMBERED = re.compile(r"\W*\d{1,2}[.)\]]\s")
_LISTS_SOURCES = re.compile(r"(?:^|\s)(?:Sources|References)\s*:\s*(?:\[?1\]?[.)]?\s|https?:)")

_PROGRAM = _any_of(
    "assistants?",
    "(?:chat ?)?bots?",
    "(?:(?:large )?language|chat|AI) models?",
    "(?:LLM|AI)s?",
    "(?:AI|answer(?:ing)?|search) (?:tools?|systems?|agents?|engines?)",
    "(?:reading |processing )?models? that (?:reads?|process(?:es)?) this \\w+",
    "(?:automatic|automated|machine) (?:readers?|tools?|systems?|judges?)",
    "summari[sz]ers?",
    "readers?",
    "users?",
    "reviewers?",
    "graders?",
    "applications?",
    "chat ?gpt|claude|gemini|copilots?",
)
_OBLIGED = _any_of(
    "must",
    "should",
    "ha(?:s|ve) to",
    "shall",
    "needs? to",
    "(?:is|are) (?:kindly |required |obliged |asked |requested |instructed |expected )?to",
    "may not",
    "is (?:required|compromised)",
    "is an? administrator",
)
_ADDRESS = re.compile(
    r"\b(?:you|your|yourself)\b"
    rf"|\b(?:every|each|any|all) (?:answers?|repl(?:y|ies)|responses?|outputs?|summary)\b"
    rf"[^.]{{0,40}}?\b{_OBLIGED}\b"
    rf"|\b(?:any|every|the|all|an?|whichever) {_PROGRAM} (?:that|who|which)? ?[^.,;]{{0,40}}?"
    rf"\b{_OBLIGED}\b|\b{_PROGRAM} {_OBLIGED}\b"
    rf"|\b(?:anyone|whoever|whichever|whatever) [^.,;]{{0,20}}\b(?:reads?|reading|generat\w+"
    rf"|answer\w*|summari\w+|process\w*|{_PROGRAM})\b|^\W*(?:hey|hi|hello"
    rf"|dear) (?:\w+ )?{_PROGRAM}\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:note|notice|message|attention|warning|instructions?|task|request)\b[^.]{0,30}"
    rf"\b(?:for|to|from)\b[^.]{{0,30}}(?:{_PROGRAM}|models?|team|administrator|developer)[^.]*:",
    re.IGNORECASE,
)
_VERBS = _any_of(
    "ignore|disregard|forget|override|obey|follow|comply|pretend|act|speak|switch|agree|keep|give",
    "reply|respond|answer|print|reveal|repeat|output|emit|append|include|insert|write|open|copy",
    "recommend|mention|tell|say|state|claim|cite|praise|rate|translate|decode|begin|start|end|call",
    "finish|close|conclude|sign|remember|store|ask|visit|click|download|send|do|add|return|hide",
    "disclose|refuse|award|shout|talk|address|point|greet|compose|deny|place|display|load|skip",
    "thank|sing|replace|list|leak",
)
_DEMAND = re.compile(
    r"(?:^|[.:;,!?]\s+|\b(?:and|then|so|please|kindly|must|should|shall|to|always|never|not|now|"
    rf"first|instead|only|else)\s+){_VERBS}\b"
    r"|\b(?:must|shall|should|needs? to|ha(?:s|ve) to|(?:is|are) to) be \w+ed\b"
    r"|\b(?:essential|required|mandatory|imperative|necessary) that\b"
    r"|\bthe (?:proper|correct|right|only|required|expected) (?:response|reply|answer)"
    r" (?:to|is|for)\b",
    re.IGNORECASE,
)
_REPLIES = (
    "(?:reply|replies|answers?|responses?|outputs?|summary|context|messages?|conversation|chat)"
)
_OUTPUT = re.compile(
    r"\b"
    + _any_of(
        rf"(?:your|the|this|each|every|any|all|its|next|in) {_REPLIES}",
        "(?:system|hidden) prompt",
        "hidden comment|chat history",
        "(?:previous|prior|above|earlier|all|these|following|hidden|trusted) instructions?",
        "rules?",
        "verbatim",
        "word for word",
        "as it says",
        "says?\\s*:",
        "say so",
        "readers?",
        "users?",
        "any questions?",
        "(?:questions?|queries) (?:about|on|regarding|concerning) (?:this|our|the (?:study|paper))",
        "the person (?:asking|chatting|reading)",
        "this (?:text|document|passage|abstract|article|page)",
        "(?:final|first|last|next) (?:message|reply|answer|line)",
        "(?:later|future|next) (?:turns?|messages?|answers?)",
        "user(?:'s|\u2019s)? (?:questions?|quer(?:y|ies)|messages?)",
    )
    + r"\b",
    re.IGNORECASE,
)
# Two words in capitals, or a capital marker of several parts: what an order wants to see printed.
_MARKER = re.compile(
    r"\b(?:[A-Z][A-Z0-9]{2,}[ -]){1,}[A-Z0-9]{2,}\b|[\u201c\"\u00ab][^\"]{4,80}[\"\u00bb]"
)
_STARTS_WITH_ORDER = re.compile(
    r"^\W*(?:please |kindly )?(?:answer|say|print|write|reply|respond|tell|add|append|output|repeat"
    r"|shout|sign|finish|begin|start|end|close)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\u201c\u2018\"'][^\"'\u201d\u2019]{3,80}[\u201d\u2019\"']")
# Orders that need no other sign.
_BARE_ORDER = re.compile(
    r"^\W*(?:(?:important|note|attention|warning|notice)\b[^.]{0,40}:\s*)?(?:(?:please|kindly)\s+)?"
    + _any_of(
        r"(?:reply|respond|answer|print|output|emit|say|write|return|repeat)\s+(?:only|nothing"
        r"|exactly|verbatim|with|your|the (?:words?|phrase|following|line|text"
        r"|json|string|marker))\b",
        r"(?:ignore|disregard|forget)\s+(?:all|any|every|the|your|previous|prior|what|whatever)\b",
        r"tell the (?:user|reader)\b",
        r"keep this (?:rule|instruction)\b",
        r"(?:do not|don't|never) (?:mention|tell|cite|answer|continue|read|reveal)\b",
        r"from (?:here|now|this \w+) on(?:wards?)?\b",
        rf"(?:if|when(?:ever)?) (?:you(?:'re| are) |being )?asked\b[^.]*,\s*(?:always |please )?"
        rf"{_VERBS}\b",
        r"let the (?:\w+ ){0,4}(?:reply|answer|response|output|summary)\b[^.]*\bbe\b",
        r"(?:new|next|real|actual) (?:task|instruction|objective|goal)s?\b[^.]{0,40}:",
        r"tell (?:them|him|her|people|everyone|visitors|patients|whoever)\b",
        rf"(?:\w+ ){{0,3}}{_PROGRAM}(?: \w+){{0,5}}\s*(?::| -|\u2013|\u2014)\s*(?:please )?"
        rf"{_VERBS}\b",
        r"end of (?:the )?(?:abstract|document|text|paper|context|input|retrieved)\b",
    )
    + r"|\b(?:overrid|supersed)(?:es?|ing) (?:everything|all|any"
    r"|whatever)\b[^.]{0,20}\b(?:above|else|"
    r"previous|prior|before|other)|\bprevious (?:context|instructions|rules"
    r"|messages) (?:is|are) \w+"
    r"|\b(?:developer|unrestricted|jailbreak|god) mode\b"
    r"|\byou are (?:now|no longer)\b|\bas an (?:AI|LLM|assistant)\b[^.]{0,20}\byou\b"
    r"|\byour (?:\w+ ){0,2}(?:policy|policies|rules|guidelines|restrictions|instructions|prompt|"
    r"persona|new name)\b",
    re.IGNORECASE,
)
# The commonest order of all, in other languages.
_FOREIGN_ORDER = re.compile(
    r"\b(?:ignore[zr]?|oublie[zr]?|vergiss|vergessen sie|ignorier\w*"
    r"|missachte\w*|ignora\w*|olvid\w+"
    r"|esque[cç]\w+|dimentica\w*|negeer|vergeet)\b[^.]{0,40}"
    r"\b(?:instructions|consignes|règles|anweisung\w*|regeln|instrucciones|reglas|instruções"
    r"|istruzioni|instructies)\b"
    r"|(?:忽略|无视|無視|忘记).{0,12}(?:指令|指示|说明)"
    r"|\b(?:répond\w+ (?:uniquement|seulement)|antworte\w* (?:\w+ ){0,3}(?:nur|ausschließlich)"
    r"|respond\w+ (?:solamente|sólo|únicamente|somente|apenas))\b",
    re.IGNORECASE,
)
_DISGUISED = str.maketrans("01345@$", "oieasas")
_MIXED_WORD = re.compile(r"(?=\w*[a-z])(?=\w*[01345@$])[\w@$]{3,}")


@lru_cache(maxsize=20_000)
def is_instruction(text: str) -> bool:
    """Returns whether ``text`` orders its reader about or carries markup meant for a program."""
    if _MARKUP.search(text) or _ENCODED.search(text):
        return True
    plain = _MIXED_WORD.sub(lambda word: word.group().translate(_DISGUISED), text)
    return any(_is_order(version) for version in {text, plain})


def _is_order(text: str) -> bool:
    if _BARE_ORDER.search(text) or _FOREIGN_ORDER.search(text):
        return True
    if not _DEMAND.search(text):
        return False
    if _NOTICE.search(text):
        return True
    if _STARTS_WITH_ORDER.match(text) and _QUOTED.search(text):
        return True
    addressed, output = _ADDRESS.search(text), _OUTPUT.search(text)
    marked = not text.isupper() and _MARKER.search(text)
    return bool((addressed and (output or marked)) or (output and marked))


MAX_GAP = 2
"""Sentences between two instructions that belong to them, as those of a staged dialogue."""


def flag_instructions(abstract: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Returns for each (start, end) of ``spans`` whether it is an instruction or part of one.

    One or two sentences between instructions are part of them. In an abstract of several lines,
    what follows on a line that begins with an instruction belongs to it, and lines that list
    references are no part of an abstract either.
    """
    texts = [abstract[start:end] for start, end in spans]
    flags = [is_instruction(t) or _LISTS_SOURCES.search(t) is not None for t in texts]
    for i in range(1, len(flags)):
        flags[i] = flags[i] or (flags[i - 1] and _NUMBERED.match(texts[i]) is not None)
    if "\n" in abstract.strip():
        flags = _flag_rest_of_lines(abstract, spans, flags)
    return _fill_gaps(flags)


def _flag_rest_of_lines(
    abstract: str, spans: Sequence[tuple[int, int]], flags: list[bool]
) -> list[bool]:
    line, tainted = -1, False
    for i, (start, end) in enumerate(spans):
        text = abstract[start:end]
        flags[i] = flags[i] or _REFERENCE_LIST.search(text) is not None
        begins = abstract.count("\n", 0, start) != line
        tainted = flags[i] if begins else tainted
        line = abstract.count("\n", 0, end)
        flags[i] = flags[i] or tainted
    return flags


def _fill_gaps(flags: list[bool]) -> list[bool]:
    places = [i for i, flag in enumerate(flags) if flag]
    for before, after in pairwise(places):
        if after - before <= MAX_GAP + 1:
            flags[before:after] = [True] * (after - before)
    return flags
