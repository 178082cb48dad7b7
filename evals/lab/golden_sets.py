"""The golden sets as they were written, by name, and folds of them that share no paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from assistant_evals.cases.golden_rows import (
    GOLDEN_FOLDER,
    GoldenChat,
    GoldenQuestion,
    parse_row,
    read_rows,
)

QuestionSet = Literal["single", "multi", "rough", "unanswerable", "own_answerability"]


def load_questions(name: QuestionSet, folder: Path = GOLDEN_FOLDER) -> list[GoldenQuestion]:
    """Returns the questions of a golden set in file order.

    Raises:
        GoldenError: a row is not a golden question; the message names file and line.
    """
    rows = read_rows(folder / f"{name}.jsonl")
    return [parse_row(GoldenQuestion, row, place) for place, row in rows]


def load_chats(name: str = "chats") -> list[GoldenChat]:
    """Returns the conversations of a golden set; raises GoldenError as ``load_questions``."""
    rows = read_rows(GOLDEN_FOLDER / f"{name}.jsonl")
    return [parse_row(GoldenChat, row, place) for place, row in rows]


def grouped_folds(groups: Sequence[Sequence[str]], n_folds: int) -> list[int]:
    """Returns a fold number in 0..n_folds - 1 for each of ``groups``, which are lists of papers.

    Groups that share a paper, directly or through others, are in one fold, so that nothing is
    tested on a paper it was trained on. The largest clusters are placed first, each in the fold
    with the fewest members.
    """
    parents: dict[str, str] = {}

    def root(paper: str) -> str:
        while parents.setdefault(paper, paper) != paper:
            paper = parents[paper]
        return paper

    for papers in groups:
        for paper in papers:
            parents[root(paper)] = root(papers[0])
    clusters: dict[str, list[int]] = {}
    for member, papers in enumerate(groups):
        clusters.setdefault(root(papers[0]) if papers else f"none {member}", []).append(member)
    folds = [0] * len(groups)
    sizes = [0] * n_folds
    for members in sorted(clusters.values(), key=len, reverse=True):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(members)
        for member in members:
            folds[member] = smallest
    return folds
