"""The papers of a list, count or comparison, as an answer holds them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

SurveyKind = Literal["list", "comparison"]


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper of a list or comparison; ``sentences`` are the places of its own in the answer.

    ``group`` is a phrase that its group's titles and abstracts have, or "Other papers" for those
    that share none; "" where the list is in no groups.
    """

    label: str
    paper_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    sentences: tuple[int, ...]
    group: str = ""

    @property
    def name(self) -> str:
        """The paper as a line names it: 'Title (Ames and Brown, 2021)', with what is known."""
        first = list(self.authors[:2])
        who = f"{first[0]} et al." if len(self.authors) > 2 else " and ".join(first)
        known = ", ".join(filter(None, (who, str(self.year or ""))))
        return f"{self.title} ({known})" if known else self.title


@dataclass(frozen=True, slots=True)
class SurveyCount:
    """The papers of a list, count or comparison, its denominator, and the line that says it.

    ``n_included`` papers belong of ``n_judged`` that were judged one by one, out of ``n_searched``
    abstracts that were searched. ``papers`` are those that the answer's sentences cite.
    """

    heading: str
    n_included: int
    n_judged: int
    n_searched: int
    kind: SurveyKind = "list"
    papers: tuple[ListedPaper, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether it is shown as a table, paper by paper: a comparison of several."""
        return self.kind == "comparison" and len(self.papers) > 1

    @property
    def groups(self) -> tuple[tuple[str, tuple[ListedPaper, ...]], ...]:
        """The papers by the name of their group, in order; one group, "", where there are none."""
        found = itertools.groupby(self.papers, key=lambda paper: paper.group)
        return tuple((name, tuple(papers)) for name, papers in found)
