"""Which of a library's venues a name means: journals, conferences and their proceedings.

A venue's whole name means that one alone: "Nature" is not "Nature Communications". A name that no
venue has as a whole means those that begin with its words or have it as their acronym, or else
those that hold its words. Parts of words never match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SMALL = frozenset(("of", "the", "and", "in", "for", "on", "a", "an", "to", "at"))


def match_venues(wanted: str, venues: Iterable[str], *, whole: bool = False) -> tuple[str, ...]:
    """Returns those of ``venues`` that ``wanted`` begins, abbreviates or names as a whole.

    With ``whole`` only those of that whole name.
    """
    words = fold_venue(wanted)
    if not words:
        return ()
    folded = [(venue, fold_venue(venue)) for venue in venues]
    same = tuple(venue for venue, name in folded if name == words)
    if same or whole:
        return same
    if len(words) == 1 and sum(sign.isupper() for sign in wanted) > 1:
        return tuple(venue for venue, name in folded if words[0] in (*name, _join_initials(name)))
    return tuple(venue for venue, name in folded if name[: len(words)] == words)


def find_venues_with(wanted: str, venues: Iterable[str]) -> tuple[str, ...]:
    """Returns those of ``venues`` that ``wanted`` means, or else those that hold its words."""
    venues = tuple(venues)
    words = fold_venue(wanted)
    return match_venues(wanted, venues) or tuple(
        venue for venue in venues if words and _has_run(fold_venue(venue), words)
    )


@lru_cache(maxsize=1 << 16)
def fold_venue(name: str) -> tuple[str, ...]:
    """Returns the words of a venue's name as they are compared: small, without accents or "the"."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", plain)
    return tuple(words[1:] if words[:1] == ["the"] else words)


def _has_run(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(name[n : n + len(words)] == words for n in range(len(name) - len(words) + 1))


def _join_initials(folded: tuple[str, ...]) -> str:
    return "".join(word[0] for word in folded if word not in _SMALL)
