"""A turn and what was said before -> a question that stands alone, by rule.

A turn that stands alone is returned as it was typed. Otherwise what it points to is put in its
place: the system or paper spoken of, and of an ellipsis ("and on code?") the question before. The
attribute asked for before is never carried into a turn that asks for its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation import cues
from assistant.conversation.anaphora import anaphors
from assistant.conversation.completion import completed, lowered, statement
from assistant.conversation.names import names_of
from assistant.conversation.other_languages import is_foreign, points_back_abroad
from assistant.conversation.pointing import resolved
from assistant.conversation.subjects import Subject, Talk
from assistant.conversation.turns import Condensed, PaperRef, Turn

__all__ = ["Condensed", "PaperRef", "Turn", "Weigh", "condense"]

Weigh = Callable[[str], float]
"""How likely the library answers a question, [0, 1]; higher is more likely."""

MIN_SPECIFIC = 2
"""Terms that a question without names must have of its own to stand alone."""

_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"^(?:what about |how about )?the (?:\w+ )?(?:one|paper|work|study|model|method|system)s? (?:that|"
    r"which|who|with|without|on|about|by|from|for|called|where|in)\b",
    re.IGNORECASE,
)


def condense(turn: str, history: Sequence[Turn], weigh: Weigh | None = None) -> Condensed:
    """Returns ``turn`` as a question that can be asked without ``history``.

    Args:
        turn: as typed.
        history: the turns before, oldest first.
        weigh: where the rules are in doubt, the reading that it finds most likely to be answered
            is taken; without it, the likeliest by the words alone.
    """
    readings = _readings(turn.strip(), history) if history else [Condensed(turn.strip(), False)]
    if weigh is None or len(readings) == 1:
        return readings[0]
    return max(readings, key=lambda reading: weigh(reading.question))


def _readings(typed: str, history: Sequence[Turn]) -> list[Condensed]:
    """Returns what the turn may mean, likeliest first by its words."""
    cleared = cues.clear(typed)
    text = cleared.text
    if cleared.changes:
        return [Condensed(text, follows=False)]
    alone = Condensed(typed, follows=False)
    talk = Talk(history)
    found = _without_content(text, talk)
    if found:
        return [found]
    if is_foreign(text):
        bare = cues.n_specific(text) < MIN_SPECIFIC and not names_of(text)
        follows = (points_back_abroad(text) or bare) and talk.subject is not None
        return [_before(text, s) for s in talk.candidates] if follows else [alone]
    if cues.compares_value(text):
        ids = talk.subject.paper_ids if talk.subject else ()
        return [Condensed(f"{statement(talk.last.standalone)}, and {lowered(text)}", True, ids)]
    if _DESCRIBED.match(text):
        return [Condensed(_ABOUT.sub("", text), follows=False)]
    asked = _ABOUT.sub("", text)
    if asked != text or cues.is_fragment(text):
        return [completed(asked, talk)]
    if cues.is_bare_wh(text) or anaphors(text) or cues.leans_on_the_paper(text):
        return _carried(text, talk)
    if names_of(text) or cues.searches(text):
        return [alone]
    carried = _carried(text, talk)
    specific = cues.n_specific(text)
    if specific < MIN_SPECIFIC:
        return [*carried, alone] if specific else carried
    return [alone, *carried]


def _carried(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn asked of each subject that it may be about."""
    joined = Condensed(f"{talk.last.standalone} {text}", True)
    carried = [resolved(text, talk, subject) for subject in talk.candidates]
    return [*carried, joined] if talk.lost or not carried else carried


def _before(text: str, subject: Subject) -> Condensed:
    return Condensed(f"{subject.shown}: {text}", True, subject.paper_ids)


def _without_content(text: str, talk: Talk) -> Condensed | None:
    """Returns turns that have no content of their own, completed; None for others."""
    previous = statement(talk.last.standalone)
    subject = talk.subject
    ids = subject.paper_ids if subject else ()
    if cues.asks_more(text):
        return Condensed(f"Tell me about {subject.shown}" if subject else f"{previous}?", True, ids)
    if cues.asks_why(text):
        word = text.split()[0].strip("?!.,").lower()
        return Condensed(f"{previous}, and {word}?", True, ids)
    if cues.asks_others(text):
        return Condensed(f"Which other papers are there on this: {previous}?", True)
    if cues.asks_to_compare(text) and talk.pair:
        first, second = talk.pair
        joined = f"{first.shown} and {second.shown}"
        ids = first.paper_ids + second.paper_ids
        if re.match(r"(?:compare|(?:can|could) you|please)\b", text, re.IGNORECASE):
            return Condensed(f"Compare {joined}.", True, ids)
        bare = re.sub(
            r"\s*\b(?:between )?(?:of )?(?:them|they|the two|these|those|both)\b", "", text
        )
        return Condensed(f"{statement(bare)}: {joined}?", True, ids)
    return None
