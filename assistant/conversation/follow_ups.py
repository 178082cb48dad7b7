"""A turn and what was said before -> a question that stands alone, by rule.

A turn that stands alone is returned as it was typed. One that points back ("how large is it?")
gets the title of the paper that it speaks of in front ('In "BEAST: ...", how large is it?'); an
ellipsis ("and on code?") the question before too. Doubts are settled by the library: that reading
is taken which it likelier answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation.anaphora import find_anaphors
from assistant.conversation.content import (
    ASKS_AGAIN,
    PREPOSITIONS,
    count_specific,
    is_fragment,
    is_of_library,
    is_search,
    is_verbless,
    names_subject,
)
from assistant.conversation.cues import drop_link, find_length, find_other_topic
from assistant.conversation.mentions import find_mentions
from assistant.conversation.subjects import MAX_NAMED, Talk, find_asked, lower_first
from assistant.conversation.turns import Condensed, PaperRef, PastTurn
from assistant.text.language import is_english

__all__ = ["Condensed", "PaperRef", "PastTurn", "Weigh", "condense", "read_surely"]

Weigh = Callable[[str], float]
"""How likely the library answers a question, [0, 1]; higher is more likely."""

MAX_CHARACTERS = 500
"""A longer turn says by itself what it is about."""

_ABOUT = re.compile(r"(?:what|how) about\s+", re.IGNORECASE)
_PREPOSITION = re.compile(rf"(?:{PREPOSITIONS})\b", re.IGNORECASE)
_FINDINGS = "what is found?"
"""What is asked of a paper that a turn picks from a list and asks nothing of."""

_LINK = re.compile(r"\W*(?:and|but|or)\b", re.IGNORECASE)
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
    n_sentences = find_length(typed)
    if n_sentences:
        return Condensed(history[-1].standalone, follows=True, max_sentences=n_sentences)
    readings = _list_readings(typed, history)
    if weigh is None or len(readings) == 1:
        return readings[0]
    return max(readings, key=lambda reading: weigh(reading.question))


def read_surely(turn: str, history: Sequence[PastTurn]) -> Condensed | None:
    """Returns ``turn`` where the rules leave no doubt that it is asked as typed, or shorter.

    It is then left to no LLM, which may carry over what is not meant.
    """
    typed = turn.strip()
    if len(typed) > MAX_CHARACTERS or not is_english(typed):
        return None
    if not find_length(typed):
        readings = _list_readings(typed, history)
        if len(readings) > 1 or readings[0].question != typed:
            return None
    return condense(typed, history)


def _list_readings(typed: str, history: Sequence[PastTurn]) -> list[Condensed]:
    """Returns what the turn may mean, likeliest first by its words."""
    asked = find_other_topic(typed)
    if asked is not None:
        return [Condensed(asked, follows=False)]
    alone = Condensed(typed, follows=False)
    talk = Talk(history)
    text = drop_link(typed)
    fragment = _ABOUT.sub("", text, count=1)
    pointers = find_anaphors(text)
    if _OF_THE_ANSWER.fullmatch(text):
        return [_read_ellipsis(text, talk)]
    if _AND_ABROAD.match(typed):
        return _carry_over(text, talk)
    if not pointers and is_of_library(text):
        return [alone]
    if fragment != text or is_fragment(text):
        linked = fragment != text or _LINK.match(typed) or _PREPOSITION.match(text)
        whole = is_search(fragment) or (not linked and not pointers and names_subject(text))
        return [alone] if whole else _complete(alone, fragment, talk)
    if is_verbless(text) or pointers:
        return _carry_over(text, talk)
    if find_mentions(text) or is_search(text) or names_subject(text):
        return [alone]
    return [*_carry_over(text, talk), *([alone] if count_specific(text) else [])]


def _carry_over(text: str, talk: Talk) -> list[Condensed]:
    """Returns the turn with the papers that it points to.

    What a declined turn spoke of is known by its words alone: then these may be what is meant.
    """
    papers = _point_to(text, talk)
    named = Condensed(find_asked(papers, text), True, _ids(papers))
    joined = Condensed(f"{talk.question} {text}", follows=True)
    return [named, joined] if papers and talk.is_lost else [named if papers else joined]


def _point_to(text: str, talk: Talk) -> list[PaperRef]:
    """Returns the papers that the turn points to, or the one spoken of; none of a long list."""
    pointers = find_anaphors(text)
    papers = talk.find_papers(pointers)
    if not papers and not any(match["label"] or match["ordinal"] for match in pointers):
        papers = [talk.subject] if talk.subject else []
    return papers if len(papers) <= MAX_NAMED else []


def _complete(alone: Condensed, fragment: str, talk: Talk) -> list[Condensed]:
    """Returns a fragment after the question before, or a name in place of its like."""
    pointers = [m for m in find_anaphors(fragment) if m["ordinal"] or m["label"] or m["group"]]
    if pointers:
        rest = fragment[: pointers[0].start()] + fragment[pointers[-1].end() :]
        if count_specific(rest):
            return _carry_over(fragment, talk)
        papers = _point_to(fragment, talk)
        text = _FINDINGS if talk.asks_for_papers else _after(talk.question, fragment)
        if papers:
            return [Condensed(find_asked(papers, text), True, _ids(papers))]
        return _carry_over(_after(talk.question, fragment), talk)
    elliptic = _read_ellipsis(fragment, talk)
    # After a word no capital is that of a beginning.
    mentions = find_mentions(f"for {fragment}")
    if not mentions or _PREPOSITION.match(fragment):
        return [elliptic]
    if mentions[0].text == _statement(fragment) and (question := talk.asked_of(mentions[0])):
        return [Condensed(question, follows=True)]
    return [alone, elliptic]


def _read_ellipsis(text: str, talk: Talk) -> Condensed:
    """Returns the turn after the question before it, with the paper spoken of."""
    papers = [talk.subject] if talk.subject else []
    return Condensed(find_asked(papers, _after(talk.question, text)), True, _ids(papers))


def _after(question: str, text: str) -> str:
    return f"{_statement(question)}, and {lower_first(text)}"


def _ids(papers: Sequence[PaperRef]) -> tuple[str, ...]:
    return tuple(paper.paper_id for paper in papers if paper.paper_id)


def _statement(question: str) -> str:
    return question.rstrip("?!. ")
