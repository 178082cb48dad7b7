"""Fragments of questions ("and on code?", "what about LayerSkip?"), completed by what was asked."""

from __future__ import annotations

import re

from assistant.conversation.anaphora import anaphors
from assistant.conversation.names import names_of
from assistant.conversation.subjects import Subject, Talk
from assistant.conversation.turns import Condensed

_PREPOSITION = (
    r"(?:in|on|for|with|by|from|to|at|as|than|after|before|through|over|under|against|without|within"
    r"|compared (?:with|to)|relative to|versus)"
)
_PHRASE = re.compile(
    rf"^{_PREPOSITION}\b(?:(?!,|;|\band (?:is|are|does|do|what|how|which)\b).)+", re.I
)

# "the smaller" asks what was asked of "the larger".
_GRADED = re.compile(r"^the \w+(?P<degree>er|est)$", re.IGNORECASE)


def completed(fragment: str, talk: Talk) -> Condensed:
    """Returns the question before with ``fragment`` in place of its like."""
    previous = statement(talk.last.standalone)
    ids = talk.subject.paper_ids if talk.subject else ()
    bare = fragment.rstrip("?!. ")
    phrase = _PHRASE.match(bare)
    if phrase:
        rest = fragment[phrase.end() :]
        question = _with_phrase(previous, lowered(phrase.group().strip()))
        return Condensed(question + (rest or "?"), True, ids)
    ordinals = [match for match in anaphors(fragment) if match["ordinal"] or match["that_one"]]
    other = talk.referent(ordinals[0]) if ordinals else None
    if other is not None:
        return _of_other(fragment[ordinals[0].end() :], previous, other, talk.subject)
    graded = _GRADED.match(bare)
    like = re.search(rf"\bthe \w+{graded['degree']}\b", previous, re.I) if graded else None
    if graded and like:
        question = f"{previous[: like.start()]}{lowered(graded.group())}{previous[like.end() :]}?"
        return Condensed(question, True, ids)
    # In front of a fragment no capital is that of a beginning.
    names = names_of(f"for {bare}")
    if names and re.search(r"[,;]\s", fragment) is None:
        return Condensed(_with_name(bare, names[0].strong, talk), True)
    if talk.subject is None:
        return Condensed(f"{previous}, {lowered(fragment)}", True)
    return Condensed(f"In {talk.subject.shown}, what about {lowered(bare)}?", True, ids)


def _of_other(rest: str, previous: str, other: Subject, subject: Subject | None) -> Condensed:
    """Returns what is asked of ``other``: the ``rest`` of the turn, or the question before."""
    if any(sign.isalnum() for sign in rest):
        return Condensed(f"In {other.shown}, {lowered(rest.lstrip(' ,'))}", True, other.paper_ids)
    if subject is not None and subject.text in previous:
        asked = previous.replace(subject.text, other.shown)
        return Condensed(f"{asked}?", True, other.paper_ids)
    return Condensed(f"In {other.shown}, {lowered(previous)}?", True, other.paper_ids)


def _with_phrase(previous: str, phrase: str) -> str:
    """Returns ``previous`` with ``phrase`` in place of its phrase of the same preposition."""
    preposition = phrase.split()[0]
    alike = list(
        re.finditer(
            rf"\b{preposition}\b\s(?:(?!\b{_PREPOSITION}\b)[^,;:?])+", previous, re.IGNORECASE
        )
    )
    if not alike:
        return f"{previous} {phrase}"
    place = alike[-1]
    rest = previous[place.end() :].lstrip()
    return f"{previous[: place.start()]}{phrase}{' ' + rest if rest else ''}"


def _with_name(name: str, strong: bool, talk: Talk) -> str:
    """Returns the last question that spoke of a name of this kind, asked of ``name``."""
    subject = talk.subject
    for turn in reversed(talk.history):
        previous = statement(turn.standalone)
        alike = [other for other in names_of(previous) if other.strong == strong]
        told = [o for o in alike if subject is not None and o.text in subject.text]
        if alike:
            old = told[0] if told and strong else alike[-1]
            return f"{previous[: old.start]}{name}{previous[old.end :]}?"
    return f"{statement(talk.last.standalone)} for {name}?"


def statement(question: str) -> str:
    """Returns ``question`` without its mark at the end."""
    return question.rstrip("?!. ")


def lowered(text: str) -> str:
    """Returns ``text`` with a small first letter, unless a name or acronym begins it."""
    word = text.split(maxsplit=1)[0] if text.split() else ""
    kept = word == "I" or any(sign.isupper() for sign in word[1:])
    return text if kept else text[:1].lower() + text[1:]
