"""What a conversation is about: the papers and systems that its turns spoke of, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.conversation.content import searches
from assistant.conversation.names import Name, held_by, names_of, title_name
from assistant.conversation.turns import PaperRef, Turn

MAX_GROUP = 4
"""Papers that are named in place of "them"."""

_QUOTED = re.compile(r'"([^"]{3,300})"')
_AND = re.compile(r"\s*(?:,|,? and|,? or|vs\.?|versus|&|with|to|than)\s+(?:the\s+)?", re.IGNORECASE)
_AGAINST = re.compile(r"\bcompared? (?:with|to|against)\s+$", re.IGNORECASE)
_ASKED_OF = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|of|about)\s+"
    r"(?:(?:the|an?)\s+)?$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:which|what|list|name|find|any|are there)\b[^?]*\b(?:papers|works|studies|models|methods|"
    r"approaches|systems|articles|datasets|benchmarks|frameworks|two|both)\b",
    re.IGNORECASE,
)
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a turn spoke of: a name, or a paper's title where the paper names nothing.

    ``paper_ids`` are the papers known to be meant, perhaps none, and ``title`` is that of the
    first.
    """

    text: str
    paper_ids: tuple[str, ...] = ()
    is_title: bool = False
    title: str = ""

    @property
    def shown(self) -> str:
        """The subject as it stands in a question; titles in quotation marks."""
        return f'"{self.text}"' if self.is_title else self.text


def subject_of_paper(paper: PaperRef) -> Subject:
    """Returns the paper's name for its system, or its title."""
    name = title_name(paper.title)
    return Subject(name or paper.title, (paper.paper_id,), name is None, paper.title)


def with_context(question: str, subject: Subject) -> str:
    """Returns ``question`` with the title of the paper that it is about, unless that is in it.

    A bare question holds few of its paper's words; with the title it is found, and found likely.
    """
    known = not subject.title or subject.title in question
    return question if known else f"{question} ({subject.title})"


def without_context(turn: Turn, papers: Sequence[PaperRef]) -> Turn:
    """Returns ``turn`` with its question as it was before ``with_context``."""
    bare = turn.standalone
    for paper in papers:
        bare = bare.removesuffix(f" ({paper.title})")
    return replace(turn, standalone=bare)


def main_subject(turn: Turn) -> Subject | None:
    """Returns what ``turn`` was mostly about, None where nothing tells.

    The question's names tell which of the cited papers it is, unless it searched for one: then the
    paper cited first is its answer. Of a turn without an answer nothing is told but by its names.
    """
    quoted = _QUOTED.search(turn.standalone)
    if quoted is not None:
        ids = tuple(p.paper_id for p in turn.papers if p.title == quoted.group(1))
        return Subject(quoted.group(1), ids, is_title=True, title=quoted.group(1))
    names = sorted(names_of(turn.standalone), key=lambda name: not name.strong)
    searched = searches(turn.standalone)
    if not searched:
        for titles in (_names_of_titles(turn.papers), [(p, p.title) for p in turn.papers]):
            for name in names:
                for paper, title in titles:
                    if held_by(name.text, title):
                        return _named(name, paper)
    asked_of = [
        name for name in names if name.strong and _ASKED_OF.search(turn.standalone[: name.start])
    ]
    if turn.abstained or not turn.papers:
        return Subject(asked_of[0].text) if asked_of else None
    subject = subject_of_paper(turn.papers[0])
    weak = subject.is_title or (" " in subject.text and not any(map(_inner, subject.text.split())))
    if weak and not searched and asked_of:
        return Subject(asked_of[0].text, subject.paper_ids, title=subject.title)
    return subject


def _inner(word: str) -> bool:
    """Whether a word is a made-up name: capitals or digits inside."""
    return any(sign.isupper() or sign.isdigit() for sign in word[1:])


def _names_of_titles(papers: Sequence[PaperRef]) -> list[tuple[PaperRef, str]]:
    return [(paper, name) for paper in papers if (name := title_name(paper.title))]


