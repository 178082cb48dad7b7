"""What a turn says of the talk: that it turns to another topic, or wants the answer otherwise.

By rule and in English.
"""

from __future__ import annotations

import re

from assistant.conversation.content import AUXILIARIES, QUESTION_WORDS

_LINK = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|all right|right|fine|good|great|thanks?|thank you|i see|got it|h+m+"
    r"|well|sure|yes|yeah|no|anyway|by the way|btw|actually|and|but|also|so|now|then|please)\b"
    r"[\s,.!:;\u2013-]*)+(?=\w)",
    re.IGNORECASE,
)
_NEW = (
    r"leave [^.:;!?]{1,60}",
    r"(?:something|anything) (?:\w+ )?(?:else|different|new)(?: \w+)?",
    r"(?:an? )?(?:\w+ )?(?:different|new|another|unrelated) (?:matter|topic|subject|question)",
    r"(?:change|changing) (?:of |the )?(?:topic|subject)",
    r"(?:(?:move|moving|switch|switching|turn|turning|go|going) (?:on |over )?|back |on )?to"
    r" [^.:;!?,]{1,40}",
    r"(?:enough (?:of|about)|forget(?: about)?) [^.:;!?,]{1,40}",
    r"never ?mind(?: that)?",
)
_CHANGE = re.compile(
    rf"^(?:let'?s |let us |just )?(?:{'|'.join(_NEW)})\s*[.:;,!\u2013\u2014-]+\s*(?=\w)",
    re.IGNORECASE,
)
_N_SENTENCES = {"two": 2, "2": 2, "three": 3, "3": 3}
_SHORTER = re.compile(
    r"(?:(?:can|could|would) you |i want |please )*"
    r"(?:(?:make|keep|say|put|give|answer|summari[sz]e|explain|sum) (?:(?:it|that|this|me|up) )*)?"
    r"(?:an? )?(?:(?:a bit|even|much|again) )*"
    r"(?:shorter|short|brief(?:ly)?|briefer|in brief|in short|more briefly|tl;?dr"
    r"|(?:in |as )?(?P<n>one|an?|an? single|two|three|[123]) (?:short )?(?:sentences?|lines?))"
    r"(?:,? (?:version|answer|please|thanks))*\W*",
    re.IGNORECASE,
)
_GO_ON = re.compile(
    r"(?:please )?(?:go on|go ahead|continue|carry on|keep going|proceed|resume|finish)"
    r"(?:,? (?:please|it|that|with (?:it|that)|(?:with )?(?:the|your) answer))*\W*",
    re.IGNORECASE,
)
_OF_THE_ANSWER = re.compile(
    r"(?:(?:can|could|would|will) you |please |just |i (?:want|need) (?:it|that|this) )*"
    r"(?:translate|rewrite|rephrase|reword|paraphrase|simplify|shorten|summari[sz]e|condense"
    r"|tabulate|convert|turn|put|make|write|say|format|explain|answer|reply)\b"
    r"|.*\b(?:the|your|this|that|last|previous) (?:answer|reply|response)\b",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(rf"(?:{QUESTION_WORDS}|{AUXILIARIES})\b|.*\?", re.IGNORECASE | re.DOTALL)
MAX_BARE_WORDS = 4
"""So few words that are no question ("auf Deutsch bitte") may be said of the answer before."""


def find_length(turn: str) -> int | None:
    """Returns in how many sentences the answer before is wanted; None where nothing like it is."""
    shorter = _SHORTER.fullmatch(drop_link(turn))
    return _N_SENTENCES.get((shorter["n"] or "one").casefold(), 1) if shorter else None


def wants_more(turn: str) -> bool:
    """Returns whether an answer that was stopped is to go on."""
    return _GO_ON.fullmatch(drop_link(turn)) is not None


def may_be_of_answer(turn: str) -> bool:
    """Returns whether the turn may ask for the answer before in other words: "put it simply"."""
    text = drop_link(turn)
    is_bare = len(text.split()) <= MAX_BARE_WORDS and not _ASKS.match(text)
    return is_bare or _OF_THE_ANSWER.match(text) is not None


def drop_link(turn: str) -> str:
    """Returns ``turn`` without "ok thanks, and" and the like in front."""
    return _capital(_LINK.sub("", " ".join(turn.split()), count=1))


def find_other_topic(turn: str) -> str | None:
    """Returns what is asked after an announced change of topic; None where none is announced."""
    text = drop_link(turn)
    change = _CHANGE.match(text)
    return _capital(text[change.end() :]) if change else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
