"""What a language model is given to answer from: numbered sentences of the best papers.

Each paper gets a letter and each sentence of it a number, so that a label such as a letter and a
digit says exactly one sentence, and checking a citation is a lookup. No label is a word of what is
shown, so that an F1 or an R1 in the text is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.llm.fencing import neutralise
from assistant.types import Paper, SentenceSpan

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LABEL_LIKE = re.compile(r"(?<![^\W_])([A-Z]{1,2})(?=\d{1,3}(?![^\W_]))")


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """A paper that may be shown, with those of its sentences that may be."""

    paper: Paper
    spans: tuple[SentenceSpan, ...]


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """One sentence that a model was shown, and where it stands in its abstract."""

    label: str
    paper: Paper
    span: SentenceSpan

    @property
    def text(self) -> str:
        """The sentence as the abstract has it."""
        return self.paper.abstract[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class ShownSources:
    """The sentences that a model was shown, in the order in which it was shown them."""

    sentences: tuple[NumberedSentence, ...]
    text: str
    n_papers: int

    def index_labels(self) -> Mapping[str, int]:
        """Returns label -> index in ``sentences``."""
        return {sentence.label: i for i, sentence in enumerate(self.sentences)}


def number_sources(papers: Sequence[SourcePaper], question: str = "") -> ShownSources:
    """Returns ``papers``, best first, with a label for every sentence.

    Letters that begin a word like a label in the papers or the question are left out.
    """
    texts = [question, *(t for p in papers for t in (p.paper.title, p.paper.abstract))]
    letters = _list_free_letters(texts)
    sentences: list[NumberedSentence] = []
    blocks: list[str] = []
    for source, letter in zip(papers, letters, strict=False):
        lines = [f"Title: {neutralise(source.paper.title)}"]
        for span in source.spans:
            sentence = NumberedSentence(f"{letter}{span.number}", source.paper, span)
            sentences.append(sentence)
            lines.append(f"[{sentence.label}] {neutralise(sentence.text)}")
        blocks.append("\n".join(lines))
    return ShownSources(tuple(sentences), "\n\n".join(blocks), len(papers))


def _list_free_letters(texts: Iterable[str]) -> Iterator[str]:
    taken = {found for text in texts for found in _LABEL_LIKE.findall(text)}
    letters = (*_LETTERS, *(a + b for a, b in product(_LETTERS, repeat=2)))
    return (letter for letter in letters if letter not in taken)
