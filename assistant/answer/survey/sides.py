"""Comparisons of two things that the question names: each side is shown, or said to be missing.

"A versus B", "how does A differ from B", "is A better than B". By rule and in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.quoting import quote_sentence
from assistant.answer.survey.mentions import is_name
from assistant.evidence.gathering import PaperEvidence, QuestionEvidence, ScoredEvidence
from assistant.evidence.injection import flag_instructions
from assistant.evidence.question import MAX_CHARACTERS
from assistant.surveys import SurveyCount
from assistant.text.terms import extract_terms
from assistant.types import Sentence

LEAST_COVERAGE = 0.5
"""A sentence names a side where it holds this share of the idf of the side's own words."""

MAX_WORDS = 6
"""Longer sides are clauses, of which no sentence is expected to hold the words."""

_VERSUS = r"(?:vs\.?|versus|compared (?:to|with)|as opposed to|in contrast to)"
_EXPLICIT = (
    re.compile(
        rf"^\W*(?:compare|contrast) (?P<a>.+?) (?:and|with|to|against|{_VERSUS}) (?P<b>.+)", re.I
    ),
    re.compile(r"\bdifferences? (?:is there )?between (?P<a>.+?) and (?P<b>.+)", re.I),
    re.compile(
        r"^\W*how (?:do|does|did|is|are|was|were) (?P<a>.+?) (?:differ|different) from (?P<b>.+)",
        re.I,
    ),
    re.compile(rf"^(?P<a>.+?),? {_VERSUS} (?P<b>.+)", re.I),
)
_ASKING = r"(?:how|why|what|which|who|where|when|is|are|was|were|do|does|did|can|list|any|so)"
_IMPLICIT = (
    re.compile(
        r"^\W*(?:is|are|was|were|does|do|did) (?P<a>.+?) "
        r"(?:(?:any|much|even|far|[a-z]+ly) )?"
        r"(?:better|worse|more [a-z-]+|less [a-z-]+|[a-z-]+er) than (?P<b>.+)",
        re.I,
    ),
    re.compile(
        rf"^\W*(?!{_ASKING}\b)(?P<a>[^,?:]+?) or (?P<b>[^,?:]+?)(?:, which\b| for\b|\?|$)", re.I
    ),
)
_OPENING = re.compile(
    r"^\W*(?:(?:what|which|how|is|are|was|were|does|do|did|the|an?|both|any|better) )+", re.I
)
_END = re.compile(
    r"\s*(?:[?!;:,]|\.(?=\s|$)|\b(?:in|on|for|at|by|when|where|which|what|how|with respect"
    r"|regarding|after|during|under)\b).*$",
    re.I | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two things compared; ``explicit`` where the question's form leaves no doubt of it."""

    names: tuple[str, str]
    explicit: bool


def find_sides(question: str) -> Sides | None:
    """Returns the two things that ``question`` sets against each other; None where there are none.

    >>> find_sides("How does LayerSkip differ from Kangaroo?").names
    ('LayerSkip', 'Kangaroo')
    """
    text = " ".join(question[:MAX_CHARACTERS].split())
    for patterns, explicit in ((_EXPLICIT, True), (_IMPLICIT, False)):
        for pattern in patterns:
            if found := pattern.search(text):
                first = _OPENING.sub("", _END.sub("", found["a"])).strip()
                second = _OPENING.sub("", _END.sub("", found["b"])).strip()
                if _may_be_compared(first, second):
                    return Sides((first, second), explicit)
    return None


def compare_sides(
    scored: ScoredEvidence, sentences: Sequence[Sentence], sides: Sides | None, n_searched: int
) -> tuple[tuple[Sentence, ...], SurveyCount | None]:
    """Returns ``sentences`` with a sentence for each side, and what is said above them.

    A sentence that names both sides leads, where its paper is quoted. A side that none names gets
    the likeliest sentence of the candidates that does, where its words tell it apart. Nothing is
    said above the sentences of one paper that names both.
    """
    missing: list[str] = []
    chosen = list(sentences)
    if sides is not None:
        chosen, missing = _complete(scored, sentences, sides)
    n_papers = len({c.paper_id for s in chosen for c in s.citations})
    if not missing and n_papers < 2:
        return tuple(chosen), None
    heading = format_sides(sides, missing, n_papers)
    n_judged = len(scored.evidence.papers)
    return tuple(chosen), SurveyCount(heading, n_papers, n_judged, n_searched, "comparison")


def _complete(
    scored: ScoredEvidence, sentences: Sequence[Sentence], sides: Sides
) -> tuple[list[Sentence], list[str]]:
    """Returns the sentences with one for each side, and the sides that none names."""
    evidence = scored.evidence
    terms = [frozenset(extract_terms(name)) for name in sides.names]
    own = [terms[0] - terms[1], terms[1] - terms[0]]
    places = list(_rank_places(scored))
    quoted = {(c.paper_id, c.start) for s in sentences for c in s.citations}
    cited = {c.paper_id for s in sentences for c in s.citations}
    chosen = list(sentences)

    def names(k: int, i: int, side: frozenset[str]) -> bool:
        return _covers(evidence, evidence.papers[k].sentence_terms[i], side)

    for k, i in places:
        if _id(evidence.papers[k]) in cited and all(names(k, i, side) for side in own):
            lead = _quote(evidence, k, i)
            chosen = [lead, *(s for s in chosen if s.text != lead.text)]
            break
    missing: list[str] = []
    for name, side, whole in zip(sides.names, own, terms, strict=True):
        # Where its own words are the lesser part, or no name, a side may be said in others.
        told_apart = evidence.weigh(side) >= LEAST_COVERAGE * evidence.weigh(whole)
        if not told_apart or not (sides.explicit or is_name(name)):
            continue
        titled = {_id(p) for p in evidence.papers if _covers(evidence, p.title_terms, side)}
        shown = cited & titled or any(
            names(k, i, side)
            for k, i in places
            if (_id(evidence.papers[k]), evidence.papers[k].candidate.spans[i].start) in quoted
            or _quote(evidence, k, i).text == chosen[0].text
        )
        if shown:
            continue
        found = next((p for p in places if names(*p, side)), None)
        if found is not None:
            chosen.append(_quote(evidence, *found))
        else:
            missing.append(name)
    return chosen, missing


def format_sides(sides: Sides | None, missing: Sequence[str], n_papers: int) -> str:
    """Returns the line above a comparison: its sides, and which of them no sentence names."""
    if missing:
        return f"No sentence was found that names {' or '.join(f'“{name}”' for name in missing)}:"
    if sides is None:
        return f"{n_papers} papers side by side:"
    first, second = sides.names
    return f"“{first}” and “{second}”, in {n_papers} papers:"


def _may_be_compared(first: str, second: str) -> bool:
    own = set(extract_terms(first)), set(extract_terms(second))
    short = max(len(first.split()), len(second.split())) <= MAX_WORDS
    return short and bool(own[0] - own[1]) and bool(own[1] - own[0])


def _covers(evidence: QuestionEvidence, held: frozenset[str], side: frozenset[str]) -> bool:
    total = evidence.weigh(side)
    return total > 0 and evidence.weigh(side & held) >= LEAST_COVERAGE * total


def _rank_places(scored: ScoredEvidence) -> Iterator[tuple[int, int]]:
    """Yields the (paper, sentence) places that may be quoted, the likeliest answer first."""
    places = []
    for k, paper in enumerate(scored.evidence.papers):
        spans = [(span.start, span.end) for span in paper.candidate.spans]
        flags = flag_instructions(paper.candidate.paper.abstract, spans)
        places += [(k, i) for i, flagged in enumerate(flags) if not flagged]
    yield from sorted(places, key=lambda p: -scored.papers[p[0]] * scored.sentences[p[0]][p[1]])


def _id(paper: PaperEvidence) -> str:
    return paper.candidate.paper.paper_id


def _quote(evidence: QuestionEvidence, k: int, i: int) -> Sentence:
    candidate = evidence.papers[k].candidate
    return quote_sentence(candidate.paper, candidate.spans[i])
