"""When two records are one paper: what their identifiers, titles and abstracts say together."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from assistant.ingest.identity import is_generic, title_key, title_words
from assistant.types import Paper

ALIKE = 0.5
"""Resemblance from which two abstracts under one title are of one paper.

Of 29,890 pairs of abstracts on one subject, language models, none reached 0.16; first sentences
alone none reached 0.4. A preprint's abstract and its journal's, a copy that was cut and one with
corrections stay above. A series that fills one sentence with other names and figures is below.
"""

EDITED = 0.2
"""Resemblance that an edited abstract keeps with the text that it replaces in its own file."""

UNTOUCHED = 0.8
"""Resemblance from which a record is the same although its title was written anew."""

LIKE_TITLE = 0.6
"""Share of the shorter title's words that a corrected title keeps."""

# Words; signs of scripts without spaces are words of their own.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")


def measure_resemblance(one: str, other: str) -> float:
    """Returns how much of the shorter text stands in the other, in [0, 1], higher is more alike.

    The share of its pairs of neighbouring words that both have: a text that was cut still
    resembles the whole, and one on another thing in like words does not. Time grows with the
    texts' length.
    """
    if one == other:
        return 1.0
    pairs, others = _list_pairs(one), _list_pairs(other)
    smaller = min(len(pairs), len(others))
    return len(pairs & others) / smaller if smaller else 0.0


def is_copy(known: Paper, incoming: Paper) -> bool:
    """Whether two records, wherever they come from, are of one paper.

    Under one identifier they are, unless neither title nor abstract agrees: chapters are listed
    under the DOI of their book. Under one title they are where their abstracts are alike: a
    preprint and its article have two DOIs. An account retells an abstract in other words, so its
    title must do.
    """
    identified = _compare_identifiers(known, incoming)
    titled = _is_titled_alike(known, incoming)
    told = known.text_kind != incoming.text_kind
    if identified == "same":
        return (
            titled
            or told
            or _share_title_words(known, incoming) >= LIKE_TITLE
            or measure_resemblance(known.abstract, incoming.abstract) >= EDITED
        )
    if not titled:
        return False
    if told and identified == "unknown" and not is_generic(known.title):
        return True
    return measure_resemblance(known.abstract, incoming.abstract) >= ALIKE


def is_revision(known: Paper, incoming: Paper, *, same_key: bool) -> bool:
    """Whether ``incoming`` is what a source now says of the paper that it said ``known`` of.

    Both are of one source, which lists ``known`` no longer as it was. ``same_key`` is whether it
    has the same key in both: numbers go to other records when a file is written anew, so a key
    counts only with a title or an abstract that bears it out.
    """
    if _compare_identifiers(known, incoming) == "different":
        return False
    if same_key and _is_titled_alike(known, incoming) and not is_generic(known.title):
        return True
    resemblance = measure_resemblance(known.abstract, incoming.abstract)
    if resemblance >= UNTOUCHED:
        return True
    if resemblance < EDITED:
        return False
    if same_key:
        return _share_title_words(known, incoming) >= LIKE_TITLE
    return _is_titled_alike(known, incoming) and not is_generic(known.title)


def _compare_identifiers(one: Paper, other: Paper) -> Literal["same", "different", "unknown"]:
    both = [
        (mine, theirs)
        for mine, theirs in ((one.doi, other.doi), (one.arxiv_id, other.arxiv_id))
        if mine and theirs
    ]
    if any(mine == theirs for mine, theirs in both):
        return "same"
    return "different" if both else "unknown"


def _is_titled_alike(one: Paper, other: Paper) -> bool:
    key = title_key(one.title)
    return key == title_key(other.title) and bool(key or one.title == other.title)


def _share_title_words(one: Paper, other: Paper) -> float:
    words, others = set(title_words(one.title)), set(title_words(other.title))
    smaller = min(len(words), len(others))
    return len(words & others) / smaller if smaller else 0.0


def _list_pairs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(pairwise(words)) or {(word,) for word in words}
