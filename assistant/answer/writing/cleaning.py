"""A model's words as plain text: no markup, no links of its own, no hidden signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_EMPHASIS = re.compile(r"\*\*+|__+|`+|~~+|(?<![\w*])\*(?=\w)|(?<=[\w.,;:!?)])\*(?![\w*])")
_IMAGE_OR_LINK = re.compile(
    r"!?\[([^\[\]\s]*)\]\([^)\s]{0,1000}+\)|<a\b\S*|</?[a-z][a-z0-9]*/?>", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|javascript:|data:\w+/|mailto:)[^\s\u201d\"'<>]*",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}"
LINK_REMOVED = "(link removed)"

_LIST_MARK = re.compile(r"\s*(?:[-*\u2022\u2013\u2014]|\(?\d{1,2}[.)]|#{1,6}|>)\s+")


def clean_word(word: str, addresses: Collection[str] = ()) -> str:
    """Returns one word without markup and signs that do not show.

    An address stays only where it is one of ``addresses``, those in what the model was shown: a
    link that a model makes up may carry away what was asked.
    """
    word = "".join(c for c in word if unicodedata.category(c) not in ("Cc", "Cf"))
    word = _IMAGE_OR_LINK.sub(lambda m: m[1] or "", word)
    word = _EMPHASIS.sub("", word)

    def kept(match: re.Match[str]) -> str:
        bare = match[0].rstrip(_TRAILING)
        return match[0] if bare in addresses else LINK_REMOVED + match[0][len(bare) :]

    return _ADDRESS.sub(kept, word)


def find_addresses(text: str) -> frozenset[str]:
    """Returns the web addresses that ``text`` holds."""
    return frozenset(match.rstrip(_TRAILING) for match in _ADDRESS.findall(text))


def strip_list_marks(line: str) -> str:
    """Returns ``line`` without the bullets, numbers or heading marks that it begins with."""
    while mark := _LIST_MARK.match(line):
        line = line[mark.end() :]
    return line
