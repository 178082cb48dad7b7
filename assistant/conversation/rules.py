"""A turn and what was said before -> a question that stands alone, by rule.

A turn that stands alone is returned as it was typed. Otherwise what it points to is put in its
place: the system or paper spoken of, and of an ellipsis ("and on code?") the question before. The
attribute asked for before is never carried into a turn that asks for its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation.anaphora import anaphors
from assistant.conversation.bare_turns import Bare, bare_kind, compared
from assistant.conversation.completion import completed, lowered, statement
from assistant.conversation.content import (
    compares_value,
    is_bare_wh,
    is_fragment,
    leans_on_the_paper,
    n_specific,
    searches,
)
from assistant.conversation.cues import clear
from assistant.conversation.names import names_of
from assistant.conversation.other_languages import is_foreign, points_back_abroad
from assistant.conversation.pointing import joined, resolved
from assistant.conversation.subjects import Talk
from assistant.conversation.turns import Condensed, PaperRef, Turn

__all__ = ["Condensed", "PaperRef", "Turn", "Weigh", "condense"]

Weigh = Callable[[str], float]
"""How likely the library answers a question, [0, 1]; higher is more likely."""

MIN_SPECIFIC = 2
"""Terms that a question without names must have of its own to stand alone."""

MAX_CHARACTERS = 500
"""A longer turn says by itself what it is about."""

_ABOUT = re.compile(r"(?:what|how) about\s+", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"(?:(?:what|how) about )?the (?:\w+ )?(?:one|paper|work|study|model|method|system)s? "
    r"(?:that|which|who|with|without|on|about|by|from|for|called|where|in)\b",
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
    typed = turn.strip()
    if not history or len(typed) > MAX_CHARACTERS or not any(map(str.isalnum, typed)):
        return Condensed(typed, follows=False)
    readings = _readings(typed, history)
    if weigh is None or len(readings) == 1:
        return readings[0]
    return max(readings, key=lambda reading: weigh(reading.question))


def _readings(typed: str, history: Sequence[Turn]) -> list[Condensed]:
    """Returns what the turn may mean, likeliest first by its words."""
    cleared = clear(typed)
    text = cleared.text
    if cleared.changes:
        return [Condensed(text, follows=False)]
    alone = Condensed(text if cleared.aside else typed, follows=False)
    talk = Talk(history)
    kind = bare_kind(text)
    if kind is not None:
        return [_without_content(kind, text, talk)]
    if is_foreign(text):
        bare = n_specific(text) < MIN_SPECIFIC and not names_of(text)
        return _before(text, talk) if points_back_abroad(text) or bare else [alone]
    if compares_value(text):
        ids = talk.subject.paper_ids if talk.subject else ()
        return [Condensed(f"{statement(talk.last.standalone)}, and {lowered(text)}", True, ids)]
    asked = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    if _DESCRIBED.match(text):
        return [Condensed(asked, follows=False)]
    if asked != text or is_fragment(text):
        return [completed(asked, talk)]
    if is_bare_wh(text) or anaphors(text) or leans_on_the_paper(text):
        return _carried(text, talk)
    if names_of(text) or searches(text):
        return [alone]
    carried = _carried(text, talk)
    specific = n_specific(text)
    if specific < MIN_SPECIFIC:
        return [*carried, alone] if specific else carried
    return [alone, *carried]


def _carried(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn with what it points to in place."""
    carried = [resolved(text, talk, talk.subject)] if talk.subject else []
    return carried + _joined(text, talk)


def _before(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn with the subject in front, which does in any language."""
    subject = talk.subject
    carried = [Condensed(f"{subject.shown}: {text}", True, subject.paper_ids)] if subject else []
    return carried + _joined(text, talk)


def _joined(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn after the question before it, where that says better what it is about.

    What a declined turn spoke of is known by its words alone.
    """
    needed = talk.lost or talk.subject is None
    return [Condensed(f"{talk.last.standalone} {text}", True)] if needed else []


def _without_content(kind: Bare, text: str, talk: Talk) -> Condensed:
    """Returns a turn without content of its own, completed."""
    previous = statement(talk.last.standalone)
    subject = talk.subject
    ids = subject.paper_ids if subject else ()
    if kind == "more" and subject:
        return Condensed(f"Tell me about {subject.shown}", True, ids)
    if kind == "why":
        word = re.split(r"\W", text, maxsplit=1)[0].lower()
        return Condensed(f"{previous}, and {word}?", True, ids)
    if kind == "others":
        return Condensed(f"Which other papers are there on this: {previous}?", True)
    if kind == "compare" and talk.group:
        ids = tuple(paper_id for s in talk.group for paper_id in s.paper_ids)
        return Condensed(compared(text, joined(talk.group)), True, ids)
    if kind == "compare" and subject:
        return resolved(text, talk, subject)
    return Condensed(f"{previous}?", True, ids)
