"""The commonest signs of a follow-up in German, French and Spanish."""

from __future__ import annotations

import re

_FOREIGN_START = re.compile(r"^(?:und|aber|et|mais|y|pero|e|ma)\s", re.IGNORECASE)
_FOREIGN_POINTERS = re.compile(
    r"\b(?:davon|dessen|deren|dazu|damit|dabei|daf\u00fcr|dar\u00fcber|jeweils|ihre[mnrs]?|celui-ci|celle-ci"
    r"|ceux-ci|ses?|leurs?|elles?|ils?|en|sus?|ellos|ellas|este|esto|esos?)\b"
    r"|\b(?:das|die|der) (?:erste|zweite|andere|letzte)\b|\b(?:le|la) (?:premi\u00e8re?r?|deuxi\u00e8me|second|"
    r"autre)\b|\b(?:el|la) (?:primer[oa]?|segund[oa]|otr[oa])\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:wie|welche[mnrs]?|wer|warum|wieviel|gro\u00df|ist|sind|wurde|wurden|quels?|quelles?|"
    r"combien|comment|est-ce|qu'est-ce|cu\u00e1l(?:es)?|cu\u00e1nt[oa]s?|qu\u00e9|c\u00f3mo|qui\u00e9n)\b",
    re.IGNORECASE,
)


def is_foreign(text: str) -> bool:
    """Whether the turn is in German, French or Spanish, told by a few of their words."""
    return bool(_FOREIGN.search(text) or _FOREIGN_START.match(text))


def points_back_abroad(text: str) -> bool:
    """Whether a turn in one of these languages points to what was said before."""
    return bool(_FOREIGN_START.match(text) or _FOREIGN_POINTERS.search(text))
