"""The papers of a long list in groups, each named by a phrase that its papers share.

A group is what its name says: the papers whose title or abstract has the phrase, as it stands in a
title of one of them. So no name is invented, and a reader can check that each paper belongs.

Source: Zamir and Etzioni, "Web document clustering: a feasibility demonstration", SIGIR 1998, who
name clusters of search results by phrases that they share.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence.injection import is_suspect_title
from assistant.text.terms import extract_terms
from assistant.types import Paper

LEAST_LISTED = 5
"""A shorter list is read at a glance."""

LEAST_GROUPS = 2
LEAST_OF_GROUP = 2
MOST_OF_LISTED = 0.6
"""A group of a greater share of the listed papers does not part them."""

RARE = 0.2
"""A name has a word that at most this share of the library's papers have: the others are how every
paper of the field speaks."""

LEAST_GROUPED = 0.4
"""Where fewer of the papers are in groups, the list stays whole."""

MIN_WORDS, MAX_WORDS = 2, 3
"""Words of a name: one alone, as "dynamic" or "using", seldom says what its papers are about."""

REST = "Other papers"
"""The name of the group of those that share no phrase."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_JOINT = re.compile(rf"{_HYPHEN.pattern}|\s+")

Phrase = tuple[str, ...]
"""The stems of a phrase, sorted: "image generation" is "generating images"."""

Share = Callable[[str], float]
"""Returns the share of the library's papers that have a stem, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class PhrasedPaper:
    """What a paper says, as phrases: of its title, as they are spelled there, and of all of it."""

    titled: Mapping[Phrase, str]
    said: frozenset[Phrase]


def group_papers(listed: Sequence[Paper], asked: frozenset[str], share: Share) -> tuple[str, ...]:
    """Returns the name of each listed paper's group; all "" where the list does not part well.

    The papers are all about the stems ``asked``, which alone name no group.
    """
    none = ("",) * len(listed)
    if len(listed) < LEAST_LISTED:
        return none
    phrased = [find_phrases(paper) for paper in listed]
    weights = {
        phrase: weight
        for phrase in dict.fromkeys(p for paper in phrased for p in paper.titled)
        if not asked.issuperset(phrase) and (weight := _weigh(phrase, share))
    }
    names = list(none)
    groups: list[str] = []
    while found := _choose(phrased, names, weights):
        groups.append(_spell(found, phrased))
        for place, paper in enumerate(phrased):
            if not names[place] and found in paper.said:
                names[place] = groups[-1]
    if len(groups) < LEAST_GROUPS or sum(map(bool, names)) < LEAST_GROUPED * len(listed):
        return none
    return tuple(name or REST for name in names)


def order_by_group(names: Sequence[str]) -> list[int]:
    """Returns the places of the papers, group by group as each first comes, the rest last."""
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    return sorted(range(len(names)), key=lambda i: (names[i] == REST, first[names[i]], i))


def find_phrases(paper: Paper) -> PhrasedPaper:
    """Returns the phrases of two or three words of ``paper``, without function words."""
    titled: dict[Phrase, str] = {}
    title = "" if is_suspect_title(paper) else paper.title
    for phrase, start, end in _list_phrases(title):
        spelled = title[start:end]
        # A part of a compound, as "end speech" of "end-to-end speech", names nothing.
        cut = _HYPHEN.match(title, end) or _HYPHEN.match(title, max(start - 1, 0))
        if " " in spelled and not cut:
            titled.setdefault(phrase, " ".join(spelled.split()))
    said = frozenset(
        phrase for text in (title, paper.abstract) for phrase, _, _ in _list_phrases(text)
    )
    return PhrasedPaper(titled, said)


def _weigh(phrase: Phrase, share: Share) -> float:
    """Returns how telling ``phrase`` is: the summed idf of its words; 0 where none is rare."""
    shares = [share(stem) for stem in phrase]
    return sum(-math.log(one) for one in shares) if 0 < min(shares) <= RARE else 0.0


def _choose(
    phrased: Sequence[PhrasedPaper], names: Sequence[str], weights: Mapping[Phrase, float]
) -> Phrase | None:
    """Returns the phrase that gathers most of the papers that have no group yet, by its weight."""
    left = [paper for paper, name in zip(phrased, names, strict=True) if not name]
    counts = {phrase: sum(phrase in paper.said for paper in left) for phrase in weights}
    worth = {
        phrase: n * weights[phrase]
        for phrase, n in counts.items()
        if LEAST_OF_GROUP <= n <= MOST_OF_LISTED * len(phrased)
    }
    return max(worth, key=lambda phrase: worth[phrase], default=None)


def _spell(phrase: Phrase, phrased: Sequence[PhrasedPaper]) -> str:
    """Returns ``phrase`` as most titles spell it, of equals the first."""
    return Counter(p.titled[phrase] for p in phrased if phrase in p.titled).most_common(1)[0][0]


def _list_phrases(text: str) -> Iterator[tuple[Phrase, int, int]]:
    """Yields each phrase of ``text`` and where it starts and ends; hyphens part words."""
    words = [(found.start(), found.end(), _stem(found.group())) for found in _WORD.finditer(text)]
    for first, (start, _, _) in enumerate(words):
        stems: list[str] = []
        for last, (begin, end, stem) in enumerate(words[first : first + MAX_WORDS], first):
            if not stem or (stems and not _JOINT.fullmatch(text, words[last - 1][1], begin)):
                break
            stems.append(stem)
            if len(stems) >= MIN_WORDS:
                yield tuple(sorted(stems)), start, end


def _stem(word: str) -> str:
    return next(iter(extract_terms(word)), "")
