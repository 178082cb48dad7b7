"""Areas under ROC curves against scikit-learn."""

import numpy as np
import pytest
from assistant_evals.metrics.resampling import resample_counts
from assistant_evals.metrics.roc import auroc, aurocs_of_resamples
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

SCORED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.31, 0.5, 0.77, 1.0]), st.integers(0, 1)),
    min_size=2,
    max_size=30,
).filter(lambda rows: len({label for _, label in rows}) == 2)


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=12),
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=12),
)
def test_auroc_agrees_with_an_independent_implementation(
    positives: list[float], negatives: list[float]
) -> None:
    labels = [1] * len(positives) + [0] * len(negatives)
    expected = roc_auc_score(labels, positives + negatives)
    assert auroc(positives, negatives) == pytest.approx(expected)


def test_auroc_needs_both_kinds() -> None:
    assert auroc([], [1.0]) is None
    assert auroc([1.0], []) is None


@settings(deadline=None, max_examples=30)
@given(SCORED, st.integers(0, 5))
def test_areas_of_resamples_agree_with_an_independent_implementation(
    rows: list[tuple[float, int]], seed: int
) -> None:
    scores, labels = np.array([s for s, _ in rows]), np.array([y for _, y in rows])
    counts = resample_counts(len(rows), n_samples=5, seed=seed)
    assert counts.shape == (5, len(rows))
    assert set(counts.sum(axis=1)) == {len(rows)}
    found = aurocs_of_resamples(
        list(scores[labels == 1]),
        list(scores[labels == 0]),
        counts[:, labels == 1],
        counts[:, labels == 0],
    )
    for area, count in zip(found, counts, strict=True):
        drawn = np.repeat(labels, count)
        if len(set(drawn)) < 2:
            assert np.isnan(area)
        else:
            assert area == pytest.approx(roc_auc_score(drawn, np.repeat(scores, count)))
