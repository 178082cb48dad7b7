"""Fragments of questions ("and on code?", "what about LayerSkip?"), completed by what was asked."""

from __future__ import annotations

import re

from assistant.conversation.anaphora import anaphors
from assistant.conversation.names import Name, names_of
from assistant.conversation.subjects import Subject, Talk, with_context
from assistant.conversation.turns import Condensed

_PREPOSITION = (
    r"(?:in|on|for|with|by|from|to|at|as|than|after|before|through|over|under|against|without"
    r"|within|compared (?:with|to)|relative to|versus)"
)
_PHRASE = re.compile(
    rf"{_PREPOSITION}\b(?:(?!,|;|\band (?:is|are|does|do|what|how|which)\b).)+", re.IGNORECASE
)
# "the smaller" asks what was asked of "the larger".
_GRADED = re.compile(r"the \w+(?P<degree>er|est)", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"\w+(?:ish|ese|ian|ean)|german|french|dutch|greek|thai|hindi|welsh|czech|arabic|icelandic"
    r"|basque|catalan|swahili|tamil|hebrew|urdu|bengali",
    re.IGNORECASE,
)


def completed(fragment: str, talk: Talk) -> Condensed:
    """Returns the question before with ``fragment`` in place of its like."""
    previous = statement(talk.last.standalone)
    ids = talk.subject.paper_ids if talk.subject else ()
    bare = statement(fragment)
    phrase = _PHRASE.match(bare)
    if phrase:
        question = _with_phrase(previous, lowered(phrase.group().strip()))
        return Condensed(question + (fragment[phrase.end() :] or "?"), True, ids)
    ordinals = [match for match in anaphors(fragment) if match["ordinal"] or match["that_one"]]
    other = talk.referent(ordinals[0]) if ordinals else None
    if other is not None:
        return _of_other(fragment[ordinals[0].end() :], previous, other, talk.subject)
    graded = _GRADED.fullmatch(bare)
    like = re.search(rf"\bthe \w+{graded['degree']}\b", previous, re.I) if graded else None
    if like:
        question = f"{previous[: like.start()]}{lowered(bare)}{previous[like.end() :]}?"
        return Condensed(question, True, ids)
    # After a word no capital is that of a beginning.
    names = names_of(f"for {bare}")
    if names and re.search(r"[,;]\s", fragment) is None:
        return _of_name(bare, names[0], talk)
    if talk.subject is None:
        return Condensed(f"{previous}, {lowered(fragment)}", True)
    question = f"In {talk.subject.shown}, what about {lowered(bare)}?"
    return Condensed(with_context(question, talk.subject), True, ids)


def _of_other(rest: str, previous: str, other: Subject, subject: Subject | None) -> Condensed:
    """Returns what is asked of ``other``: the ``rest`` of the turn, or the question before."""
    if any(sign.isalnum() for sign in rest):
        question = about(rest.lstrip(" ,"), other)
    elif subject is not None and subject.text in previous:
        question = f"{previous.replace(subject.text, other.shown)}?"
    else:
        question = about(f"{previous}?", other)
    return Condensed(with_context(question, other), True, other.paper_ids)


def _with_phrase(previous: str, phrase: str) -> str:
    """Returns ``previous`` with ``phrase`` in place of its phrase of the same preposition."""
    preposition = phrase.split()[0]
    alike = rf"\b{preposition}\b\s(?:(?!\b{_PREPOSITION}\b)[^,;:?])+"
    places = list(re.finditer(alike, previous, re.IGNORECASE))
    if not places:
        return f"{previous} {phrase}"
    rest = previous[places[-1].end() :].lstrip()
    return f"{previous[: places[-1].start()]}{phrase}{' ' + rest if rest else ''}"


def _of_name(fragment: str, name: Name, talk: Talk) -> Condensed:
    """Returns the last question that spoke of such a name, asked of this one.

    A language takes the place of a language, another name that of what was spoken of.
    """
    is_language = bool(_LANGUAGE.fullmatch(name.text))
    subject = talk.subject.text if talk.subject else ""
    for turn in reversed(talk.history):
        previous = statement(turn.standalone)
        alike = [n for n in names_of(previous) if bool(_LANGUAGE.fullmatch(n.text)) == is_language]
        told = [other for other in alike if other.text in subject]
        like = told or [other for other in alike if other.strong == name.strong]
        if like:
            question = f"{previous[: like[-1].start]}{fragment}{previous[like[-1].end :]}?"
            return Condensed(question, True)
    if is_language or not name.strong:
        return Condensed(f"{statement(talk.last.standalone)} for {fragment}?", True)
    return Condensed(f"What about {fragment}?", False)


def about(question: str, subject: Subject) -> str:
    """Returns ``question`` with its subject named in front."""
    return f"In {subject.shown}, {lowered(question)}"


def statement(question: str) -> str:
    """Returns ``question`` without its mark at the end."""
    return question.rstrip("?!. ")


def lowered(text: str) -> str:
    """Returns ``text`` with a small first letter, unless a name or acronym begins it."""
    word = text.split(maxsplit=1)[0] if text.split() else ""
    kept = word == "I" or any(sign.isupper() for sign in word[1:])
    return text if kept else text[:1].lower() + text[1:]
