"""What a paper must be about to belong in a whole-library answer, read off the question.

"Which papers prune BERT or GPT, and by how much?" has the criterion "prune BERT or GPT", two
alternatives of it, and asks for a detail of each paper. By rule and in English, as
``assistant.evidence.question``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.evidence.question import QuestionAnalysis
from assistant.evidence.topic import PLURAL_WORKS, find_topic
from assistant.text.terms import STOP_WORDS, extract_terms

_ASKING = r"(?:which|what|whose|who|where|when|why|how)"
_PART = re.compile(
    rf"[;:?!] |(?<=[a-z])\. |,? and (?=(?:tell|say|(?:[\w-]+ ){{0,4}}{_ASKING})\b)"
    rf"|, (?=(?:[\w-]+ ){{0,2}}{_ASKING}\b)",
    re.IGNORECASE,
)
_WORKS = re.compile(rf"\b(?:{PLURAL_WORKS}|paper|work|study|article)\b", re.IGNORECASE)
_COMMA = re.compile(",")
_SLASH = re.compile(r"/(?=[A-Za-z])")
_OR_WORD = re.compile(r"\bor\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\s,;:?!.()\"]+(?:[.][^\s,;:?!.()\"]+)*")

# Words that say that papers are asked for, or what papers do; no paper belongs for having them.
_FRAME_WORDS = """
papers paper works work studies study abstracts abstract articles article publications publication
approaches approach research literature library collection authors author list find show
deal deals treat cover concern concerned address mention discuss present presents propose introduce
describe described report reports use uses using experiment experiments evaluate evaluated test
tested tests result results say state states claim claims find found try tries work works study
studied investigate examine explore consider look talk focus aim seek offer make makes take takes
play plays role number total count many there here two three four five according
method methods technique ways trick strategy attempt fix remedy solution option alternative idea
people researchers scientists anything everything something known done published written overview
"""
FRAME = frozenset(extract_terms(_FRAME_WORDS))

MOST_MEMBERS = 8
"""A list with more members is read as one criterion; each is judged for itself in every paper."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What belongs, as stems of the question.

    ``alternatives`` are sets of stems of which one is enough; there is at least one set, and it is
    empty only where the question has no content word. ``detail`` are the stems of what is asked
    of each paper that belongs, without those of the criterion.
    """

    alternatives: tuple[frozenset[str], ...]
    detail: frozenset[str]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of all alternatives."""
        return frozenset().union(*self.alternatives)


def find_criterion(question: QuestionAnalysis) -> Criterion:
    """Returns what ``question`` asks of a paper that belongs in its answer."""
    asked = frozenset(question.terms).union(*question.clauses)
    # One space between words: the patterns are then quick on any text.
    text = " ".join(question.text.split())
    parts = [part for part in _PART.split(text) if part and extract_terms(part)]
    if question.broad:
        parts = [find_topic(question.text) or question.text]
    # Words that were read as other words are nowhere in the text: they count as the criterion's.
    corrected = asked - frozenset(extract_terms(question.text))
    place = next((i for i, part in enumerate(parts) if set(extract_terms(part)) - FRAME), 0)
    sets = _split_alternatives(parts[place]) if parts else ()
    found = tuple(dict.fromkeys(((stems & asked) - FRAME) | corrected for stems in sets))
    found = tuple(stems for stems in found if stems) or (asked - FRAME or asked,)
    rest = frozenset(t for i, part in enumerate(parts) if i != place for t in extract_terms(part))
    return Criterion(found, (rest & asked) - FRAME - frozenset().union(*found))


def _split_alternatives(part: str) -> tuple[frozenset[str], ...]:
    """Returns the stems of ``part``, once for each member of its list that "or" ends.

    Each member is a noun phrase, which ends at a function word; what is before the first and
    after the last belongs to all. Verbs right after the papers are single words: what follows
    the last of them is the object of all.
    """
    plain = " ".join(_ASIDE.sub(" ", part).split())
    *heads, tail = _OR_WORD.split(plain)
    pieces = [piece for head in heads for piece in _COMMA.split(head)] + [tail]
    pieces = [cut for piece in pieces for cut in _SLASH.split(piece) if cut.strip()]
    # Two lists in one clause are too much for these rules: then all of its words are asked for.
    if not 2 <= len(pieces) <= MOST_MEMBERS or len(heads) > 1:
        return (frozenset(extract_terms(part)),)
    before, first = _split(pieces[0], from_end=True)
    works = _WORKS.search(pieces[0])
    opening = pieces[0][works.end() :].split() if works else []
    last, after = _split(pieces[-1], from_end=False)
    if len(opening) == 1 and len(last) > 1:
        last, after = last[:1], last[1:] + after
    members = [first, *(_WORD.findall(piece) for piece in pieces[1:-1]), last]
    shared = frozenset(extract_terms(" ".join(before + after)))
    return tuple(shared.union(extract_terms(" ".join(member))) for member in members)


def _split(piece: str, *, from_end: bool) -> tuple[list[str], list[str]]:
    """Returns the words of ``piece`` on either side of where the noun phrase at one end stops.

    From the end: (what is before, the last phrase); from the start: (the first phrase, the rest).
    """
    words = _WORD.findall(piece)
    stops = [i for i, word in enumerate(words) if word.lower() in STOP_WORDS]
    if from_end:
        at = 1 + max((i for i in stops if i < len(words) - 1), default=-1)
        return words[:at], words[at:]
    at = min((i for i in stops if i > 0), default=len(words))
    return words[:at], words[at:]
