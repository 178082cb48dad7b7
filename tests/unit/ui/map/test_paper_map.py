"""Where papers lie on the map and which cluster they are in, for libraries of any size."""

from __future__ import annotations

import numpy as np
import pytest
from assistant_ui.map.paper_map import (
    MAX_CLUSTERS,
    MAX_SAMPLE,
    PaperMap,
    by_size,
    has_umap,
    map_papers,
    paper_vectors,
    principal_components,
    rows_to_name,
    sample_rows,
)
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score


def random_vectors(n: int, dim: int = 12, seed: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(n, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def grouped_vectors(sizes: list[int], dim: int = 32) -> tuple[NDArray[np.float32], list[int]]:
    """Returns papers close to the centre of their group, and their groups."""
    rng = np.random.default_rng(2)
    groups = [group for group, size in enumerate(sizes) for _ in range(size)]
    vectors = np.eye(dim)[groups] + rng.normal(scale=0.05, size=(len(groups), dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def mapped(vectors: NDArray[np.float32]) -> PaperMap:
    return map_papers(vectors, umap=False)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 15, 16, 40, 100])
def test_every_paper_has_a_place_and_a_cluster(n: int) -> None:
    drawn = mapped(random_vectors(n))
    assert drawn.positions.shape == (n, 2)
    assert np.isfinite(drawn.positions).all()
    assert set(drawn.clusters.tolist()) == set(range(drawn.n_clusters))
    assert drawn.n_clusters <= MAX_CLUSTERS


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_papers_make_no_map(n: int) -> None:
    drawn = mapped(random_vectors(n))
    assert drawn.method == "none"
    assert drawn.explained is None


@pytest.mark.parametrize("n", [2, 20])
def test_equal_papers_make_no_map(n: int) -> None:
    drawn = mapped(np.repeat(random_vectors(1), n, axis=0))
    assert drawn.method == "none"
    assert not drawn.positions.any()
    assert drawn.n_clusters == 1


def test_a_few_papers_many_times_over_are_clustered_without_a_warning() -> None:
    drawn = mapped(np.repeat(random_vectors(3), 20, axis=0))
    assert drawn.n_clusters == 2
    assert len(np.unique(drawn.positions.round(6), axis=0)) == 3


def test_the_map_is_the_same_each_time() -> None:
    vectors = random_vectors(120)
    first, second = mapped(vectors), mapped(vectors.copy())
    assert (first.positions == second.positions).all()
    assert (first.clusters == second.clusters).all()


def test_the_map_does_not_turn_over_when_papers_change_places() -> None:
    vectors = random_vectors(60)
    order = np.random.default_rng(3).permutation(60)
    first, second = mapped(vectors), mapped(vectors[order])
    assert np.allclose(first.positions[order], second.positions, atol=1e-5)


def test_the_largest_loading_of_each_axis_is_positive() -> None:
    vectors = random_vectors(60).astype(np.float64)
    components, _ = principal_components(vectors.astype(np.float32))
    centred = vectors - vectors.mean(axis=0)
    axes = np.linalg.lstsq(components, centred, rcond=None)[0]
    for axis in axes:
        assert axis[np.abs(axis).argmax()] > 0


def test_the_axes_are_those_of_a_singular_value_decomposition() -> None:
    vectors = random_vectors(80)
    components, shares = principal_components(vectors)
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    values = np.linalg.svd(centred, compute_uv=False)
    expected = values**2 / (values**2).sum()
    assert np.allclose(shares, expected[: len(shares)], atol=1e-6)
    assert np.allclose(np.linalg.norm(components, axis=0), values[: len(shares)], atol=1e-5)


def test_explained_is_the_share_of_two_axes() -> None:
    flat = np.zeros((30, 8), dtype=np.float32)
    flat[:, :2] = random_vectors(30, 2)
    assert mapped(flat).explained == pytest.approx(1.0)
    assert 0 < (mapped(random_vectors(200, 50)).explained or 0) < 0.2


def test_close_papers_lie_close() -> None:
    vectors, groups = grouped_vectors([40, 40])
    positions = mapped(vectors).positions
    centres = np.stack([positions[np.array(groups) == group].mean(axis=0) for group in (0, 1)])
    spread = np.linalg.norm(positions - centres[groups], axis=1).max()
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * spread


@pytest.mark.parametrize("sizes", [[30, 25, 20, 15], [30, 25, 20, 15, 12, 10]])
def test_groups_are_found_the_largest_first(sizes: list[int]) -> None:
    vectors, groups = grouped_vectors(sizes)
    drawn = mapped(vectors)
    assert drawn.n_clusters == len(sizes)
    assert adjusted_rand_score(groups, drawn.clusters) == 1.0
    assert np.bincount(drawn.clusters).tolist() == sizes


def test_clusters_are_numbered_by_size_then_by_their_first_paper() -> None:
    assert by_size(np.array([7, 2, 2, 5])).tolist() == [1, 0, 0, 2]
    assert by_size(np.array([3, 1])).tolist() == [0, 1]


def test_a_paper_is_the_mean_of_its_passages() -> None:
    passages = np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32)
    vectors = paper_vectors(passages, np.array([0, 0, 2], dtype=np.int32), 3)
    assert np.allclose(vectors, [[2**-0.5, 2**-0.5], [0, 0], [0, 1]])


def test_a_sample_is_even_ascending_and_the_same() -> None:
    rows = sample_rows(10_000, 500)
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert len(rows) == 500
    assert (rows == sample_rows(10_000, 500)).all()
    assert 4_000 < rows.mean() < 6_000
    assert sample_rows(3, 500).tolist() == [0, 1, 2]


def test_clusters_are_named_from_as_many_papers_each() -> None:
    clusters = np.array([0] * 5_000 + [1] * 10)
    rows = rows_to_name(clusters, 2)
    assert rows == sorted(rows)
    assert sum(row < 5_000 for row in rows) == MAX_SAMPLE // 2
    assert sum(row >= 5_000 for row in rows) == 10


@pytest.mark.skipif(not has_umap(), reason="umap-learn is not installed (the extra 'umap')")
# Umap says at its import that it would do more with Tensorflow.
@pytest.mark.filterwarnings("ignore::ImportWarning")
def test_umap_lays_out_the_same_map_each_time() -> None:
    vectors, _ = grouped_vectors([20, 20])
    first, second = map_papers(vectors), map_papers(vectors)
    assert first.method == "umap"
    assert first.explained is None
    assert np.allclose(first.positions, second.positions)
