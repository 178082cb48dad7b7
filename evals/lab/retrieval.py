"""Measures search on the golden questions and on judged collections of other fields.

    python -m assistant_evals.lab.retrieval --data FOLDER [--outside cranfield] [--cache FILE]

FOLDER holds corpus/papers-feed.txt and external/retrieval/NAME. Sampled collections keep every
paper that is right for some query and so many others.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assistant_evals.lab.judged_collections import (
    Collection,
    beir_collection,
    golden_collections,
    measured_papers,
)
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.rankings import ndcg_at_k, recall_at_k, reciprocal_rank_at_k
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.embedder import Embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.retrieval.paper_words import PaperWordCache
from assistant.retrieval.ranking import find_top_rows
from assistant.retrieval.search import PaperSearch
from assistant.starter.papers import locate_starter
from assistant.store.lexical_index import LexicalIndex
from assistant.text.passages import chunk_paper, format_passage
from assistant.types import Filters, Paper, Passage

OUTSIDE_SAMPLES = {"cranfield": None, "cisi": None, "lisa": 1_500, "scifact_train": 1_200}
"""The collections of other fields, and how many papers without a query are kept of each."""

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the queries of one collection, each in [0, 1]; ``n`` queries count."""

    collection: str
    n: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr_at_10: float
    ndcg_at_10: float


class ListedLibrary:
    """Papers in memory, searched exactly; reads like a snapshot of the store."""

    def __init__(self, papers: Sequence[Paper], embedder: Embedder, words: WordEmbedder) -> None:
        self._papers = papers
        self._passages = [chunk_paper(paper) for paper in papers]
        sizes = [len(own) for own in self._passages]
        self.n_papers = len(papers)
        self.passage_papers = np.repeat(np.arange(len(papers), dtype=np.int32), sizes)
        texts = [
            format_passage(paper.title, passage)
            for paper, own in zip(papers, self._passages, strict=True)
            for passage in own
        ]
        words.embed_words(texts)
        self._vectors = embedder.embed(texts)
        self.lexical = LexicalIndex.build(f"{p.title}\n{p.abstract}" for p in papers)

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        return self._papers[row]

    def passages(self, row: int) -> tuple[Passage, ...]:
        """Returns the passages of the paper in ``row``."""
        return self._passages[row]

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Returns the passage rows nearest to ``vector`` and their cosines, best first."""
        cosines = self.cosines(vector)
        rows = find_top_rows(cosines, top_k)
        return rows, cosines[rows]

    def cosines(
        self, vector: NDArray[np.float32], passage_rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Returns the cosines of ``passage_rows``, or of all passages, to ``vector``."""
        vectors = self._vectors if passage_rows is None else self._vectors[passage_rows]
        return np.asarray(vectors @ vector, dtype=np.float32)

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Returns that every paper may be used: measuring filters nothing."""
        assert not filters
        return np.ones(self.n_papers, dtype=bool)


def score(collection: Collection, rankings: Sequence[Sequence[str]]) -> Scores:
    """Returns the means over ``rankings``, one for each query, best paper first."""
    pairs = list(zip(collection.queries, rankings, strict=True))

    def recall(k: int) -> float:
        return _mean([recall_at_k(ranking, query.gains, k) for query, ranking in pairs])

    return Scores(
        collection.name,
        len(pairs),
        recall(1),
        recall(5),
        recall(DEPTH),
        _mean([reciprocal_rank_at_k(ranking, query.gains, DEPTH) for query, ranking in pairs]),
        _mean([ndcg_at_k(ranking, query.gains, DEPTH) for query, ranking in pairs]),
    )


def rankings_by(search: PaperSearch, collection: Collection) -> list[list[str]]:
    """Returns the ids of the ten best papers for each query."""
    ids = [paper.paper_id for paper in collection.papers]
    return [
        [ids[paper.row] for paper in search.search(query.text, DEPTH).papers]
        for query in collection.queries
    ]


def measured(
    collection: Collection, embedder: Embedder, words: WordEmbedder
) -> Iterator[tuple[str, Scores]]:
    """Yields the scores of each way of searching ``collection``, the product's last."""
    library = ListedLibrary(collection.papers, embedder, words)
    ids = [paper.paper_id for paper in collection.papers]
    one_sided: dict[str, list[list[str]]] = {"BM25": [], "MiniLM": [], "words": []}
    cleaned = PaperSearch(library, words)
    every = np.arange(library.n_papers)
    paper_words = PaperWordCache(library, words)
    for query in collection.queries:
        clean = cleaned.clean(query.text)
        scores = {
            "BM25": library.lexical.score(clean.terms),
            "MiniLM": cleaned.score_dense(words.embed_query(clean.text), every),
            "words": paper_words.compute_coverage(clean.text, every),
        }
        for side, of_papers in scores.items():
            one_sided[side].append([ids[row] for row in find_top_rows(of_papers, DEPTH)])
    for side, rankings in one_sided.items():
        yield side, score(collection, rankings)
    yield "BM25 + MiniLM", score(collection, rankings_by(cleaned, collection))
    search = PaperSearch(library, words, words)
    yield "all three", score(collection, rankings_by(search, collection))


def collections(data: Path, outside: Sequence[str]) -> list[Collection]:
    """Returns the golden collections over both libraries, then those of other fields."""
    libraries = measured_papers(locate_starter(), data / "corpus" / "papers-feed.txt")
    golden = [c for name, papers in libraries.items() for c in golden_collections(name, papers)]
    folder = data / "external" / "retrieval"
    return golden + [beir_collection(folder / name, OUTSIDE_SAMPLES[name]) for name in outside]


def main() -> None:
    """Prints one line for each collection and way of searching."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=None, help="keeps vectors for the next run")
    parser.add_argument("--outside", nargs="*", choices=OUTSIDE_SAMPLES, default=[])
    options = parser.parse_args()
    model, cache = WordMiniLM(), EmbeddingCache(options.cache)
    words, embedder = WordEmbedder(model, cache), Embedder(model, cache)
    print(
        f"{'collection':20}{'search':16}{'n':>5}{'R@1':>7}{'R@5':>7}{'R@10':>7}{'MRR':>7}{'nDCG':>7}"
    )
    for collection in collections(options.data, options.outside):
        for name, s in measured(collection, embedder, words):
            figures = (s.recall_at_1, s.recall_at_5, s.recall_at_10, s.mrr_at_10, s.ndcg_at_10)
            print(
                f"{s.collection:20}{name:16}{s.n:5}" + "".join(f"{x:7.3f}" for x in figures),
                flush=True,
            )


def _mean(values: Sequence[float | None]) -> float:
    mean: float | None = mean_of(values)[0]
    if mean is None:
        raise ValueError("no query of the collection has a right paper")
    return mean


if __name__ == "__main__":
    main()
