"""Words that stand for something said elsewhere: "it", "their", "the second one", "that part".

By rule and in English. What a turn itself says before such a word binds it; what is left points
back to the turns before.
"""

from __future__ import annotations

import re

from assistant.conversation.cues import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, n_specific
from assistant.conversation.names import Name, names_of

ANAPHOR = re.compile(
    rf"""
    (?P<possessive>\b(?:its|their|theirs|his|her)\b)
    |(?P<ordinal>\bthe\ (?P<which>first|second|third|fourth|1st|2nd|3rd|last|latter|former|other|
        previous)(?:\ (?:one|paper|of\ (?:them|these|those|the\ two)|work|study|article|
        model|method|system|approach)\b|(?=\s*(?:[?.!,;:]|$|\b(?:{AUXILIARIES}|{QUESTION_WORDS}|and|need\w*|use\w*|
        get\w*|reach\w*|achieve\w*|say\w*|report\w*|rely|relies|work\w*|make\w*|cost\w*|take\w*|
        perform\w*|improve\w*|train\w*|handle\w*|predict\w*|require\w*|remove\w*|{PREPOSITIONS})\b))))
    |(?P<pair>\b(?:the\ two(?:\ of\ them)?(?=\W|$)|both(?:\ of\ (?:them|these|those))?
        (?=\s*(?:[?.!,;:]|$|(?:{AUXILIARIES}|{PREPOSITIONS}|use|report|reach|work)\b))
        |(?:neither|either|each|any|which|one|all|none|some)\ of\ (?:them|these|those)\b))
    |(?P<pronoun>\b(?:it|they|them|he|she|him)\b)
    |(?P<that_one>\b(?:that|this|these|those)\ (?:ones?\b|paper\b|work\b|study\b|papers\b))
    |(?P<demonstrative>(?:(?<=^)|(?<=[,;:]\ )|\b(?:{AUXILIARIES}|{PREPOSITIONS}|and|why|how)\ )
        (?P<that>that|this|these|those)\b(?!\ (?:library|collection|which|who|that)\b))
    |(?P<place>(?<!is\ )(?<!are\ )(?<!was\ )(?<!were\ )\bthere\b(?!\ (?:is|are|was|were|any|exist\w*|be)\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLEONASTIC = re.compile(
    rf"\b(?:{AUXILIARIES}) it (?:still |really |also |ever |always )?(?:be )?(?:(?:true|possible|necessary|"
    r"better|best|enough|worth\w*|easier|harder|hard|easy|important|useful|known|clear|feasible|"
    r"needed|safe|common|helpful)\b|(?:matter|pay|make sense|hold)\b.*\b(?:that|if|whether|when)\b"
    r"|(?:take|cost)\b.*\bto \w+ \w+)|\bit is \w+ (?:to|that)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;:.?!]\s|\b(?:and|but|when|while|if|because|that|so that|although|whereas|or)\b", re.I
)
_FRONTED = re.compile(rf"^\W*(?:{PREPOSITIONS}|compared|according|given)\b", re.IGNORECASE)
_SUBJECT = re.compile(rf"\b(?:{AUXILIARIES})\b(?P<phrase>[^,;:?!]*)$", re.IGNORECASE)


def anaphors(text: str) -> list[re.Match[str]]:
    """Returns the words of ``text`` that stand for something which the turn itself does not name."""
    names = names_of(text)
    empty = [match.span() for match in _PLEONASTIC.finditer(text)]
    return [
        match
        for match in ANAPHOR.finditer(text)
        if not any(start <= match.start() < end for start, end in empty)
        and not _bound(text, match, names)
    ]


def _bound(text: str, match: re.Match[str], names: tuple[Name, ...]) -> bool:
    """Whether what the anaphor stands for is in the turn, before it."""
    if match["ordinal"] or match["that_one"]:
        return False
    before = text[: match.start()]
    breaks = [m for m in _BREAK.finditer(before)]
    earlier = before[: breaks[-1].start()] if breaks else ""
    if earlier and not _FRONTED.match(earlier):
        # A phrase put first ("the decoders behind it, how large are they?") is the subject itself.
        needed = 1 if re.match(r"\W*(?:the|an?|those|these)\b", earlier, re.IGNORECASE) else 2
        if n_specific(earlier) >= needed or any(name.end <= len(earlier) for name in names):
            return True
    # The subject of the same clause: "How does Bitune treat its prompt?"
    clause = before[breaks[-1].end() :] if breaks else before
    subject = _SUBJECT.search(clause)
    if subject is None or match["place"]:
        return False
    phrase = subject["phrase"]
    start = len(before) - len(phrase)
    if any(start <= name.start < len(before) for name in names):
        return True
    return bool(match["possessive"]) and n_specific(phrase) > 0
