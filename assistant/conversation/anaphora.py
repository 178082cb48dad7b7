"""Words that stand for something said elsewhere: "it", "their", "the second one", "that part".

By rule and in English. What a turn itself says before such a word binds it; what is left points
back to the turns before.
"""

from __future__ import annotations

import re

from assistant.conversation.content import n_specific
from assistant.conversation.grammar import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS
from assistant.conversation.names import Name, names_of

_VERBS = (
    r"need\w*|use\w*|get\w*|reach\w*|achieve\w*|say\w*|report\w*|rely|relies|work\w*|make\w*"
    r"|cost\w*|take\w*|perform\w*|improve\w*|train\w*|handle\w*|predict\w*|require\w*|remove\w*"
)
_END = r"\s*(?:[?.!,;:]|$)"
_ANAPHOR = re.compile(
    rf"""
    (?P<possessive>\b(?:its|their|theirs|his|her)\b)
    |(?P<ordinal>\bthe\ (?P<which>first|second|third|fourth|1st|2nd|3rd|last|latter|former|other
        |previous)(?:
            \ (?:one|paper|of\ (?:them|these|those|the\ two)|work|study|article|model|method|system
                |approach)\b
            |(?={_END}|\s+(?:{AUXILIARIES}|{QUESTION_WORDS}|and|{_VERBS}|{PREPOSITIONS})\b)))
    |(?P<group>\b(?:the\ two(?:\ of\ them|\ (?:papers|works|models|methods|systems))?(?=\W|$)
        |both\ (?:of\ (?:them|these|those)|papers|works|models|methods|systems)\b
        |both(?={_END}|\s+(?:{AUXILIARIES}|{PREPOSITIONS}|use|report|reach|work)\b)
        |(?:neither|either|each|any|which|one|all|none|some)\ of\ (?:them|these|those)\b))
    |(?P<pronoun>\b(?:it|they|them|he|she|him)\b)
    |(?P<that_one>\b(?:(?:that|this)\ (?:one|paper|study|article)
        |(?:these|those)\ (?:ones|papers|studies|works))\b)
    |(?P<demonstrative>(?:(?<=^)|(?<=[,;:]\ )
            |(?<!\bit\ )(?<!\bthey\ )(?<!\bto\ )\b(?:{AUXILIARIES}|{PREPOSITIONS}|and|why|how)\ )
        (?P<that>that|this|these|those)\b(?!\ (?:library|collection|which|who|that)\b))
    |(?P<place>(?<!is\ )(?<!are\ )(?<!was\ )(?<!were\ )\bthere\b
        (?!\ (?:is|are|was|were|any|exist\w*|be)\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY_IT = re.compile(
    rf"\b(?:{AUXILIARIES}) it (?:still |really |also |ever |always )?(?:be )?(?:"
    r"(?:true|possible|necessary|better|best|enough|worth\w*|easier|harder|hard|easy|important"
    r"|useful|known|clear|feasible|needed|safe|common|helpful) (?:to|that|if|whether|when)\b"
    r"|(?:matter|pay|make sense|hold)\b.*\b(?:that|if|whether|when)\b"
    r"|(?:take|cost)\b.*\bto \w+ \w+)|\bit is \w+ (?:to|that)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;:.?!]\s|\b(?:and|but|when|while|if|because|that|although|whereas|or)\b", re.IGNORECASE
)
_FRONTED = re.compile(rf"\W*(?:{PREPOSITIONS}|compared|according|given)\b", re.IGNORECASE)
_NOUN_PHRASE = re.compile(r"\W*(?:the|an?|those|these)\b", re.IGNORECASE)
_SUBJECT = re.compile(rf"\b(?:{AUXILIARIES})\b(?P<phrase>[^,;:?!]*)$", re.IGNORECASE)
_MIN_BINDING = 2
"""Terms of an earlier clause that make it speak of something: "Which model does X, and how ..."."""


def anaphors(text: str) -> list[re.Match[str]]:
    """Returns the words of ``text`` that stand for something which the turn does not name itself.

    Each match has one of the groups possessive, ordinal, group, pronoun, that_one, demonstrative
    and place.
    """
    names = names_of(text)
    empty = [match.span() for match in _EMPTY_IT.finditer(text)]
    return [
        match
        for match in _ANAPHOR.finditer(text)
        if not any(start <= match.start() < end for start, end in empty)
        and not _bound(text, match, names)
    ]


def _bound(text: str, match: re.Match[str], names: tuple[Name, ...]) -> bool:
    """Whether what the word stands for is in the turn, before it."""
    if match["ordinal"] or match["that_one"] or match["group"]:
        return False
    before = text[: match.start()]
    breaks = list(_BREAK.finditer(before))
    earlier = before[: breaks[-1].start()] if breaks else ""
    if earlier and not _FRONTED.match(earlier):
        # A phrase put first ("the decoders behind it, how large are they?") is the subject itself.
        needed = 1 if _NOUN_PHRASE.match(earlier) else _MIN_BINDING
        if n_specific(earlier) >= needed or any(name.end <= len(earlier) for name in names):
            return True
    # The subject of the same clause: "How does Bitune treat its prompt?"
    clause = before[breaks[-1].end() :] if breaks else before
    subject = _SUBJECT.search(clause)
    if subject is None or match["place"]:
        return False
    phrase = subject["phrase"]
    if any(len(before) - len(phrase) <= name.start < len(before) for name in names):
        return True
    return bool(match["possessive"]) and n_specific(phrase) > 0
