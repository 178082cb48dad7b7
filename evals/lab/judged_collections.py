"""Collections to search in: papers, queries and which papers are right for each query."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant_evals.cases.golden_rows import GoldenQuestion
from assistant_evals.lab.flat_library import papers_of, read_rows, renamed_like
from assistant_evals.lab.golden_sets import load_questions

from assistant.types import Paper


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, and the grade of each right paper, > 0."""

    text: str
    gains: dict[str, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers and the queries that are asked of them."""

    name: str
    papers: tuple[Paper, ...]
    queries: tuple[Query, ...]


def golden_collections(library: str, papers: Sequence[Paper]) -> list[Collection]:
    """Returns the golden questions about ``papers`` by kind: named, described, multi and rough."""
    single = load_questions("single")
    kinds = {
        "named": [q for q in single if q.style == "named"],
        "described": [q for q in single if q.style == "described"],
        "multi": load_questions("multi"),
        "rough": load_questions("rough"),
    }
    return [
        Collection(f"{library} {kind}", tuple(papers), tuple(map(_golden_query, questions)))
        for kind, questions in kinds.items()
    ]


def measured_papers(starter: Path, feed: Path) -> dict[str, list[Paper]]:
    """Returns the papers of the starter library and those of the feed, under the same ids."""
    papers = papers_of(starter)
    return {"starter": papers, "feed": renamed_like(papers_of(feed), papers)}


def beir_collection(folder: Path, n_unjudged: int | None = None, seed: int = 1) -> Collection:
    """Returns the collection in a folder of BEIR's form, its queries those with a right paper.

    With ``n_unjudged``, only so many of the papers that are right for no query are kept.
    """
    gains: dict[str, dict[str, float]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if float(row["score"]) > 0:
                gains.setdefault(row["query-id"], {})[row["corpus-id"]] = float(row["score"])
    judged = {paper_id for of_query in gains.values() for paper_id in of_query}
    papers = [Paper(r["_id"], r["title"], r["text"]) for r in read_rows(folder / "corpus.jsonl")]
    if n_unjudged is not None:
        others = [paper for paper in papers if paper.paper_id not in judged]
        random.Random(seed).shuffle(others)
        papers = [p for p in papers if p.paper_id in judged] + others[:n_unjudged]
    queries = (
        Query(row["text"], gains[row["_id"]])
        for row in read_rows(folder / "queries.jsonl")
        if row["_id"] in gains
    )
    return Collection(folder.name, tuple(papers), tuple(queries))


def _golden_query(question: GoldenQuestion) -> Query:
    return Query(question.question, dict.fromkeys(question.papers, 1.0))
