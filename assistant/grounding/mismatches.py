"""What a claim says that its sources do not: figures, names, negations and directions."""

from __future__ import annotations

from collections.abc import Callable

from assistant.grounding.bindings import misbound_figures
from assistant.grounding.directions import direction_turns
from assistant.grounding.evidence import Evidence
from assistant.grounding.figures import Figure, any_agrees, figures
from assistant.grounding.frequencies import is_ordinary
from assistant.grounding.names import NameIndex, missing_names
from assistant.grounding.negations import one_sided_denials
from assistant.grounding.wording import read_words
from assistant.types import Flag

_SMALL = 10.0
_COUNTED_REACH = 5
_VAGUE_COUNT = 1.0
"""'One' and 'zero' stand for too much else to be looked for."""


def hard_mismatches(
    claim: str, evidence: Evidence, idf: Callable[[str], float]
) -> tuple[Flag, ...]:
    """Returns a flag for each figure, name, negation and direction that the sources lack.

    A figure that stands in another sentence of a cited paper is flagged as miscited.
    """
    return (
        *_figure_flags(claim, evidence),
        *_binding_flags(claim, evidence, idf),
        *_name_flags(claim, evidence),
        *_polarity_flags(claim, evidence, idf),
    )


def _figure_flags(claim: str, evidence: Evidence) -> list[Flag]:
    stated = [f for text in (*evidence.cited_texts, *evidence.titles) for f in figures(text)]
    nearby = [f for text in evidence.rest for f in figures(text)]
    own = figures(claim)
    index = _names_of(evidence)
    flags = []
    for figure in own:
        if any_agrees(figure, stated) or (figure.spelled and figure.value <= _VAGUE_COUNT):
            continue
        if figure.compound and figure.compound in index:
            continue
        if any_agrees(figure, nearby):
            flags.append(
                Flag("miscited", figure.text, f"{figure.text!r} stands in another sentence.")
            )
        elif not figure.spelled or _counted_otherwise(claim, figure, evidence):
            flags.append(
                Flag("number", figure.text, f"The sources do not hold the figure {figure.text!r}.")
            )
    return flags


def _binding_flags(claim: str, evidence: Evidence, idf: Callable[[str], float]) -> list[Flag]:
    texts = (*evidence.cited_texts, *evidence.rest)
    return [
        Flag("number", own.text, f"The sources give {other.text!r} where {own.text!r} stands.")
        for own, other in misbound_figures(claim, texts, idf)
    ]


def _counted_otherwise(claim: str, figure: Figure, evidence: Evidence) -> bool:
    """Whether the sources give another number of what a small number of the claim counts.

    A claim may count what its source lists; it is wrong only where the source counts too.
    """
    counted = _counted(claim, figure)
    return any(
        other.kind == "plain"
        and _VAGUE_COUNT < other.value <= _SMALL
        and other.places == 0
        and counted & _counted(text, other)
        for text in (*evidence.cited_texts, *evidence.rest)
        for other in figures(text)
    )


def _counted(text: str, figure: Figure) -> set[str]:
    """Returns the terms of the words after a figure, those that it may count."""
    following = [word.term for word in read_words(text) if word.start >= figure.end]
    return {term for term in following[:_COUNTED_REACH] if term}


def _name_flags(claim: str, evidence: Evidence) -> list[Flag]:
    index = _names_of(evidence)
    return [
        Flag("name", name, f"The sources do not name {name!r}.")
        for name in missing_names(claim, index, is_ordinary)
    ]


def _names_of(evidence: Evidence) -> NameIndex:
    return NameIndex((*evidence.titles, *evidence.cited_texts, *evidence.rest))


def _polarity_flags(claim: str, evidence: Evidence, idf: Callable[[str], float]) -> list[Flag]:
    texts = evidence.best_texts()
    flags = [
        Flag(
            "direction",
            turn.word,
            f"The sources say {turn.against!r} where the sentence says {turn.word!r}.",
        )
        for turn in direction_turns(claim, texts, evidence.cited_texts, idf)
    ]
    for denial in one_sided_denials(claim, texts, evidence.cited_texts, idf):
        message = (
            f"The sentence denies {denial.phrase!r} with {denial.negation!r}; its sources do not."
            if denial.by_claim
            else f"The sources deny {denial.phrase!r} with {denial.negation!r}; the sentence not."
        )
        token = denial.negation if denial.by_claim else denial.phrase
        flags.append(Flag("negation", token, message))
    return flags
