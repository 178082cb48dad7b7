"""Turns that ask nothing of a library: greetings, thanks, and questions about the assistant."""

from __future__ import annotations

import re

_EDGE = r"[\s!?.,;:)(\u2026\U0001f300-\U0001faff\u2600-\u27bf]*"
_NAME = (
    r"(?:\s*,?\s+(?:there|all|everyone|assistant|bot|again|friend|you|so much|a lot|very much))*"
)
_GREETING = (
    r"(?:hi+|hello+|hey+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day|night)"
    r"|hallo|guten (?:tag|morgen|abend)|bonjour|salut|hola|ciao|ol\u00e1)"
)
_COURTESY = (
    r"(?:many thanks|thanks?|thank you|thx|cheers|ta|merci|danke|gracias|bye(?:[- ]bye)?|goodbye"
    r"|(?:that|this|it)(?:'?s| is| was)? (?:all|enough|clear|great|helps?|helpful)"
    r"|(?:very|really|so) (?:useful|helpful|interesting|good|clear)"
    r"|see you(?: later)?|ok(?:ay)?|cool|great|nice|perfect|got it|awesome|well done"
    r"|good (?:job|bot)|sorry|please|lol|haha+|how are you(?: (?:doing|today))*"
    r"|how(?:'s| is) it going|what'?s up|nice to meet you)"
)
_ABOUT_US = (
    r"(?:(?:and )?(?:who|what) (?:are|r) you(?: exactly)?|what(?:'s| is) your name"
    r"|what can (?:you|i) (?:do|ask)(?: (?:for me|you|here|about))*|what do you do|help(?: me)?"
    r"|how (?:do|can) (?:i|you) (?:use (?:this|you)|work|help(?: me)?)|what is this(?: for)?"
    r"|are you (?:an? )?(?:ai|bot|robot|human|chat ?gpt|real(?: person)?|there)"
    r"|can you (?:help(?: me)?|hear me|talk)|who (?:made|built|created|trained) you"
    r"|tell me (?:about yourself|a joke)|(?:just )?test(?:ing)?(?: \d+)*)"
)
_SMALL_TALK = re.compile(
    rf"{_EDGE}(?:(?:{_GREETING}|{_COURTESY}){_NAME}{_EDGE}(?:and )?)*"
    rf"(?:{_ABOUT_US}{_NAME}{_EDGE})?",
    re.IGNORECASE,
)


def is_small_talk(turn: str) -> bool:
    """Returns whether all of ``turn`` is a greeting, thanks or a question about the assistant."""
    return bool(turn.strip()) and _SMALL_TALK.fullmatch(turn.strip()) is not None


def describe_purpose(n_papers: int) -> str:
    """Returns one line on what the assistant is for."""
    papers = "1 paper" if n_papers == 1 else f"{n_papers:,} papers"
    return (
        f"I answer questions from the abstracts of the {papers} in this library, each sentence "
        "with its source. Ask what a paper found, how it was done, or which papers study a topic."
    )
