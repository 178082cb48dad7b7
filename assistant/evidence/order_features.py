"""What a sentence does, as numbers: does it speak to whoever answers, and of what?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.text.disguises import undisguise

SIGNS = {
    "markup": "holds markup or tokens meant for a program",
    "disguised": "hides its words",
    "encoded": "holds or announces encoded text",
    "second_person": "says 'you' outside a quotation",
    "order": "begins with an order to say something or to keep silent",
    "imperative": "begins with another order, as methods have them too",
    "deed": "asks for a deed besides words",
    "program": "speaks of an assistant or a language model",
    "asker": "speaks of whoever asks or reads",
    "output": "speaks of an answer or a summary",
    "own_output": "speaks of the answer that is to be given",
    "reader_of_this": "speaks of whoever reads this text",
    "ideal": "says what a good answer does",
    "condition": "waits for a question to be asked",
    "question": "speaks of the question",
    "rules": "speaks of instructions, prompts or rules",
    "place": "speaks of this text or of those beside it",
    "say": "names an act of telling",
    "drop": "names an act of leaving out",
    "oblige": "says that something must be done",
    "discredit": "calls sources false or one alone true",
    "notice": "begins as a notice",
    "turns": "plays a dialogue",
    "dictated": "gives words to be said",
    "reports": "reports what was done",
    "foreign": "is in another language than the text around it",
}
"""The signs that stand by themselves, each with what it says of a sentence."""

PAIRS = (
    ("oblige", "own_output"),
    ("oblige", "program"),
    ("oblige", "asker"),
    ("oblige", "say"),
    ("oblige", "discredit"),
    ("own_output", "say"),
    ("own_output", "dictated"),
    ("program", "say"),
    ("asker", "say"),
    ("place", "drop"),
    ("place", "discredit"),
    ("question", "say"),
    ("question", "own_output"),
    ("question", "drop"),
    ("imperative", "output"),
    ("imperative", "asker"),
    ("imperative", "place"),
    ("imperative", "rules"),
    ("imperative", "condition"),
    ("order", "output"),
    ("order", "asker"),
    ("order", "place"),
    ("order", "rules"),
    ("order", "condition"),
    ("order", "program"),
    ("notice", "say"),
    ("notice", "output"),
    ("second_person", "say"),
    ("second_person", "output"),
    ("second_person", "rules"),
    ("second_person", "program"),
    ("reader_of_this", "oblige"),
    ("reader_of_this", "say"),
    ("foreign", "oblige"),
    ("foreign", "say"),
    ("foreign", "drop"),
)
"""Signs that say more together: research speaks of answers, and guidelines of what must be done."""

FEATURES = (*SIGNS, *(f"{a}+{b}" for a, b in PAIRS))

NEAR = 70
"""Characters between the beginnings of two signs that count as a pair: about a clause."""

_WHOLE = frozenset({"order", "imperative", "notice", "second_person", "foreign"})
"""Signs that colour the whole sentence, wherever the other one stands."""

_REPORTS = re.compile(
    r"\b(?:we|our|was|were|they|authors? (?:find|show|propose|present)"
    r"|stud(?:y|ies) (?:show|find|examine)s?|experiments?|results show)\b"
)
_WORDS_FILE = "order_words.toml"
_CJK = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
_MARKUP = re.compile(
    r"!?\[[^\]\n]{0,80}\]\(\s*(?:https?:|#)|(?:<|&lt;)\s*/?\s*(?:script|img|iframe|style|a|div|span|font"
    r"|document|context|system|instructions?|tool_call)\b|(?:<|&lt;)!--|\[/?inst\]|<</?sys>>"
    r"|\[\s*(?:system|admin|developer|override|user|assistant)\b[^\]\n]{0,40}\]|<\|[a-z_]{1,30}\|>|```"
    r"|#{2,}\s*\w|\{\{[#/]|[{,]\s*\"(?:tool|function|action|arguments|parameters|role|name|content|answer)\"\s*:"
    r"|\b(?:begin|end)_[a-z]{3,}|-{3,}\s*(?:end|begin|start|stop|system)\b|\\iffalse\b|\\fi\b|\\textcolor\b|\\color\{|(?:^|\n)\s*%\s*\w"
    r"|\bdisplay:\s*none|https?://\S{0,200}[{<]\w+[}>]"
    r"|\brole\s*:\s*(?:system|user|assistant)\b"
)
# Forty letters and digits without a space, a capital and a digit among them, outside an address.
_BLOB = re.compile(
    r"(?<![\w/.:?=&-])(?=[A-Za-z0-9+/]{0,80}\d)(?=[A-Za-z0-9+/]{0,80}[A-Z])[A-Za-z0-9+/]{40,}={0,2}"
    r"|(?<![\w])(?:[0-9a-f]{2} ){8,}"
)
_ANNOUNCED = re.compile(
    r"\b(?:base64|rot-?13|decode (?:the|this|and)|reverse this|hidden message|first letters)\b"
)
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b")
_QUOTED = re.compile(r"[\u201c\u201d\"\u00ab][^\u201c\u201d\"\u00bb]{1,200}[\u201d\"\u00bb]")
_CLAUSE_STOPS = re.compile(r"[.:;!?\u2013\u2014>\]]\s+|, (?=(?:and|then|so|but) )")
_CLAUSE_ENDS = re.compile(r"[.:;!?,\u2013\u2014>\]]\s+")
_NOT_SIGNS = frozenset({"order", "imperative", "sender", "speaker"})
_OPENING = re.compile(
    r"^\W*(?:(?:please|kindly|now|then|first|so|do|just|instead|and|but|also|next|always|never"
    r"|from (?:here|now|this \w+) on(?:wards?)?)\s+)*"
    r"([a-z]+)\b(?!-| of\b| cent)"
)
_DICTATED = re.compile(
    r"\b(?:words?|phrase|sentence|line|motto|slogan|wording|code|message|statement|value|number|key|verdict)"
    r"\s+(?:that\s+|is\s+|of\s+|reads?\s+)*[\u201c\"'\u2018a-z]"
    r"|\b(?:say|tell|state|write|reply|answer|claim|respond|warn|insist|insists|deny|told|informed)s?\b[^.]{0,30}\bthat\b"
    r"|\b(?:answer|reply|response|summary)\b[^.,]{0,40}\b(?:is|be|are|starts?|begins?|ends?|opens?|closes?|reads?)\b"
    r"|[:\u2013-]\s*[\u201c\"'\u2018]"
)


@cache
def _load_words() -> dict[str, re.Pattern[str]]:
    """Returns for each kind of word what finds it in small letters."""
    text = files("assistant").joinpath("evidence", _WORDS_FILE).read_text(encoding="utf-8")
    lists = {name: words.strip().replace("\n", "") for name, words in tomllib.loads(text).items()}
    speaker = (
        r"[\s\[(>](?:(?:the|first|final|gold|expected|sample) )?"
        rf"(?:{lists['speaker']})(?: \d| bot| turn| message)?\s?[\])]?\s?[:>](?=\s|$)"
    )
    whole = {
        name: rf"(?<![^\W{_CJK}])(?:{words})(?![a-z\u0430-\u044f])" for name, words in lists.items()
    }
    return {name: re.compile(pattern) for name, pattern in {**whole, "speaker": speaker}.items()}


@lru_cache(maxsize=20_000)
def find_signs(text: str, is_stray: bool = False) -> Mapping[str, tuple[int, ...]]:
    """Returns which of SIGNS a sentence has, each with where in it.

    ``is_stray`` says that its language is not that of the text around it.
    """
    plain, disguised = undisguise(text)
    plain = plain.lower()
    own = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), plain)
    own = own if any(c.isalpha() for c in own) else plain
    words = _load_words()
    found = {
        name: tuple(match.start() for match in pattern.finditer(own))
        for name, pattern in words.items()
        if name not in _NOT_SIGNS
    }
    found["second_person"] = tuple(match.start() for match in _YOU.finditer(own))
    found["dictated"] = tuple(match.start() for match in _DICTATED.finditer(plain))
    led_up_to = bool(found["condition"] or found["program"])
    whole = {
        "markup": _MARKUP.search(text.lower()) or _MARKUP.search(plain),
        "disguised": disguised,
        "encoded": _BLOB.search(text) or _ANNOUNCED.search(plain),
        "order": _begins_with("order", own, led_up_to),
        "imperative": _begins_with("imperative", own, led_up_to),
        "notice": _begins_as_notice(own),
        "turns": _plays_turns(plain),
        "reports": _REPORTS.search(own),
        "foreign": is_stray,
    }
    found |= {name: (0,) for name, is_there in whole.items() if is_there}
    return {name: places for name, places in found.items() if places}


def _plays_turns(text: str) -> bool:
    labels = [found.start() for found in _load_words()["speaker"].finditer(" " + text)]
    return len(labels) >= 2 or bool(labels and labels[0] <= 2)


def _begins_with(kind: str, text: str, after_comma: bool) -> bool:
    """Returns whether a clause begins with an order; after a comma only where one is led up to."""
    clauses = (_CLAUSE_ENDS if after_comma else _CLAUSE_STOPS).split(text)
    openings = (_OPENING.match(clause) for clause in clauses)
    verbs = _load_words()[kind]
    return any(opening is not None and bool(verbs.fullmatch(opening[1])) for opening in openings)


def _begins_as_notice(text: str) -> bool:
    head, colon, rest = text[:90].partition(":")
    return bool(
        colon and rest.strip() and len(head.split()) <= 9 and _load_words()["sender"].search(head)
    )


def compute_features(text: str, is_stray: bool = False) -> NDArray[np.float64]:
    """Returns (len(FEATURES),) float64, each 1 where a sentence has the sign or pair, else 0.

    A pair counts where its signs are near each other, or one of them colours the whole sentence.
    """
    signs = find_signs(text, is_stray)
    singles = [float(name in signs) for name in SIGNS]
    return np.array([*singles, *(float(_are_near(signs, *pair)) for pair in PAIRS)])


def _are_near(signs: Mapping[str, tuple[int, ...]], first: str, second: str) -> bool:
    if first not in signs or second not in signs:
        return False
    if first in _WHOLE:
        return True
    return any(abs(a - b) <= NEAR for a in signs[first] for b in signs[second])
