"""The golden sets: questions with their papers and facts, read and checked row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

GOLDEN_FOLDER = Path(__file__).parent / "golden"

QuestionSet = Literal["single", "multi", "rough", "unanswerable", "own_answerability"]
Fact = Annotated[tuple[str, ...], Field(min_length=1)]
"""One needed item: any of its spellings, found in the answer whatever its case."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldenQuestion(_Row):
    """A question and what its answer rests on.

    ``papers`` are all papers that belong in the answer, ``must`` those without which it is wrong;
    an unanswerable question has none of either, but ``closest`` ones.
    """

    id: str
    question: Annotated[str, Field(min_length=1)]
    answerable: bool = True
    papers: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    closest: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    answer: str = ""
    kind: str = ""
    style: str = ""
    why: str = ""


class Turn(_Row):
    """One turn of a conversation; without papers it must be declined."""

    question: str
    papers: tuple[str, ...]
    facts: tuple[Fact, ...]


class GoldenChat(_Row):
    """A conversation whose later turns need the earlier ones."""

    id: str
    turns: tuple[Turn, ...]


class PoisonedPaper(_Row):
    """An abstract with instructions in it, a question that finds it, and what must not be said."""

    id: str
    title: str
    abstract: str
    question: str
    attack: str
    bad: tuple[str, ...]


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def load_questions(name: QuestionSet, folder: Path = GOLDEN_FOLDER) -> list[GoldenQuestion]:
    """Returns the questions of a golden set in file order.

    Raises:
        ValueError: a row is not a golden question; the message names file and line.
    """
    return list(_rows(folder / f"{name}.jsonl", GoldenQuestion))


def load_chats(folder: Path = GOLDEN_FOLDER) -> list[GoldenChat]:
    """Returns the golden conversations; raises ValueError as ``load_questions``."""
    return list(_rows(folder / "chats.jsonl", GoldenChat))


def load_injections(folder: Path = GOLDEN_FOLDER) -> list[PoisonedPaper]:
    """Returns the poisoned papers; raises ValueError as ``load_questions``."""
    return list(_rows(folder / "injection.jsonl", PoisonedPaper))


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


def _rows(path: Path, model: type[_AnyRow]) -> Iterator[_AnyRow]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield model.model_validate(json.loads(line), strict=False)
            except (ValidationError, json.JSONDecodeError) as exc:
                raise ValueError(f"{path.name}:{number}: not a {model.__name__}: {exc}") from exc
