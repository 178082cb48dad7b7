"""How a turn begins: what only links it to the talk, and what says that it turns to another topic.

By rule and in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.conversation.names import names_of

_FILLER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|all right|alright|right|fine|good|great|nice|cool|thanks?(?: a lot| you)?"
    r"|thank you"
    r"|i see(?=\s*[,.!:;])|got it|interesting|perfect|h+m+|well|sure|yes|yeah|no|wow|anyway"
    r"|by the way|btw|actually|oh|ah)\b[\s,.!:;\u2013-]*|(?:so|now|then|next|please)\b[\s,]+"
    r"|(?:i|we) meant?(?: to (?:say|ask))?\b[\s,:]+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"^\W*(?:and|but|also|or|plus)\b(?:\s+(?:also|then|so|now))*[\s,]+", re.I)
_ASIDE = re.compile(
    r"^\W*(?:(?:i|we)\b(?:'\w+)?|sorry\b|my mistake\b)[^.?!]*[.!]\s+(?=\S)", re.IGNORECASE
)

_VERY = r"(?:completely |entirely |totally |quite |very |wholly )?"
_LEAD = (
    r"(?:(?:ok(?:ay)?|so|now|well|and|but|right|thanks?|let'?s|let us|please|just|for)\b[\s,.!]*)*"
)
_NEW = (
    r"(?:leav(?:e|ing)|set(?:ting)?|put(?:ting)?) [^.:;!?]{1,60}? aside",
    rf"(?:something|anything|somewhere) {_VERY}(?:else|different|new)"
    r"(?: entirely| altogether| completely| now)?",
    rf"(?:(?:on|to) )?an? {_VERY}(?:different|new|unrelated)"
    r" (?:matter|topic|subject|question|note|thing|issue|paper|area)",
    rf"{_VERY}(?:different|new|unrelated) (?:matter|topic|subject|question)",
    r"(?:change|changing) (?:of |the )?(?:topic|subject|tack)",
    r"another (?:matter|topic|subject)",
    r"(?:move|moving|switch|switching|turn|turning|go|going) (?:on |over )?to [^.:;!?,]{1,40}",
    r"(?:to|back to) [^.:;!?,]{1,30}(?=\. )",
    r"leave [^.:;!?,]{1,40}",
    r"enough (?:of|about) [^.:;!?,\u2013-]{1,40}",
    r"forget (?:about )?[^.:;!?,]{1,40}",
    r"never ?mind(?: that)?",
    r"unrelated(?: to (?:that|this))?",
)
_CHANGE = re.compile(
    rf"^\W*{_LEAD}(?:{'|'.join(_NEW)})(?:,? (?:please|now|then|for now))?"
    r"\s*[.:;,!\u2013\u2014-]+\s*(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A turn without what only links it to the talk.

    ``changes``: it says that it changes topic; ``aside``: a sentence of its own went.
    """

    text: str
    changes: bool = False
    aside: bool = False


def clear(turn: str) -> Cleared:
    """Returns ``turn`` without fillers, asides and an announced change of topic."""
    text = " ".join(turn.split())
    changed = _CHANGE.match(text)
    if changed and _says_something(text[changed.end() :]):
        return Cleared(_capital(text[changed.end() :]), changes=True)
    aside = False
    for pattern in (_FILLER, _FILLER, _ASIDE, _FILLER, _LINK, _FILLER):
        found = pattern.match(text)
        # What is nothing but filler is left to be asked as it stands.
        if found is None or not _says_something(text[found.end() :]):
            continue
        if pattern is _ASIDE and (names_of(found[0]) or "?" not in text[found.end() :]):
            continue
        aside = aside or pattern is _ASIDE
        text = text[found.end() :]
    return Cleared(_capital(text), aside=aside)


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
