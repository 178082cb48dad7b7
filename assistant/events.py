"""What happens while an answer is made, in the order in which it happens.

``Retrieved`` comes first and ``Done`` last; its answer is the one that ``ask`` returns. Where an
LLM reads the papers of a list, ``ReadingLimited`` and ``Progressed`` (several) tell of it.
Sentences come one by one: ``SentenceStarted``, ``TextAdded`` (several), ``Cited`` (several),
``Checked``. What fails the check may be rewritten or dropped afterwards: ``Replaced``.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Answer
from assistant.surveys import ReadingCost
from assistant.types import Citation, Mode, Sentence, Source


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Papers were found; ``answerability`` in [0, 1] is how likely they hold the answer."""

    standalone_question: str
    sources: tuple[Source, ...]
    answerability: float


@dataclass(frozen=True, slots=True)
class SentenceStarted:
    """Sentence ``index``, counted from 0, begins: a quotation, or in an LLM's words."""

    index: int
    mode: Mode = "extractive"


@dataclass(frozen=True, slots=True)
class TextAdded:
    """More text of sentence ``index``; its pieces, joined, are the sentence."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Sentence ``index`` rests on this quote."""

    index: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Checked:
    """Sentence ``index`` is complete and was checked."""

    index: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Replaced:
    """Sentence ``index`` is taken back: rewritten, or dropped where ``sentence`` is None."""

    index: int
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class SearchedAgain:
    """The LLM found no whole answer and gave ``queries``; ``sources`` are all papers it has now.

    What it wrote before is taken back, where it now writes a better answer.
    """

    queries: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def line(self) -> str:
        """What a person is told: 'looked again for ...'."""
        return f"looked again for {', '.join(f'“{query}”' for query in self.queries)}"


@dataclass(frozen=True, slots=True)
class ReadingLimited:
    """An LLM is about to read ``n_papers``; for the ``rest`` it needs the option ``read_all``."""

    n_papers: int
    rest: ReadingCost


@dataclass(frozen=True, slots=True)
class Progressed:
    """So many of ``n_total`` are done; ``what`` says what, as 'abstracts read'."""

    n_done: int
    n_total: int
    what: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that a person should know, a sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer."""

    answer: Answer


Event = (
    Retrieved
    | ReadingLimited
    | Progressed
    | SentenceStarted
    | TextAdded
    | Cited
    | Checked
    | Replaced
    | SearchedAgain
    | Noticed
    | Done
)
