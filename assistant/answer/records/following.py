"""A turn that only asks for other filters, read into the question before it.

After "papers by Ames on sleep", "and in 2020?" is "papers from 2020 by Ames on sleep". A filter
takes the place of one of its kind; all others stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answer.records.reading import ReadQuestion
from assistant.answer.records.words import WORKS

Read = Callable[[str], ReadQuestion]
"""Reads a question as to the records of a library."""

_LEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so|ok(?:ay)?|now|then|please|what about|how about|only|just)\b\W*)+",
    re.I,
)
_THEM = re.compile(
    r"\b(?:(?:of|among|from) )?(?:(?:these|those)(?: papers)?|them|the (?:ones|results|list))\b",
    re.I,
)
_WORKS = re.compile(rf"\b{WORKS}", re.I)


def change_filters(turn: str, before: str, read: Read) -> str | None:
    """Returns the question ``before`` with the filters that ``turn`` asks for.

    None where ``turn`` asks for more than filters, or ``before`` asks for no papers.
    """
    asked = read(before)
    wanted = _read_turn(turn, read)
    if wanted is None or not (asked.found or asked.asked or _WORKS.search(before)):
        return None
    base = asked.drop({phrase.kind for phrase in wanted.found})
    said = [phrase.again for phrase in wanted.found]
    works = _WORKS.search(base)
    for place in (len(base.rstrip(" ?!.")), works.end() if works else 0):
        question = f"{base[:place]} {' '.join(said)}{base[place:]}"
        if {phrase.again for phrase in read(question).found} >= set(said):
            return question
    return None


def _read_turn(turn: str, read: Read) -> ReadQuestion | None:
    """Returns ``turn`` as one that asks for papers; None where it has no filters, or more."""
    text = _THEM.sub("papers", _LEAD.sub("", turn))
    found = read(text if _WORKS.search(text) else f"papers {text}")
    is_plain = found.asked and found.asked.wanted in ("list", "count") and not found.asked.of
    return found if found.found and is_plain else None
