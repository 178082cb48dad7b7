"""The papers of a list, count or comparison, as an answer holds them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.accounts import describe_notice
from assistant.types import PaperNotice, Sentence

SurveyKind = Literal["list", "comparison"]


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper of a list or comparison; ``sentences`` are the places of its own in the answer.

    ``group`` is a phrase that its group's titles and abstracts have, or "Other papers" for those
    that share none; "" where the list is in no groups. ``notice`` is the paper's.
    """

    label: str
    paper_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    sentences: tuple[int, ...]
    group: str = ""
    notice: PaperNotice | None = None

    @property
    def name(self) -> str:
        """The paper as a line names it: 'Title (Ames and Brown, 2021)', with what is known."""
        first = list(self.authors[:2])
        who = f"{first[0]} et al." if len(self.authors) > 2 else " and ".join(first)
        known = ", ".join(filter(None, (who, str(self.year or ""), describe_notice(self.notice))))
        return f"{self.title} ({known})" if known else self.title


@dataclass(frozen=True, slots=True)
class ReadingCost:
    """What it would take an LLM to read ``n_papers``, estimated.

    ``n_tokens`` are those of prompts and replies; ``cost_usd`` is None where no price is known.
    """

    n_papers: int
    n_tokens: int
    cost_usd: float | None

    def __str__(self) -> str:
        """Returns 'about 410,000 tokens, about 0.12 USD', without the price where none is known."""
        said = f"about {round(self.n_tokens, -3) or self.n_tokens:,} tokens"
        return said if self.cost_usd is None else f"{said}, about {self.cost_usd:.2f} USD"


@dataclass(frozen=True, slots=True)
class SurveyCount:
    """The papers of a list, count or comparison, its denominator, and the line that says it.

    ``n_included`` papers belong of ``n_judged`` that were judged one by one, out of ``n_searched``
    abstracts that were searched; ``n_read`` of them an LLM read, the others were judged by words.
    ``unread`` are papers that the LLM was not let read for the tokens that they take, None where
    there are none. ``papers`` are those that the answer's sentences cite.
    """

    heading: str
    n_included: int
    n_judged: int
    n_searched: int
    kind: SurveyKind = "list"
    papers: tuple[ListedPaper, ...] = ()
    n_read: int = 0
    unread: ReadingCost | None = None

    @property
    def is_table(self) -> bool:
        """Whether it is shown as a table, paper by paper.

        A comparison of several is, and a list of several that an LLM read, unless it is grouped.
        """
        is_grouped = any(paper.group for paper in self.papers)
        by_paper = self.kind == "comparison" or (self.n_read > 0 and not is_grouped)
        return by_paper and len(self.papers) > 1

    @property
    def groups(self) -> tuple[tuple[str, tuple[ListedPaper, ...]], ...]:
        """The papers by the name of their group, in order; one group, "", where there are none."""
        found = itertools.groupby(self.papers, key=lambda paper: paper.group)
        return tuple((name, tuple(papers)) for name, papers in found)


def is_quotation(sentence: Sentence) -> bool:
    """Returns whether ``sentence`` is a sentence of a paper, word for word."""
    return any(sentence.text == citation.quote for citation in sentence.citations)


def lay_out_table(
    survey: SurveyCount, sentences: Sequence[Sentence]
) -> tuple[tuple[str, ...], list[tuple[ListedPaper, list[list[Sentence]]]]]:
    """Returns the columns of a table of papers, and for each the sentences of its cells.

    The first column is the paper's name, the last what it says. What was asked of each paper
    besides is in an LLM's words, and has a column between them where there is any.
    """
    said = [(one, [sentences[place] for place in one.sentences]) for one in survey.papers]
    if not survey.n_read or all(is_quotation(s) for _, own in said for s in own):
        return ("Paper", "What it says"), [(one, [own]) for one, own in said]
    rows = [
        (one, [[s for s in own if not is_quotation(s)], list(filter(is_quotation, own))])
        for one, own in said
    ]
    return ("Paper", "Detail", "Quote"), rows
