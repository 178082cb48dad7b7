"""What a conversation is about: the papers that its turns spoke of, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from assistant.conversation.content import is_search
from assistant.conversation.mentions import Mention, find_mentions, held_by, title_name
from assistant.conversation.turns import PaperRef, PastTurn

_FRONT = re.compile(r'In ".*?", ')
_PLACES = {"second": 1, "third": 2, "last": -1, "latter": -1}


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


def _split(turn: PastTurn) -> tuple[str, str]:
    """Returns the question of ``turn``, and the titles that ``find_asked`` put in front of it."""
    front = _FRONT.match(turn.standalone)
    return (turn.standalone[front.end() :], front[0]) if front else (turn.standalone, "")


class Talk:
    """The papers that a conversation spoke of so far."""

    def __init__(self, history: Sequence[PastTurn]) -> None:
        """Reads ``history``, oldest turn first; there is one at least."""
        self._history = history
        self._last = history[-1]
        self._known = list(dict.fromkeys(paper for turn in history for paper in turn.papers))
        self.question = _split(self._last)[0]
        """The question before, without the titles in front of it."""

    @cached_property
    def subject(self) -> PaperRef | None:
        """The paper spoken of last, None where nothing tells."""
        return next(filter(None, map(self._subject_of, reversed(self._history))), None)

    @property
    def is_lost(self) -> bool:
        """Whether the last turn was declined and may have spoken of something else."""
        return self._last.abstained and self._subject_of(self._last) is None

    @property
    def group(self) -> list[PaperRef]:
        """What "both" and "which of them" stand for, in order; empty where there are not two."""
        for found in (self._named(self._last), self._listed, self._spoken_of[-2:]):
            if len(found) > 1:
                return found
        return []

    def ordinal(self, which: str) -> PaperRef | None:
        """Returns the paper that "first", "second", "other", "latter" or "last" stands for."""
        scope = self._listed or self._spoken_of
        if which.casefold() == "other":
            scope = [paper for paper in scope if paper != self.subject][-1:]
        place = _PLACES.get(which.casefold(), 0)
        return scope[place] if scope and place < len(scope) else None

    def asked_of(self, name: Mention) -> str | None:
        """Returns the last question that spoke of such a name, asked of ``name`` instead."""
        for turn in reversed(self._history):
            question = _split(turn)[0].rstrip("?!. ")
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
        question, titles = _split(turn)
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
        """The papers of the last answer where papers were asked for."""
        papers = self._last.papers
        listed = len(papers) > 1 and not self._last.abstained and is_search(self.question)
        return list(papers) if listed else []

    def _named(self, turn: PastTurn) -> list[PaperRef]:
        """Returns the known papers that the question names."""
        question, titles = _split(turn)
        found = [paper for paper in self._known if paper.title in titles]
        for mention in find_mentions(question):
            for paper in self._known:
                if held_by(mention.text, title_name(paper.title) or ""):
                    found.append(paper)
        return list(dict.fromkeys(found))