def _named(name: Name, paper: PaperRef) -> Subject:
    subject = subject_of_paper(paper)
    if subject.is_title and name.strong:
        return Subject(name.text, subject.paper_ids, title=paper.title)
    return subject


class Talk:
    """The subjects of a conversation so far."""

    def __init__(self, history: Sequence[Turn]) -> None:
        papers = [paper for turn in history for paper in turn.papers]
        self.history = [without_context(turn, papers) for turn in history]
        self.last = self.history[-1]
        self._latest, self.subject = self._find_subject()

    def _find_subject(self) -> tuple[Turn | None, Subject | None]:
        """Returns the turn that told last what the talk is about, and what it told."""
        for place in range(len(self.history) - 1, -1, -1):
            turn = self.history[place]
            subject = main_subject(turn)
            if turn.abstained and subject is not None and place:
                # What was declined may be about anything but what was spoken of before.
                before = map(main_subject, self.history[:place])
                known = subject.paper_ids or any(b and b.text == subject.text for b in before)
                subject = subject if known else None
            if subject is not None:
                return turn, subject
        return None, None

    @property
    def lost(self) -> bool:
        """Whether the last turn was declined and spoke of something of its own."""
        return self.last.abstained and self._latest is not self.last

    @cached_property
    def _subjects(self) -> list[Subject]:
        """Returns every subject once, by when it was first spoken of."""
        found: dict[str, Subject] = {}
        for turn in self.history:
            for subject in (*self._coordinated(turn), main_subject(turn)):
                if subject is not None:
                    found.setdefault(subject.text.casefold(), subject)
        return list(found.values())

    @cached_property
    def group(self) -> tuple[Subject, ...]:
        """What "both" and "which of them" stand for, in order; empty where there are not two."""
        listed = [subject_of_paper(paper) for paper in self.last.papers]
        named = self._coordinated(self.last)
        for found in (named, self._listed, self._subjects[-2:], listed):
            if len(found) >= 2:
                return tuple(found[:MAX_GROUP])
        return ()

    def referent(self, match: re.Match[str]) -> Subject | None:
        """Returns the subject that an ordinal or "that one" stands for."""
        return self.ordinal(match["which"]) if match["ordinal"] else self.subject

    def ordinal(self, which: str) -> Subject | None:
        """Returns the subject that "first", "second", "other", "latter" or "last" stands for."""
        which = which.casefold()
        if which == "previous":
            return self.subject
        if which in ("former", "latter") and self.group:
            return self.group[0 if which == "former" else -1]
        if which == "other":
            scope = self._listed or self._subjects
            others = [s for s in scope if self.subject is None or s.text != self.subject.text]
            return others[-1] if others else None
        scope = self._listed or self._subjects
        place = len(scope) - 1 if which in ("last", "latter") else _PLACES.get(which, 0)
        if place >= len(scope):
            scope = [subject_of_paper(paper) for paper in self.last.papers]
        return scope[place] if 0 <= place < len(scope) else None

    @cached_property
    def _listed(self) -> list[Subject]:
        """Returns the papers of the last answer where a list of papers was asked for."""
        last = self.last
        if last.abstained or len(last.papers) < 2 or not _SEVERAL.search(last.standalone):
            return []
        return [subject_of_paper(paper) for paper in last.papers]

    def _coordinated(self, turn: Turn) -> list[Subject]:
        """Returns the question's names that name papers, or stand side by side ("X and Y")."""
        text = turn.standalone
        papers = [paper for turn in self.history for paper in turn.papers]
        names = names_of(text)
        found: list[Subject] = []
        for place, name in enumerate(names):
            holder = next(
                (p for p in papers if held_by(name.text, title_name(p.title) or "")), None
            )
            near = [*names[max(place - 1, 0) : place], *names[place + 1 : place + 2]]
            between = (text[min(name.end, o.end) : max(name.start, o.start)] for o in near)
            beside = any(_AND.fullmatch(words) for words in between)
            if holder is not None:
                found.append(subject_of_paper(holder))
            elif _AGAINST.search(text[: name.start]) or (
                beside and name.strong and not searches(text)
            ):
                found.append(Subject(name.text))
        return list({subject.text.casefold(): subject for subject in found}.values())
