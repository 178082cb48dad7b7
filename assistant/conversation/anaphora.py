"""Words that stand for something said elsewhere: "it", "their", "the second one", "both".

By rule and in English. What a turn itself says before such a word binds it; what is left points
back to the turns before.
"""

from __future__ import annotations

import re

from assistant.conversation.content import AUXILIARIES, PREPOSITIONS, count_specific
from assistant.conversation.mentions import find_mentions

_VERBS = rf"{AUXILIARIES}|need|use|get|reach|take|require|work"
_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINALS = tuple(_ORDINAL_WORDS.split())
"""Places in a list that are said by a word, the first one first."""

_PLACES = "|".join((*ORDINALS, "last", "latter", "former", "other", "previous"))
_SPOKEN_OF = r"(?:papers?|stud(?:y|ies)|articles?|models?|methods?|systems?|works?|sources?)"
_ANAPHOR = re.compile(
    rf"""
    \[(?P<label>\d{{1,2}})\]
    |(?P<ordinal>(?:\bthe\ (?!\d+\b)|\b(?:paper|source)\ \#?|(?<!\w)\#)
        (?P<which>{_PLACES}|\d{{1,2}}(?:st|nd|rd|th)?)
        (?:(?<=\d)\b(?![.,]\d|%)|\ (?:one|paper|study|article|of\ (?:them|these|those|the\ two))\b
        |(?=\W*$|\W+(?:and|{_VERBS}|\w+ed)\b)))
    |(?P<group>\b(?:the\ (?:first|last)\ (?P<many>two|three|four)\b
        |(?<=of\ )the\ two|the\ two(?=\W*$|\ {_SPOKEN_OF}\b)
        |both(?=\W*$|\ (?:of|papers|{_VERBS})\b)
        |(?:neither|either|each|which|all)\ of\ (?:them|these|those)
        |how\ do\ they\ (?:compare|differ)|compare\ them)\b)
    |(?P<plural>\b(?:they|them|their|theirs|(?:these|those)\ {_SPOKEN_OF})\b)
    |\b(?:it|its|he|she|him|his|her|(?:that|this)\ (?:one|{_SPOKEN_OF})
        |the\ (?:paper|study|article|authors?)
            (?!\ (?:(?:that|which|by|on|about|from|of|with)\b|["'\u201c])))\b
    |(?:^|[,;:]\ |(?<!\bit\ )(?!do\ that\b)\b(?:{AUXILIARIES}|{PREPOSITIONS}|and|why|how)\ )
        (?:that|this|these|those)\b(?!\ (?:library|collection|{_SPOKEN_OF})\b)
    |(?<!\bis\ )(?<!\bare\ )\bthere(?=\W*$)
    |\b(?:says?|said|shows?|showed|finds?|found|claims?|claimed|argues?|argued|thinks?)
        \ (?:so|this|that)(?=\W*$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY_IT = re.compile(
    r"\bit (?:be )?(?:(?:true|possible|necessary|better|best|enough|worth|easier|hard|matter)\w*"
    r" (?:to|that|if|whether|for)\b|(?:take|cost) to \w+ \w+)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;:.?!]\s|\b(?:and|but|when|while|if|because|that|although|whereas|or)\b", re.IGNORECASE
)
_FRONTED = re.compile(rf"\W*(?:{PREPOSITIONS}|compared|according|given)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{AUXILIARIES})\b", re.IGNORECASE)
_ASKED_OF = re.compile(rf"\b(?:{AUXILIARIES}) (?:the )?$", re.IGNORECASE)
_POSSESSIVES = frozenset({"its", "their", "his", "her"})
_MIN_BINDING = 2
"""Terms before a possessive, or in an earlier clause, that a word stands for.

"How do encoder models learn their ...", "Which model does X, and how ...". Of the same clause,
twice as many bind "it".
"""


def find_anaphors(text: str) -> list[re.Match[str]]:
    """Returns the words of ``text`` that stand for something which the turn does not name itself.

    A match has one of the groups ``label``, ``ordinal`` (its word in ``which``), ``group`` (its
    number in ``many``, if it has one) and ``plural``, or none.
    """
    empty = {match.start() for match in _EMPTY_IT.finditer(text)}
    return [
        match
        for match in _ANAPHOR.finditer(text)
        if match["label"]
        or match["ordinal"]
        or match["group"]
        or not (match.start() in empty or _is_bound(match))
    ]


def _is_bound(match: re.Match[str]) -> bool:
    """Whether what stands before a word in its turn says what the word stands for."""
    before = match.string[: match.start()]
    breaks = list(_BREAK.finditer(before))
    earlier = before[: breaks[-1].start()] if breaks else ""
    # A phrase put first ("On Dutch, how good is it?") is not what is spoken of.
    if _FRONTED.match(earlier) and not _VERB.search(earlier):
        earlier = ""
    needed = _MIN_BINDING if match.group().lower() in _POSSESSIVES else 2 * _MIN_BINDING
    told = count_specific(earlier) >= _MIN_BINDING or count_specific(before) >= needed
    return told or any(
        # Of the same clause only its subject binds: "How does Bitune treat its prompt?"
        mention.end <= len(earlier) or _ASKED_OF.search(before[: mention.start])
        for mention in find_mentions(before)
    )
