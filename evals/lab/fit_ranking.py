"""Asks whether learned weights would rank better than equal ones.

    python -m assistant_evals.lab.fit_ranking --data FOLDER [--outside cranfield] [--cache FILE]

Fits one weight for each side of the ranking on the golden questions, listwise, in five folds that
share no paper, and prints MRR@10 beside that of equal weights, in the folds and on collections of
other fields that took no part. Measured (starter, feed): described .826 and .828 fitted, .837 and
.818 equal; multi .866 and .917 fitted, .899 and .931 equal; Cranfield .835 fitted, .841 equal. So
the product keeps equal weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assistant_evals.lab.golden_sets import grouped_folds
from assistant_evals.lab.judged_collections import Collection
from assistant_evals.lab.retrieval import OUTSIDE_SAMPLES, ListedLibrary, collections
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.rankings import reciprocal_rank_at_k
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.embedder import Embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.retrieval.ranking import standardise
from assistant.retrieval.search import N_CANDIDATES, PaperSearch

N_FOLDS = 5
PULL_TO_EQUAL = 0.02
"""How strongly the weights are drawn to 1, 1, 1 (L2)."""

_STEPS = 500
_STEP_SIZE = 0.3


@dataclass(frozen=True, slots=True)
class Judged:
    """One query: its candidates' scores (n, 3), standardised, and which of them are right."""

    collection: str
    ids: tuple[str, ...]
    gains: dict[str, float]
    scores: NDArray[np.float64]
    right: NDArray[np.bool_]


def judged_queries(collection: Collection, embedder: Embedder, words: WordEmbedder) -> list[Judged]:
    """Returns the candidates of each query of ``collection``, best first."""
    search = PaperSearch(ListedLibrary(collection.papers, embedder, words), words, words)
    found = []
    for query in collection.queries:
        papers = search.search(query.text, N_CANDIDATES).papers
        sides = [[p.dense, p.lexical, p.soft_coverage or 0.0] for p in papers]
        scores = np.array(sides, dtype=np.float32).reshape(-1, 3)
        ids = tuple(collection.papers[paper.row].paper_id for paper in papers)
        right = np.array([paper_id in query.gains for paper_id in ids])
        columns = np.stack([standardise(column) for column in scores.T], axis=1)
        found.append(Judged(collection.name, ids, query.gains, columns.astype(float), right))
    return found


def fit(queries: Sequence[Judged]) -> NDArray[np.float64]:
    """Returns the weights (3,) that make the right papers likeliest.

    Source: ListNet's top-one likelihood (Cao et al. 2007, section 4) by gradient descent.
    """
    usable = [query for query in queries if query.right.any()]
    weights = np.ones(3)
    for _ in range(_STEPS):
        gradient = 2 * PULL_TO_EQUAL * (weights - 1)
        for query in usable:
            logits = query.scores @ weights
            share = np.exp(logits - logits.max())
            share /= share.sum()
            target = query.right / query.right.sum()
            gradient += query.scores.T @ (share - target) / len(usable)
        weights -= _STEP_SIZE * gradient
    return weights


def mean_reciprocal_rank(
    queries: Sequence[Judged], weights: Sequence[NDArray[np.float64]]
) -> float | None:
    """Returns MRR@10 of ``queries``, each ranked by its own weights."""
    values = []
    for query, own in zip(queries, weights, strict=True):
        order = np.argsort(-(query.scores @ own), kind="stable")
        ranking = [query.ids[place] for place in order]
        values.append(reciprocal_rank_at_k(ranking, query.gains, 10))
    mean: float | None = mean_of(values)[0]
    return mean


def main() -> None:
    """Prints the weights, and MRR@10 by fitted and by equal weights for each collection."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--outside", nargs="*", choices=OUTSIDE_SAMPLES, default=[])
    options = parser.parse_args()
    model, cache = WordMiniLM(), EmbeddingCache(options.cache)
    words, embedder = WordEmbedder(model, cache), Embedder(model, cache)
    golden: list[Judged] = []
    outside: list[Judged] = []
    for collection in collections(options.data, options.outside):
        group = outside if collection.name in OUTSIDE_SAMPLES else golden
        group += judged_queries(collection, embedder, words)
    folds = grouped_folds([sorted(query.gains) for query in golden], N_FOLDS)
    fitted = [
        fit([q for q, own in zip(golden, folds, strict=True) if own != fold])
        for fold in range(N_FOLDS)
    ]
    whole = fit(golden)
    print("weights (dense, lexical, words) by fold:", *(np.round(w, 2).tolist() for w in fitted))
    for name in dict.fromkeys(query.collection for query in golden + outside):
        tested = [
            (q, fitted[f]) for q, f in zip(golden, folds, strict=True) if q.collection == name
        ]
        tested += [(q, whole) for q in outside if q.collection == name]
        queries = [query for query, _ in tested]
        by_fit = mean_reciprocal_rank(queries, [own for _, own in tested])
        equal = mean_reciprocal_rank(queries, [np.ones(3)] * len(queries))
        print(f"{name:20} fitted {by_fit:.3f}  equal {equal:.3f}")


if __name__ == "__main__":
    main()
