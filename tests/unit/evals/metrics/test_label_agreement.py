"""Agreement with labels: by hand, and against scikit-learn where the formula is our own."""

from __future__ import annotations

import numpy as np
import pytest
from assistant_evals.metrics.label_agreement import (
    balanced_accuracy,
    balanced_accuracy_interval,
    cohen_kappa,
    expected_calibration_error,
    precision_recall_f1,
    reliability,
    threshold_for_precision,
)
from assistant_evals.metrics.resampling import (
    percentile_interval,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

patient = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


scored = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.31, 0.5, 0.77, 1.0]), st.integers(0, 1)),
    min_size=2,
    max_size=30,
).filter(lambda rows: len({label for _, label in rows}) == 2)


def test_kappa_by_hand() -> None:
    # Cohen's table of 50: 20 and 15 agreed, 5 and 10 not: (.7 - .5) / (1 - .5).
    a = [1] * 25 + [0] * 25
    b = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa([1, 0], [1, 0]) == 1.0
    assert cohen_kappa([1, 0], [0, 1]) == -1.0
    assert cohen_kappa([], []) is None
    assert cohen_kappa([1, 1], [1, 1]) is None
    with pytest.raises(ValueError, match="inconsistent"):
        cohen_kappa([1, 0], [1])


def test_accuracy_precision_recall_by_hand() -> None:
    said, labels = [1, 1, 1, 0, 0], [1, 1, 0, 0, 1]
    assert balanced_accuracy(said, labels) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert precision_recall_f1(said, labels) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert balanced_accuracy([1, 0], [1, 1]) is None
    assert precision_recall_f1([0, 0], [1, 0]) == (None, 0.0, 0.0)
    assert precision_recall_f1([1, 0], [0, 0]) == (0.0, None, 0.0)
    assert precision_recall_f1([0], [0]) == (None, None, None)


def test_reliability_and_calibration_error_by_hand() -> None:
    scores, labels = [0.0, 0.1, 0.15, 0.95, 1.0], [0, 0, 1, 1, 1]
    rows = reliability(scores, labels)
    assert [row["n"] for row in rows] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (rows[1]["low"], rows[1]["high"]) == (0.1, 0.2)
    assert rows[1]["mean_score"] == pytest.approx(0.125)
    assert rows[1]["share_right"] == 0.5
    assert rows[2]["mean_score"] is None
    assert rows[2]["share_right"] is None
    # One bin off by 0, two pairs off by .375, two off by .025.
    assert expected_calibration_error(scores, labels) == pytest.approx((2 * 0.375 + 2 * 0.025) / 5)
    assert expected_calibration_error([], []) is None
    assert expected_calibration_error([1.0, 0.0], [1, 0]) == 0.0
    # The first, off by .95, counts three times the second, off by .05.
    assert expected_calibration_error([0.95, 0.05], [0, 0], [3, 1]) == pytest.approx(
        (3 * 0.95 + 0.05) / 4
    )


@patient
@given(scored)
def test_reliability_agrees_with_an_independent_implementation(
    rows: list[tuple[float, int]],
) -> None:
    # Scores on no bin's edge but 0 and 1: there the two put them into different bins.
    rows = [(0.52 if score == 0.5 else score, label) for score, label in rows]
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    shares, means = calibration_curve(labels, scores, n_bins=10)
    held = [row for row in reliability(scores, labels) if row["n"]]
    assert [row["share_right"] for row in held] == pytest.approx(list(shares))
    assert [row["mean_score"] for row in held] == pytest.approx(list(means))


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_scores_are_in_0_to_1(score: float) -> None:
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        reliability([score], [1])


def test_threshold_for_a_precision_by_hand() -> None:
    scores, labels = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0]
    assert threshold_for_precision(scores, labels, 1.0) == 0.8
    assert threshold_for_precision(scores, labels, 0.75) == 0.6
    assert threshold_for_precision(scores, labels, 0.6) == 0.5
    assert threshold_for_precision([0.9, 0.8], [0, 1], 0.9) is None
    assert threshold_for_precision([], [], 0.9) is None
    # Equal scores stand or fall together.
    assert threshold_for_precision([0.9, 0.9], [1, 0], 0.9) is None


@patient
@given(scored, st.sampled_from([0.5, 0.75, 0.9, 1.0]))
def test_threshold_for_a_precision_is_the_lowest(
    rows: list[tuple[float, int]], wanted: float
) -> None:
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    reached = [at for at in set(scores) if np.mean([y for s, y in rows if s >= at]) >= wanted]
    assert threshold_for_precision(scores, labels, wanted) == min(reached, default=None)


def test_intervals_leave_out_what_cannot_be_measured() -> None:
    assert percentile_interval(np.array([np.nan, 0.5, np.nan])) == (0.5, 0.5)
    assert percentile_interval(np.array([np.nan])) is None
    assert balanced_accuracy_interval([1, 0], [1, 1]) is None
    low, high = percentile_interval(np.linspace(0, 1, 1001)) or (0.0, 0.0)
    assert (low, high) == pytest.approx((0.025, 0.975))
