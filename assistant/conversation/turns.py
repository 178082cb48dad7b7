"""What is remembered of a conversation: its turns, and what a new turn is read as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper that an answer cited."""

    paper_id: str
    title: str


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One turn that is over.

    ``question`` is as typed and ``standalone`` as asked; ``papers`` are those cited, in reading
    order, or the closest where the answer was declined; ``text`` is the answer without labels.
    ``found`` are papers that it had besides. ``complete`` is False where the answer was stopped or
    broke off.
    """

    question: str
    standalone: str
    papers: tuple[PaperRef, ...] = ()
    abstained: bool = False
    text: str = ""
    found: tuple[PaperRef, ...] = ()
    complete: bool = True

    @property
    def is_cited(self) -> bool:
        """Whether the answer has sentences of papers, which can be put in other words."""
        return bool(self.text and self.papers) and not self.abstained


@dataclass(frozen=True, slots=True)
class Condensed:
    """A turn as it is asked.

    ``follows`` says that something of the history was carried into ``question``,
    ``max_sentences`` how much is wanted. ``is_sure`` says that it is left to no LLM, which may
    carry over what is not meant.
    """

    question: str
    follows: bool
    max_sentences: int | None = None
    is_sure: bool = False
