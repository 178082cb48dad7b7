"""Questions that name a topic and ask nothing further of it: "papers on X", "X?", "what is X?".

By rule and in English, as ``assistant.evidence.question``.
"""

from __future__ import annotations

import re

PLURAL_WORKS = r"(?:papers|works|studies|abstracts|articles|publications|approaches)"

_WORKS = rf"(?:{PLURAL_WORKS}|paper|work|study|article|publication|research|literature|authors?)"
_MAIN_VERB = (
    r"(?:(?:is|are|was|were) (?:there )?(?:all )?(?:about|on|concerned with)|ha(?:s|ve) to do with"
    r"|stud(?:y|ies|ied)|discuss(?:es|ed)?|address(?:es|ed)?|investigat(?:e|es|ed)"
    r"|examin(?:e|es|ed)|explor(?:e|es|ed)|consider(?:s|ed)?|cover(?:s|ed)?|treat(?:s|ed)?"
    r"|mention(?:s|ed)?|analy[sz](?:e|es|ed)|research(?:es|ed)?|review(?:s|ed)?|survey(?:s|ed)?"
    r"|tackl(?:e|es|ed)|concern(?:s|ed)?|deal(?:s|t)? with|work(?:s|ed)? on"
    r"|look(?:s|ed)? (?:at|into)|talk(?:s|ed)? about|report(?:s|ed)? on"
    r"|focus(?:es|ed)? on|writ(?:e|es|ten) (?:about|on))"
)
_ABOUT = r"(?:about|on|of|in|for|with|regarding|concerning|into|around|from)"
_HERE = r"(?: (?:here|there|in (?:the|this|my|your) (?:library|collection)|of (?:the|these|them)))?"
_PLEASE = (
    r"^\W*(?:(?:please|hi|hello|hey|so|ok|okay)\b\W*)*(?:(?:can|could|would) you (?:please )?)?"
)
_TELL = (
    r"(?:tell (?:me|us)|show (?:me|us)?|give (?:me|us)|find(?: me)?|list|name|search(?: for)?"
    r"|explain|describe|summari[sz]e|introduce|get me|(?:i'?m |i am )?looking for"
    r"|i (?:need|want)(?: to (?:know|read))?)"
)
_DEFINE = r"(?:what(?:'s|\u2019s| is| are)|define) (?:a |an )?(?!the\b)"
_FRAMES = tuple(
    re.compile(_PLEASE + frame, re.IGNORECASE)
    for frame in (
        # which papers study X; does anyone examine X; who has worked on X
        rf"(?:which|what|do|does|did|has|have|are|is|{_TELL}) (?:there )?(?:any(?: of)? )?(?:all )?"
        rf"(?:the |these )?(?:[\w-]+ )?{_WORKS}{_HERE} (?:that |which |who )?(?:has |have |been )*"
        rf"{_MAIN_VERB}\s+",
        rf"(?:does|do|did|has|have|who)(?: (?:any|some)(?:one|body))?(?: (?:here|else))?"
        rf"(?: (?:has|have))?(?: ever)? {_MAIN_VERB}\s+",
        # papers on X; is there work on X; find studies of X
        rf"(?:(?:is|are) there |do you (?:have|know) |{_TELL} )?(?:(?:any|some|all|the|recent|more"
        rf"|an?|overview of) )*{_WORKS}{_HERE} {_ABOUT}\s+",
        # what do we know about X; what has been done on X; anything about X; tell me about X
        rf"(?:{_TELL} )?what (?:do|does|did|can|could|is|are|was|has|have) (?:we |you |they |one |"
        rf"i |(?:the|this|my|your) (?:library|collection|papers) )?(?:been |already )*"
        rf"(?:know|known|have|got|say|said|tell me|done|published|written|tried|there)"
        rf"(?: (?:so far|to (?:say|read)|here))? {_ABOUT}\s+",
        rf"(?:{_TELL} |is there |do you have |is )?(?:any|some|every)thing (?:known |here )?"
        rf"{_ABOUT}\s+",
        rf"(?:{_TELL} )?(?:(?:a|an|the) )?(?:short |brief |quick )?(?:overview|introduction|summary"
        rf"|survey) (?:about|of|on|to)\s+",
        rf"{_TELL} (?:about )?",
        r"(?:what|how) about\s+",
        _DEFINE,
        r"how (?:do|does) (?=.*\bwork\W*$)",
        r"what (?:do|does) (?=.*\b(?:stand for|mean)\W*$)",
    )
)
_TAIL = re.compile(r"(?:\s+(?:works?|stand for|mean))?(?:,? please)?[\s?!.,]*$", re.IGNORECASE)

# Signs that more is asked or said than a topic.
_MORE = re.compile(
    r"\b(?:how|which|what|whose|who|where|when|why|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should|must|may|might|that|than|my|me|you|your|its|their|they|it|used?|uses|"
    r"reach(?:es)?|achieves?)\b|[;:?!]\s*\w|\w,\s|\d%",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(r"\b(?:of|by|in|for|from|used|behind)\b", re.IGNORECASE)
MAX_CHARACTERS = 200
MAX_TOPIC_WORDS = 8
MAX_BARE_WORDS = 5
"""A longer list of keywords asks for a detail rather than for a topic."""


def find_topic(question: str) -> str | None:
    """Returns the topic, without the words that ask for it; None where more is asked.

    A few keywords are a topic; so is what follows "which papers study" and its like.
    """
    if len(question) > MAX_CHARACTERS:
        return None
    for frame in _FRAMES:
        found = frame.match(question)
        if found:
            topic = _TAIL.sub("", question[found.end() :])
            detail = frame.pattern.endswith(_DEFINE) and _OF_SOMETHING.search(topic)
            return None if detail else _keep_if_short(topic, MAX_TOPIC_WORDS)
    # Keywords are parted by spaces, which not every script has.
    latin = all(sign < "\u0250" for sign in question if sign.isalpha())
    return _keep_if_short(_TAIL.sub("", question.strip()), MAX_BARE_WORDS) if latin else None


def _keep_if_short(topic: str, longest: int) -> str | None:
    return topic if 1 <= len(topic.split()) <= longest and not _MORE.search(topic) else None
