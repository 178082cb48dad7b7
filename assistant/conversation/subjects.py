"""What a conversation is about: the papers that its turns spoke of, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from assistant.conversation.anaphora import ORDINALS
from assistant.conversation.content import is_of_library, is_search
from assistant.conversation.mentions import Mention, find_mentions, held_by, title_name
from assistant.conversation.turns import PaperRef, PastTurn
from assistant.errors import QuestionError

_FRONT = re.compile(r'In ".*?", ')
_PLACES = {word: place for place, word in enumerate(ORDINALS)} | {"last": -1, "latter": -1}
_OF_TWO = frozenset({"other", "former", "latter", "previous"})
_COUNTS = {"two": 2, "three": 3, "four": 4}

MAX_NAMED = 6
"""Papers that are named in front of a question; a longer list is asked for again."""


def find_asked(papers: Sequence[PaperRef], question: str) -> str:
    """Returns ``question`` as one about ``papers``, with their titles in front.

    A bare question holds few of its paper's words; with the title it is found, and found likely.
    """
    titles = [f'"{paper.title}"' for paper in papers if paper.title not in question]
    return f"In {' and '.join(titles)}, {lower_first(question)}" if titles else question


def lower_first(text: str) -> str:
    """Returns ``text`` with a small first letter, unless a name or acronym begins it."""
    word = text.split(maxsplit=1)[0]
    kept = word == "I" or any(sign.isupper() for sign in word[1:])
    return text if kept else text[:1].lower() + text[1:]


def split_titles(turn: PastTurn) -> tuple[str, str]:
    """Returns the question of ``turn``, and the titles that ``find_asked`` put in front of it."""
    front = _FRONT.match(turn.standalone)
    return (turn.standalone[front.end() :], front[0]) if front else (turn.standalone, "")


def _asks_for_papers(turn: PastTurn) -> bool:
    question, _ = split_titles(turn)
    return is_search(question) or is_of_library(question)


class Talk:
    """The papers that a conversation spoke of so far."""

    def __init__(self, history: Sequence[PastTurn]) -> None:
        """Reads ``history``, oldest turn first; there is one at least."""
        self._history = history
        self._last = history[-1]
        self._known = list(dict.fromkeys(paper for turn in history for paper in turn.papers))
        self.question = split_titles(self._last)[0]
        """The question before, without the titles in front of it."""

    @cached_property
    def subject(self) -> PaperRef | None:
        """The paper spoken of last, None where nothing tells."""
        return next(filter(None, map(self._subject_of, reversed(self._history))), None)

    @property
    def asks_for_papers(self) -> bool:
        """Whether the last turn asked for papers, not for what a paper says."""
        return _asks_for_papers(self._last)

    def find_papers(self, pointers: Sequence[re.Match[str]]) -> list[PaperRef]:
        """Returns the papers that ``pointers``, as ``find_anaphors`` gives them, stand for.

        A paper is not meant twice: "it" and "the first one" are two where both are said.

        Raises:
            QuestionError: a label or a place in a list is that of no paper.
        """
        found: list[PaperRef] = []
        for pointer in pointers:
            group = self._group(pointer) if pointer["group"] or pointer["plural"] else []
            if group:
                return group
            if pointer["label"]:
                found += self._labelled(int(pointer["label"]))
            elif pointer["ordinal"]:
                found += self._ordinal(pointer["which"].casefold(), found)
            elif not found and self.subject:
                found = [self.subject]
        return list(dict.fromkeys(found))

    def _labelled(self, label: int) -> tuple[PaperRef, ...]:
        """Returns the paper of the last answer that had such a label, one from 1."""
        for turn in reversed(self._history):
            if 0 < label <= len(turn.papers):
                return turn.papers[label - 1 : label]
        raise QuestionError(f"there is no [{label}] above: {self._say_labels()}")

    def _say_labels(self) -> str:
        """Returns which labels the answers above have."""
        n = max(len(turn.papers) for turn in self._history)
        if n < 2:
            return "the only label is [1]" if n else "no answer there has a source"
        return f"the labels are [1] to [{n}]"

    def _group(self, pointer: re.Match[str]) -> list[PaperRef]:
        """Returns what "both", "them" and "the first two" stand for; empty where it is not two."""
        if pointer["plural"]:
            return list(self._last.papers) if self._is_list(self._last) else []
        if pointer["many"]:
            n = _COUNTS[pointer["many"].casefold()]
            scope = self._listed or self._spoken_of
            return scope[-n:] if "last" in pointer.group().casefold() else scope[:n]
        for found in (self._named(self._last), self._listed, self._spoken_of[-2:]):
            if len(found) > 1:
                return found
        return []

    def _ordinal(self, which: str, besides: Sequence[PaperRef]) -> list[PaperRef]:
        """Returns the paper that "first" or "other" stands for, not one of ``besides``."""
        scope = self._listed or self._spoken_of
        if which in _OF_TWO and not self._is_list(self._last):
            scope = self._spoken_of
        if which == "other":
            return [paper for paper in scope if paper != self.subject][-1:]
        number = which.rstrip("dhnrst")
        place = int(number) - 1 if number.isdecimal() else _PLACES.get(which, 0)
        if place >= max(1, len(scope)):
            scope = list(self._last.papers)
        if place >= max(1, len(scope)):
            named = f"paper {which}" if which.isdecimal() else f"{which} one"
            raise QuestionError(f"there is no {named} above: {self._say_labels()}")
        found = scope[place:][:1]
        others = [paper for paper in scope if paper not in besides]
        return others[:1] if set(found) & set(besides) else found

    def asked_of(self, name: Mention) -> str | None:
        """Returns the last question that spoke of such a name, asked of ``name`` instead."""
        for turn in reversed(self._history):
            question = split_titles(turn)[0].rstrip("?!. ")
            alike = [
                mention for mention in find_mentions(question) if mention.strong == name.strong
            ]
            title = self.subject.title if self.subject else ""
            alike = [mention for mention in alike if held_by(mention.text, title)] or alike
            if alike:
                return f"{question[: alike[-1].start]}{name.text}{question[alike[-1].end :]}?"
        return None

    def _subject_of(self, turn: PastTurn) -> PaperRef | None:
        """Returns what ``turn`` was mostly about, None where nothing tells.

        The names in the question tell which of the cited papers it is, else the one cited first
        is. Of a declined turn the titles in front of the question tell.
        """
        question, titles = split_titles(turn)
        carried = [paper for paper in self._known if paper.title in titles]
        if carried:
            return carried[0] if turn.abstained or not turn.papers else turn.papers[0]
        for mention in sorted(find_mentions(question), key=lambda mention: not mention.strong):
            for paper in turn.papers:
                if held_by(mention.text, paper.title):
                    return paper
        return None if turn.abstained or not turn.papers else turn.papers[0]

    @cached_property
    def _spoken_of(self) -> list[PaperRef]:
        """Every paper once, by when it was first spoken of."""
        found: dict[PaperRef, None] = {}
        for turn in self._history:
            subject = self._subject_of(turn)
            found.update(dict.fromkeys([*self._named(turn), *([subject] if subject else [])]))
        return list(found)

    @property
    def _listed(self) -> list[PaperRef]:
        """The papers of the last answer to a question for papers, if these are still spoken of."""
        since: set[PaperRef | None] = set()
        for turn in reversed(self._history):
            if self._is_list(turn):
                return list(turn.papers) if since <= set(turn.papers) else []
            since.add(self._subject_of(turn))
        return []

    def _is_list(self, turn: PastTurn) -> bool:
        return _asks_for_papers(turn) and len(turn.papers) > 1 and not turn.abstained

    def _named(self, turn: PastTurn) -> list[PaperRef]:
        """Returns the known papers that the question names."""
        question, titles = split_titles(turn)
        found = [paper for paper in self._known if paper.title in titles]
        for mention in find_mentions(question):
            for paper in (*self._known, *turn.found):
                if held_by(mention.text, title_name(paper.title) or ""):
                    found.append(paper)
        return list(dict.fromkeys(found))
