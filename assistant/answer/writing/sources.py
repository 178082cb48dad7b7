"""What a language model is given to answer from: numbered sentences of the best papers.

Each paper gets a letter, in order, its title the number 0 and its sentences those from 1 on, so
that a label such as a letter and a digit says exactly one sentence, and checking a citation is a
lookup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.accounts import describe_notice
from assistant.answer.readable import ReadablePaper
from assistant.llm.fencing import neutralise
from assistant.types import Paper, SentenceSpan

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """One sentence that a model was shown, and where it stands in its abstract.

    ``span`` is None for a title.
    """

    label: str
    paper: Paper
    span: SentenceSpan | None

    @property
    def text(self) -> str:
        """The sentence as the abstract has it, or the title."""
        if self.span is None:
            return self.paper.title
        return self.paper.abstract[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class ShownSources:
    """The sentences that a model was shown, in the order in which it was shown them.

    ``withheld`` are those of the same papers that it was not shown; they have no labels.
    """

    sentences: tuple[NumberedSentence, ...]
    text: str
    n_papers: int
    withheld: tuple[NumberedSentence, ...] = ()

    def index_labels(self) -> Mapping[str, int]:
        """Returns label -> index in ``sentences``."""
        return {sentence.label: i for i, sentence in enumerate(self.sentences)}


def number_sources(papers: Sequence[ReadablePaper]) -> ShownSources:
    """Returns ``papers``, best first, with a label for every title and sentence.

    Labels run without gaps, whatever sentences were left out.
    """
    sentences: list[NumberedSentence] = []
    blocks: list[str] = []
    withheld: list[NumberedSentence] = []
    for source, letter in zip(papers, _list_letters(), strict=False):
        title = NumberedSentence(f"{letter}0", source.paper, None)
        own = [
            NumberedSentence(f"{letter}{number}", source.paper, span)
            for number, span in enumerate(source.spans, start=1)
        ]
        # A title that is withheld, or made of the abstract, is no sentence that could be cited.
        is_given = source.paper.title_kind == "given"
        is_shown = is_given and source.title == title.text
        sentences += [title, *own] if is_shown else own
        withheld += [NumberedSentence("", source.paper, span) for span in source.withheld]
        label = f"[{title.label}] " if is_shown else ""
        lines = [f"{label}Title: {neutralise(source.title) if is_given else 'none'}"]
        if notice := describe_notice(source.paper.notice):
            lines.append(f"Notice: this paper is {notice}.")
        lines += [f"[{sentence.label}] {neutralise(sentence.text)}" for sentence in own]
        blocks.append("\n".join(lines))
    return ShownSources(tuple(sentences), "\n\n".join(blocks), len(papers), tuple(withheld))


def _list_letters() -> Iterator[str]:
    yield from _LETTERS
    yield from (a + b for a, b in product(_LETTERS, repeat=2))
