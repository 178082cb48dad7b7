"""Signs in a turn that it follows what was said before, or turns to something else.

By rule and in English. Nothing is looked up in a library or in the history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.conversation.names import names_of
from assistant.terms import terms

AUXILIARIES = (
    "is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
)
QUESTION_WORDS = "what|which|who|whose|whom|where|when|why|how"
PREPOSITIONS = (
    "of|in|on|for|with|by|from|to|at|as|than|like|about|behind|after|before|through|over|under|"
    "against|between|without|within|into|beyond|during|across"
)

_FILLER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|right|all right|alright|fine|good|great|nice|cool|thanks?(?: a lot| you)?"
    r"|thank you|i see|got it|interesting|perfect|hmm+|well|sure|yes|yeah|no|wow|anyway|by the way"
    r"|btw|actually|oh|ah)\b[\s,.!:;\u2013-]*|(?:so|now|then|next|please)\b[\s,]+)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^\W*(?:and|but|also|or|plus)\b(?:\s+(?:also|then|so|now|what if))*[\s,]+", re.IGNORECASE
)
_ASIDE = re.compile(
    r"^\W*(?:i|we)\b(?:'\w+)?[^.?!]*[.!]\s+(?=\S)|^\W*(?:sorry|my mistake)\b[^.?!]*[.!]\s+",
    re.IGNORECASE,
)
_DIFFERENT = r"(?:completely |entirely |totally |quite |very |wholly )?(?:different|new|unrelated)"
_CHANGE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|now|well|and|but|right|thanks?|let'?s|let us|please|just|for)\b[\s,.!]*)*"
    r"(?:(?:leav(?:e|ing)|set(?:ting)?|put(?:ting)?) [^.:;!?]{1,60}? aside"
    r"|(?:something|anything|somewhere) (?:(?:completely |entirely |totally |quite )?(?:else|different|new))"
    rf"(?: entirely| altogether| completely| now)?|(?:(?:on|to) )?(?:a|an) {_DIFFERENT} "
    r"(?:matter|topic|subject|question|note|thing|issue|paper|area)"
    rf"|{_DIFFERENT} (?:matter|topic|subject|question)"
    r"|(?:change|changing) (?:of |the )?(?:topic|subject|tack)"
    r"|another (?:matter|topic|subject)"
    r"|(?:move|moving|switch|switching|turn|turning) (?:on |over )?to (?:something else|[^.:;!?,]{1,40})"
    r"|enough (?:of|about) [^.:;!?,\u2013-]{1,40}"
    r"|forget (?:about )?(?:that|it|this|them|all that|[^.:;!?,]{1,40})|never ?mind(?: that)?"
    r"|unrelated(?: to (?:that|this))?|(?:ganz )?(?:etwas|was) anderes|autre chose|otra cosa)"
    r"(?:,? (?:please|now|then|for now))?\s*[.:;,!\u2013\u2014-]+\s*(?=\S)",
    re.IGNORECASE,
)

_MORE = re.compile(
    r"^(?:(?:can|could|would) you )?(?:please )?(?:tell me (?:a bit |a little |some )?more|say more"
    r"|more(?: details?| information| info)?|go on|continue|elaborate|expand|explain"
    r"|(?:any|some|in) (?:more )?details?|what else|anything else|go deeper|keep going|details?"
    r"|mehr(?: dazu)?|plus de d\u00e9tails|m\u00e1s detalles)"
    r"(?: (?:about|on|of) (?:it|that|this|them|those|these))?(?: (?:that|it|this|please))*\W*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^(?:why(?: not| so| is that| is this| that)?|how(?: so| come| is that)?|for what reason|"
    r"because of what|since when|warum|wieso|pourquoi|por qu\u00e9)\W*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^(?:(?:is|are) there )?(?:(?:any|some|which|what|who|anyone|anything|are there) )*"
    r"(?:(?:other|more|further|similar|related|another)s?|else)"
    r"(?: (?:ones?|papers?|works?|studies|approaches|methods|models|systems|examples))?"
    r"(?: (?:like (?:it|that|this|them)|on (?:this|that)|about (?:it|this|that)|here|too|as well"
    r"|(?:did|does|do|doing|does that|did that|do that|that do(?:es)? (?:this|that|it))"
    r"(?: (?:it|that|this|so))?))*\W*$",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"^(?:(?:can|could) you )?(?:please )?(?:compare (?:them|the two|both|the \w+|these|those)"
    r"|how do (?:they|the two|these|those|both) (?:compare|differ)"
    r"|what(?:'s| is| are) the differences?(?: between (?:them|the two|these|those|both))?"
    r"|what do (?:they|the two|both) have in common"
    r"|which (?:one |of (?:the two|them|these|those) )?(?:is|was|one'?s?) (?:the )?"
    r"(?:better|best|faster|larger|bigger|smaller|cheaper|newer|more \w+))\W*$",
    re.IGNORECASE,
)
_VALUE_COMPARED = re.compile(
    r"\bhow (?:does|do|did) (?:that|this|it|they|these|those) compare (?:to|with|against)\b"
    r"|\bis (?:that|this) (?:more|less|better|worse|faster|slower|higher|lower|larger|smaller) than\b",
    re.IGNORECASE,
)

_CLAUSE_WORD = re.compile(
    rf"\b(?:{AUXILIARIES}|{QUESTION_WORDS}|tell|compare|list|show|find|explain|describe|summari[sz]e|give|name)\b",
    re.IGNORECASE,
)
MAX_FRAGMENT_WORDS = 8
"""Longer runs without a verb that we know mostly have one that we do not."""

_PAPER_NOUNS = re.compile(
    r"\bthe (?:authors?|paper|model|models|method|approach|system|technique|study|work|framework|"
    r"algorithm|architecture|experiments?|results?|researchers)\b(?! (?:that|which|who|with|on|about|"
    r"of|for|by|in|from|called|named)\b)",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    rf"\b(?:which|what|any|other|another|find|list)\s+(?:(?!(?:{AUXILIARIES})\b)[\w-]+\s+){{0,3}}?(?:papers?|works?"
    r"|stud(?:y|ies)|articles?|approach(?:es)?|methods?|models?|systems?|datasets?|one)\b"
    rf"|^(?:is|are) there (?:an?|any|other|some|another)\b|^who\b(?! (?:{AUXILIARIES}|wrote|else)\b)"
    rf"|^(?:which|what) (?:(?!(?:{AUXILIARIES})\b)[\w-]+ ){{0,2}}?(?!(?:{AUXILIARIES})\b)[\w-]+s (?!(?:{AUXILIARIES}|of|in)\b)\w"
    r"|^(?:do|does|has|have) (?:any|some)(?:one|body|thing)?\b"
    r"|\b(?:the|that|a) (?:one|paper|work|study|model) (?:that|which|with|without|on|about|by|"
    r"from|for|called|where)\b",
    re.IGNORECASE,
)

_ATTRIBUTES = """
size large big small long deep high low fast slow much many number count amount figure value
parameter layer token accuracy score gain improvement improve increase reduction reduce decrease
speed speedup faster slower cost price expensive cheap memory time hour day minute latency throughput
data dataset corpus benchmark task test evaluate evaluation measure metric result performance perform
model models system method approach technique framework algorithm architecture paper study work author
train training pretrain pre-training finetune fine-tuning inference run take took taken need require use used
reach achieve get obtain report show state find found come came keep kept full biggest largest smallest best
worst better worse compare comparison baseline beat outperform state-of-the-art percent percentage
share fraction factor rate ratio error quality gap difference advantage disadvantage benefit drawback
limitation problem idea contribution main key step part component version variant kind type sort example
language languages domain available code release public open weights license download
name called made make built build base start try tried kinds ways way reason exactly overall total
average mean maximum minimum final original new another else different same apply applied work works
change help effect experiment setting number numbers further mention published year venue title link
gpu gpus machine hardware card
"""
_GENERIC = frozenset(term for word in _ATTRIBUTES.split() for term in terms(word))


@dataclass(frozen=True, slots=True)
class Cleared:
    """A turn without what only links it to the talk.

    ``changes``: it says itself that it turns to something else; ``linked``: it began with "and".
    """

    text: str
    changes: bool
    linked: bool


def clear(turn: str) -> Cleared:
    """Returns ``turn`` without fillers, asides and announced changes of topic."""
    text = " ".join(turn.split())
    changed = _CHANGE.match(text)
    if changed:
        return Cleared(_capital(text[changed.end() :]), changes=True, linked=False)
    linked = False
    for pattern in (_FILLER, _FILLER, _ASIDE, _FILLER, _LINK, _FILLER):
        found = pattern.match(text)
        rest = text[found.end() :] if found else ""
        # What is nothing but filler is left to be asked as it stands.
        if found and any(sign.isalnum() for sign in rest):
            if pattern is _ASIDE and (names_of(found.group()) or "?" not in rest):
                continue
            linked = linked or pattern is _LINK
            text = rest
    return Cleared(_capital(text), changes=False, linked=linked)


def asks_more(text: str) -> bool:
    """Whether the turn only asks to go on: "tell me more"."""
    return bool(_MORE.match(text))


def asks_why(text: str) -> bool:
    """Whether the turn is a bare "why?" or its like."""
    return bool(_WHY.match(text))


def asks_others(text: str) -> bool:
    """Whether the turn asks for more papers of the kind: "are there others?"."""
    return bool(_OTHERS.match(text))


def asks_to_compare(text: str) -> bool:
    """Whether the turn asks to compare what was spoken of: "compare the two"."""
    return bool(_COMPARE.match(text))


def compares_value(text: str) -> bool:
    """Whether the turn compares what was just answered: "how does that compare with ...?"."""
    return bool(_VALUE_COMPARED.search(text))


def leans_on_the_paper(text: str) -> bool:
    """Whether the turn speaks of "the paper" or "the authors" without saying which."""
    return bool(_PAPER_NOUNS.search(text)) and not names_of(text)


def n_specific(text: str) -> int:
    """Returns how many terms of ``text`` say what it is about rather than what is asked of it."""
    return len({term for term in terms(text) if term not in _GENERIC})


def searches(text: str) -> bool:
    """Whether the turn asks for a paper or system by describing it."""
    return bool(_SEARCH.search(text))


def is_fragment(text: str) -> bool:
    """Whether the turn is no question by itself: "with the final ensemble?", "LayerSkip?"."""
    parts = re.split(r"[,;:?!.](?:\s|$)", text, maxsplit=1)
    if re.match(
        rf"\s*(?:(?:{PREPOSITIONS}) )?(?:{QUESTION_WORDS}|how)\b", parts[-1], re.IGNORECASE
    ):
        return False
    return (
        not _CLAUSE_WORD.search(parts[0])
        and not re.search(r"[.?!]\s+\w", text)
        and len(parts[0].split()) <= MAX_FRAGMENT_WORDS
    )


def is_bare_wh(text: str) -> bool:
    """Whether the turn is a question word with its noun and no verb: "On how many days of data?"."""
    return bool(
        re.match(rf"^(?:(?:{PREPOSITIONS})\s)?(?:{QUESTION_WORDS})\b", text, re.IGNORECASE)
        and not re.search(rf"\b(?:{AUXILIARIES})\b", text, re.IGNORECASE)
        and (re.match(rf"^(?:{PREPOSITIONS})\s", text, re.I) or n_specific(text) == 0)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
