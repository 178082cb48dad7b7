"""The library as a map: where each paper lies in two dimensions, and its cluster.

A paper's vector is the mean of its passages'. Close papers are about the same matter; how far
apart distant ones are says little, since two dimensions hold a small share of what tells them
apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["none", "pca", "umap"]

SEED = 0
N_COMPONENTS = 20
"""Principal components that papers are clustered by: the rest is mostly noise.

On the starter library k-means makes clusters of 9 to 55 papers of them, of whole vectors some
of 2."""

MAX_CLUSTERS = 8
"""As many as shapes and colours that are told apart at a glance."""

MIN_CLUSTERS = 4
"""Fewer say little of a library that has enough papers for this many."""

PAPERS_PER_CLUSTER = 8
"""Papers that a cluster must have on average; smaller libraries have fewer clusters."""

MAX_SAMPLE = 2_000
"""Papers on which the number of clusters is chosen, and from which they are named."""

MIN_UMAP_PAPERS = 16
_UMAP_NEIGHBOURS = 15
_UMAP_SPREAD = 10.0
_K_MEANS_STARTS = 4
_SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class PaperMap:
    """Where papers lie, row by row.

    ``positions`` is (n, 2) float; ``clusters`` (n,) int in 0..n_clusters - 1, the largest cluster
    first; ``explained`` is the share of the variance that the two axes of PCA hold, [0, 1].
    """

    positions: NDArray[np.float64]
    clusters: NDArray[np.int64]
    n_clusters: int
    method: Method
    explained: float | None = None


def map_papers(vectors: NDArray[np.float32], *, umap: bool | None = None) -> PaperMap:
    """Returns the map of papers; the same for the same vectors.

    Args:
        vectors: (n, dim) float32, L2-normalised; n may be 0.
        umap: whether UMAP lays the papers out; where None, if it is installed.
    """
    n_papers = len(vectors)
    components, shares = principal_components(vectors)
    positions = np.zeros((n_papers, 2))
    positions[:, : components.shape[1]] = components[:, :2]
    clusters = cluster_papers(components)
    n_clusters = int(clusters.max()) + 1 if n_papers else 0
    if not components.shape[1]:
        return PaperMap(positions, clusters, n_clusters, "none")
    if n_papers >= MIN_UMAP_PAPERS and (has_umap() if umap is None else umap):
        return PaperMap(_umap_positions(vectors, positions), clusters, n_clusters, "umap")
    return PaperMap(positions, clusters, n_clusters, "pca", float(shares[:2].sum()))


def has_umap() -> bool:
    """Returns whether umap-learn is installed."""
    return find_spec("umap") is not None


def paper_vectors(
    passages: NDArray[np.float32], papers: NDArray[np.int32], n_papers: int
) -> NDArray[np.float32]:
    """Returns the mean of each paper's passages, (n_papers, dim) float32, L2-normalised.

    Args:
        passages: (n_passages, dim) float32.
        papers: the paper row of each passage, (n_passages,), ascending.
        n_papers: how many papers there are; one without passages gets zeros.
    """
    sums = np.zeros((n_papers, passages.shape[1]), dtype=np.float32)
    np.add.at(sums, papers, passages)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    np.divide(sums, lengths, out=sums, where=lengths > 0)
    return sums


def principal_components(
    vectors: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns (components, shares): (n, k) and the share of the variance that each holds, (k,).

    k is at most ``N_COMPONENTS``, and 0 where all papers lie in one point. The sign of each is
    such that its largest loading is positive, so that a map is not mirrored from one day to the
    next.
    """
    n_papers, dim = vectors.shape
    centred = vectors.astype(np.float64) - (vectors.mean(axis=0) if n_papers else 0.0)
    if n_papers < 2 or np.abs(centred).max() < _SMALL:
        return np.zeros((n_papers, 0)), np.zeros(0)
    # scikit-learn takes seconds to import, and only who opens the map needs it.
    from sklearn.decomposition import PCA

    pca = PCA(min(N_COMPONENTS, n_papers - 1, dim), random_state=SEED)
    return pca.fit_transform(centred), pca.explained_variance_ratio_


def cluster_papers(components: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns the cluster of each paper by k-means, (n,) int64, the largest cluster being 0.

    Their number, from 4 to 8 and fewer where there are fewer than 8 papers for each, is the one
    whose clusters have the best mean silhouette on at most ``MAX_SAMPLE`` papers.

    Source: Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis", 1987.
    """
    n_papers = len(components)
    n_clusters = _best_number(components[sample_rows(n_papers, MAX_SAMPLE)])
    if n_clusters < 2:
        return np.zeros(n_papers, dtype=np.int64)
    return by_size(_k_means(components, n_clusters))


def by_size(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Returns the labels renumbered from 0, (n,) int64: the commonest first, then the earliest."""
    found, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = sorted(range(len(found)), key=lambda i: (-sizes[i], first[i]))
    numbers = np.empty(len(found), dtype=np.int64)
    numbers[order] = np.arange(len(found))
    return np.asarray(numbers[inverse], dtype=np.int64)


def sample_rows(n_rows: int, n_sampled: int) -> NDArray[np.int64]:
    """Returns at most ``n_sampled`` of the rows 0..n_rows - 1, ascending, the same each time."""
    if n_rows <= n_sampled:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(SEED).choice(n_rows, n_sampled, replace=False))


def rows_to_name(clusters: NDArray[np.int64], n_clusters: int) -> Sequence[int]:
    """Returns the rows that the clusters are named from: as many of each, ``MAX_SAMPLE`` in all."""
    most = MAX_SAMPLE // max(n_clusters, 1)
    rows: list[int] = []
    for cluster in range(n_clusters):
        members = np.flatnonzero(clusters == cluster)
        rows += members[sample_rows(len(members), most)].tolist()
    return sorted(rows)


def _best_number(components: NDArray[np.float64]) -> int:
    n_distinct = len(np.unique(components.round(6), axis=0)) if components.shape[1] else 1
    most = min(MAX_CLUSTERS, len(components) // PAPERS_PER_CLUSTER, n_distinct - 1)
    if most < 2:
        return 1
    from sklearn.metrics import silhouette_score

    numbers = range(min(MIN_CLUSTERS, most), most + 1)
    return max(
        numbers,
        key=lambda number: (silhouette_score(components, _k_means(components, number)), -number),
    )


def _k_means(components: NDArray[np.float64], n_clusters: int) -> NDArray[np.int32]:
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters, n_init=_K_MEANS_STARTS, random_state=SEED)
    labels: NDArray[np.int32] = model.fit_predict(components)
    return labels


def _umap_positions(
    vectors: NDArray[np.float32], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns the layout of UMAP, begun from that of PCA so that it is alike from run to run.

    Source: McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for
    Dimension Reduction", arXiv:1802.03426, 2018.
    """
    from umap import UMAP  # type: ignore[import-not-found,import-untyped,unused-ignore]

    model = UMAP(
        n_neighbors=min(_UMAP_NEIGHBOURS, len(vectors) - 1),
        metric="cosine",
        init=start / np.abs(start).max() * _UMAP_SPREAD,
        random_state=SEED,
        n_jobs=1,  # What a seed makes it anyhow; said, it does not warn.
    )
    return np.asarray(model.fit_transform(vectors), dtype=np.float64)
