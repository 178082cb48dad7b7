"""Turns without content of their own: "why?", "tell me more", "are there others?", "compare them".

By rule and in English, with the commonest such turns of German, French and Spanish.
"""

from __future__ import annotations

import re
from typing import Literal

Bare = Literal["more", "why", "again", "others", "compare"]

_THEM = r"(?:them|they|these|those|the two(?: \w+)?|both(?: \w+)?)"
_OF_IT = r"(?:it|that|this|them|those|these)"
_PATTERNS: tuple[tuple[Bare, str], ...] = (
    (
        "more",
        r"(?:(?:can|could|would) you )?(?:please )?"
        r"(?:(?:tell|show|give) me (?:a bit |a little |some )?more|say more"
        r"|more(?: details?| information| info)?|go on|continue|elaborate|expand|explain"
        r"|(?:any |some |in )?(?:more )?details?|(?:what|anything) else|go deeper|keep going"
        r"|mehr(?: dazu)?|plus de d\u00e9tails|m\u00e1s detalles)"
        rf"(?: (?:about|on|of) {_OF_IT})?(?: {_OF_IT}| please)*",
    ),
    (
        "why",
        r"(?:why(?: not| so| is (?:that|this)| that)?|how(?: so| come| is that)?|for what reason"
        r"|because of what|since when|warum|wieso|pourquoi|por qu\u00e9)",
    ),
    (
        "again",
        r"(?:are you (?:really )?(?:sure|certain)(?: (?:about|of) (?:it|that|this))?|really"
        r"|is (?:that|this) (?:really )?(?:true|right|correct)"
        rf"|(?:please )?(?:list|name|show)(?: me)?(?: all(?: of)?)? {_OF_IT})",
    ),
    (
        "others",
        r"(?:(?:is|are) there )?(?:any |some |anyone |anything |which |what |who )*"
        r"(?:(?:others?|more|further|similar|related)(?: (?:ones?|papers?|works?|studies|approaches"
        r"|methods|models|systems|examples))?|(?<!what )else)"
        rf"(?: (?:like {_OF_IT}|on (?:this|that)|about {_OF_IT}|here|too|as well"
        rf"|(?:that )?(?:did|does|do|doing) {_OF_IT}))*",
    ),
    (
        "compare",
        rf"(?:(?:can|could) you )?(?:please )?(?:compare {_THEM}|how do {_THEM} (?:compare|differ)"
        rf"|what(?:'s|\u2019s| is| are) the differences?(?: between {_THEM})?"
        rf"|what do {_THEM} have in common"
        rf"|which (?:one |of {_THEM} )?(?:is|was) (?:the )?(?:\w+er|better|best|\w+est|more \w+))",
    ),
)
_BARE = tuple((kind, re.compile(rf"{pattern}\W*", re.IGNORECASE)) for kind, pattern in _PATTERNS)
_POINTING = re.compile(rf"\b{_THEM}", re.IGNORECASE)


def bare_kind(text: str) -> Bare | None:
    """Returns what a turn without content asks for, None where it has content."""
    return next((kind for kind, pattern in _BARE if pattern.fullmatch(text)), None)


def compared(text: str, names: str) -> str:
    """Returns a turn that asks to compare, with ``names`` in place of what points to them."""
    asked, n_replaced = _POINTING.subn(lambda _: names, text, count=1)
    return asked if n_replaced else f"{text.rstrip('?!. ')}: {names}?"
