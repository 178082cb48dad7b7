"""A turn and what was said before -> a question that stands alone, by rule.

A turn that stands alone is returned as it was typed. One that points back ("how large is it?")
gets the title of the paper that it speaks of in front ('In "BEAST: ...", how large is it?'); an
ellipsis ("and on code?") the question before too. Doubts are settled by the library: that reading
is taken which it likelier answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation.anaphora import anaphors
from assistant.conversation.content import (
    ASKS_AGAIN,
    PREPOSITIONS,
    is_fragment,
    is_verbless,
    n_specific,
    searches,
)
from assistant.conversation.cues import other_topic, without_link
from assistant.conversation.mentions import mentions_of
from assistant.conversation.subjects import Talk, asked_in, lowered
from assistant.conversation.turns import Condensed, PaperRef, PastTurn

__all__ = ["Condensed", "PaperRef", "PastTurn", "Weigh", "condense"]

Weigh = Callable[[str], float]
"""How likely the library answers a question, [0, 1]; higher is more likely."""

MIN_SPECIFIC = 2
"""Terms that a question without names must have of its own to stand alone."""

MAX_CHARACTERS = 500
"""A longer turn says by itself what it is about."""

_ABOUT = re.compile(r"(?:what|how) about\s+", re.IGNORECASE)
_PREPOSITION = re.compile(rf"(?:{PREPOSITIONS})\b", re.IGNORECASE)
_AND_ABROAD = re.compile(r"\W*(?:und|aber|et|mais|y|pero)\s", re.IGNORECASE)
_OF_THE_ANSWER = re.compile(
    rf"(?:{ASKS_AGAIN}|why|how so|how come|warum|wieso|pourquoi|por qu\u00e9"
    r"|(?:who|what|anything|something) else"
    r"|(?:(?:are|is) there )?(?:any )?others?(?: ones?)?)\W*",
    re.IGNORECASE,
)


def condense(turn: str, history: Sequence[PastTurn], weigh: Weigh | None = None) -> Condensed:
    """Returns ``turn`` as a question that can be asked without ``history``.

    Args:
        turn: as typed.
        history: the turns before, oldest first.
        weigh: where the rules are in doubt, the reading that it finds most likely to be answered
            is taken; without it, the likeliest by the words alone.
    """
    typed = turn.strip()
    if not history or len(typed) > MAX_CHARACTERS or not any(map(str.isalnum, typed)):
        return Condensed(typed, follows=False)
    readings = _readings(typed, history)
    if weigh is None or len(readings) == 1:
        return readings[0]
    return max(readings, key=lambda reading: weigh(reading.question))


def _readings(typed: str, history: Sequence[PastTurn]) -> list[Condensed]:
    """Returns what the turn may mean, likeliest first by its words."""
    asked = other_topic(typed)
    if asked is not None:
        return [Condensed(asked, follows=False)]
    alone = Condensed(typed, follows=False)
    talk = Talk(history)
    text = without_link(typed)
    fragment = _ABOUT.sub("", text, count=1)
    if _OF_THE_ANSWER.fullmatch(text):
        return [_elliptic(text, talk)]
    if _AND_ABROAD.match(typed):
        return _carried(text, talk)
    if fragment != text or is_fragment(text):
        return [alone] if searches(fragment) else _completed(alone, fragment, talk)
    if is_verbless(text) or anaphors(text):
        return _carried(text, talk)
    if mentions_of(text) or searches(text):
        return [alone]
    n = n_specific(text)
    if n >= MIN_SPECIFIC:
        return [alone, *_carried(text, talk)]
    return [*_carried(text, talk), alone] if n else _carried(text, talk)


def _carried(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn with the papers that it points to.

    What a declined turn spoke of is known by its words alone: then these may be what is meant.
    """
    papers = _pointed_to(text, talk)
    named = Condensed(asked_in(papers, text), True, _ids(papers))
    joined = Condensed(f"{talk.question} {text}", follows=True)
    return [named, joined] if papers and talk.is_lost else [named if papers else joined]


def _pointed_to(text: str, talk: Talk) -> list[PaperRef]:
    """Returns the papers that "both" or "the second one" stand for, or the one spoken of."""
    for match in anaphors(text):
        if match["group"] and talk.group:
            return talk.group
        if match["ordinal"] and (paper := talk.ordinal(match["which"])):
            return [paper]
    return [talk.subject] if talk.subject else []


def _completed(alone: Condensed, fragment: str, talk: Talk) -> list[Condensed]:
    """Returns a fragment after the question before, or a name in place of its like."""
    if any(match["ordinal"] for match in anaphors(fragment)):
        asks = n_specific(fragment) > 0
        return _carried(fragment if asks else _after(talk.question, fragment), talk)
    elliptic = _elliptic(fragment, talk)
    # After a word no capital is that of a beginning.
    mentions = mentions_of(f"for {fragment}")
    if not mentions or _PREPOSITION.match(fragment):
        return [elliptic]
    if mentions[0].text == _statement(fragment) and (question := talk.asked_of(mentions[0])):
        return [Condensed(question, follows=True)]
    return [alone, elliptic]


def _elliptic(text: str, talk: Talk) -> Condensed:
    """Returns the turn after the question before it, with the paper spoken of."""
    papers = [talk.subject] if talk.subject else []
    return Condensed(asked_in(papers, _after(talk.question, text)), True, _ids(papers))


def _after(question: str, text: str) -> str:
    return f"{_statement(question)}, and {lowered(text)}"


def _ids(papers: Sequence[PaperRef]) -> tuple[str, ...]:
    return tuple(paper.paper_id for paper in papers if paper.paper_id)


def _statement(question: str) -> str:
    return question.rstrip("?!. ")
