"""A paper as a language model may read it: without the sentences that order their reader about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.injection import flag_instructions, show_title
from assistant.types import Paper, SentenceSpan


@dataclass(frozen=True, slots=True)
class ReadablePaper:
    """A paper with those of its sentences that may be shown and quoted.

    ``withheld`` are the others: what is written may be checked against them, and they are named.
    """

    paper: Paper
    spans: tuple[SentenceSpan, ...]
    withheld: tuple[SentenceSpan, ...] = ()

    @property
    def title(self) -> str:
        """The title as it may be shown; a stand-in where it reads like an order."""
        return show_title(self.paper)

    def quote(self, span: SentenceSpan) -> str:
        """Returns a sentence as the abstract has it."""
        return self.paper.abstract[span.start : span.end]

    def find(self, number: int | None) -> SentenceSpan | None:
        """Returns the sentence of that number; None where there is none to be shown."""
        return next((span for span in self.spans if span.number == number), None)


def make_readable(paper: Paper, spans: Sequence[SentenceSpan]) -> ReadablePaper | None:
    """Returns ``paper`` without the sentences that are instructions to their reader.

    ``spans`` are all sentences of its abstract. None where no other is left.
    """
    flags = flag_instructions(paper.abstract, [(span.start, span.end) for span in spans])
    kept = tuple(span for span, flagged in zip(spans, flags, strict=True) if not flagged)
    withheld = tuple(span for span in spans if span not in kept)
    return ReadablePaper(paper, kept, withheld) if kept else None
