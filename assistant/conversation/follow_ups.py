"""A turn and what was said before -> a question that stands alone, by rule.

A turn that stands alone is returned as it was typed. One that points back ("how large is it?")
gets the title of the paper that it speaks of in front ('In "BEAST: ...", how large is it?'); an
ellipsis ("and on code?") the question before too.
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
from assistant.conversation.cues import drop_link, find_length, find_other_topic, wants_more
from assistant.conversation.mentions import find_mentions
from assistant.conversation.subjects import (
    MAX_NAMED,
    Talk,
    find_asked,
    lower_first,
    split_titles,
)
from assistant.conversation.turns import Condensed, PaperRef, PastTurn
from assistant.text.language import is_english

__all__ = ["Condensed", "PaperRef", "PastTurn", "change_filters", "condense"]

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


def condense(turn: str, history: Sequence[PastTurn]) -> Condensed:
    """Returns ``turn`` as a question that can be asked without ``history``, oldest turn first.

    Raises:
        QuestionError: it points to a label or a place in a list that is not there.
    """
    typed = turn.strip()
    if not history or len(typed) > MAX_CHARACTERS or not any(map(str.isalnum, typed)):
        return Condensed(typed, follows=False)
    standalone = history[-1].standalone
    if not history[-1].complete and wants_more(typed):
        return Condensed(standalone, follows=True, is_sure=True)
    n_sentences = find_length(typed)
    if n_sentences:
        return Condensed(standalone, follows=True, max_sentences=n_sentences, is_sure=True)
    asked = find_other_topic(typed)
    if asked is not None:
        return Condensed(asked, follows=False)
    return _read_by_talk(typed, Talk(history))


def change_filters(
    turn: str, history: Sequence[PastTurn], change: Callable[[str, str], str | None]
) -> Condensed | None:
    """Returns the last question for papers with the filters that ``turn`` asks for instead.

    None where it asks for anything else. ``change`` is ``Assistant.change_filters``. "Which of
    them" are papers of the list before, whatever was asked of one of these since.
    """
    if len(turn) > MAX_CHARACTERS:
        return None
    of_them = any(match["group"] or match["plural"] for match in find_anaphors(turn))
    for past in reversed(history):
        question, titles = split_titles(past)
        if not titles:
            changed = change(turn, question)
            return Condensed(changed, follows=True, is_sure=True) if changed else None
        if not of_them:
            return None
    return None


def _read_by_talk(typed: str, talk: Talk) -> Condensed:
    alone = Condensed(typed, follows=False, is_sure=is_english(typed))
    text = drop_link(typed)
    fragment = _ABOUT.sub("", text, count=1)
    pointers = find_anaphors(text)
    if _OF_THE_ANSWER.fullmatch(text):
        return _read_ellipsis(text, talk)
    if _AND_ABROAD.match(typed):
        return _carry_over(text, talk)
    if not pointers and is_of_library(text):
        return alone
    if fragment != text or is_fragment(text):
        linked = fragment != text or _LINK.match(typed) or _PREPOSITION.match(text)
        whole = is_search(fragment) or (not linked and not pointers and names_subject(text))
        return alone if whole else _complete(typed, fragment, talk)
    if is_verbless(text) or pointers:
        return _carry_over(text, talk)
    if find_mentions(text) or is_search(text) or names_subject(text):
        return alone
    return _carry_over(text, talk)


def _carry_over(text: str, talk: Talk) -> Condensed:
    """Returns the turn with the papers that it points to, or after the question before."""
    papers = _point_to(text, talk)
    if papers:
        return Condensed(find_asked(papers, text), follows=True)
    return Condensed(f"{talk.question} {text}", follows=True)


def _point_to(text: str, talk: Talk) -> list[PaperRef]:
    """Returns the papers that the turn points to, or the one spoken of; none of a long list."""
    pointers = find_anaphors(text)
    papers = talk.find_papers(pointers)
    if not papers and not any(match["label"] or match["ordinal"] for match in pointers):
        papers = [talk.subject] if talk.subject else []
    return papers if len(papers) <= MAX_NAMED else []


def _complete(typed: str, fragment: str, talk: Talk) -> Condensed:
    """Returns ``typed``, whose words without "what about" are ``fragment``, made a question.

    It follows the question before, or is a name in the place of its like.
    """
    pointers = [m for m in find_anaphors(fragment) if m["ordinal"] or m["label"] or m["group"]]
    if pointers:
        rest = fragment[: pointers[0].start()] + fragment[pointers[-1].end() :]
        if count_specific(rest):
            return _carry_over(fragment, talk)
        papers = _point_to(fragment, talk)
        text = _FINDINGS if talk.asks_for_papers else _after(talk.question, fragment)
        if papers:
            return Condensed(find_asked(papers, text), follows=True)
        return _carry_over(_after(talk.question, fragment), talk)
    # After a word no capital is that of a beginning.
    mentions = find_mentions(f"for {fragment}")
    if not mentions or _PREPOSITION.match(fragment):
        return _read_ellipsis(fragment, talk)
    is_name = mentions[0].text == _statement(fragment)
    named = talk.asked_of(mentions[0]) if is_name else None
    return Condensed(named, follows=True) if named else Condensed(typed, follows=False)


def _read_ellipsis(text: str, talk: Talk) -> Condensed:
    """Returns the turn after the question before it, with the paper spoken of."""
    papers = [talk.subject] if talk.subject else []
    return Condensed(find_asked(papers, _after(talk.question, text)), follows=True)


def _after(question: str, text: str) -> str:
    return f"{_statement(question)}, and {lower_first(text)}"


def _statement(question: str) -> str:
    return question.rstrip("?!. ")
