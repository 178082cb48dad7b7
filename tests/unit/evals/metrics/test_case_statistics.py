"""Figures over cases: by hand, and against independent implementations."""

from __future__ import annotations

import random
import statistics

import numpy as np
import pytest
from assistant_evals.metrics.case_statistics import (
    area_under_risk_coverage,
    area_under_roc,
    as_array,
    mean_of,
    risk_coverage,
    tenth_percentile,
)


def test_the_risk_at_each_coverage_by_hand() -> None:
    rows = np.array([(0.9, 0.0), (0.8, 1.0), (0.5, 0.0), (0.1, 1.0)])
    assert risk_coverage(rows).tolist() == [
        [0.25, 0],
        [0.5, 0.5],
        [0.75, pytest.approx(1 / 3)],
        [1, 0.5],
    ]
    assert area_under_risk_coverage(rows) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_equally_sure_questions_share_their_risk() -> None:
    rows = np.array([(0.9, 0.0), (0.5, 1.0), (0.5, 0.0)])
    assert risk_coverage(rows)[:, 1].tolist() == [0.0, pytest.approx(0.25), pytest.approx(1 / 3)]
    assert area_under_risk_coverage(rows) == area_under_risk_coverage(rows[[0, 2, 1]])


def test_a_perfect_order_has_the_least_area() -> None:
    losses = [0.0] * 6 + [1.0] * 4
    rows = [(1 - n / 10, loss) for n, loss in enumerate(losses)]
    best = area_under_risk_coverage(as_array(rows))
    for seed in range(20):
        order = losses[:]
        random.Random(seed).shuffle(order)
        other = area_under_risk_coverage(
            as_array([(c, o) for (c, _), o in zip(rows, order, strict=True)])
        )
        assert best is not None
        assert other is not None
        assert best <= other


def test_areas_without_both_kinds_have_no_value() -> None:
    assert area_under_roc(np.array([(0.5, 1.0), (0.2, 1.0)])) is None
    assert area_under_risk_coverage(np.empty((0, 2))) is None


@pytest.mark.parametrize("seed", range(5))
def test_percentile_against_statistics(seed: int) -> None:
    draw = random.Random(seed)
    values = [draw.random() for _ in range(37)]
    expected = statistics.quantiles(values, n=10, method="inclusive")[0]
    assert tenth_percentile(as_array([(v,) for v in values])) == pytest.approx(expected)


def test_what_does_not_apply_is_left_out_of_a_mean_and_counted() -> None:
    assert mean_of([1.0, None, 0.0]) == (0.5, 2)
    assert mean_of([None]) == (None, 0)
