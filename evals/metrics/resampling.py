"""Intervals of measures that are no plain means: rows drawn anew, the measure taken again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

N_SAMPLES = 2_000
"""Resamples of what is counted for all at once."""

N_RESAMPLES = 1_000
"""Resamples where the measure is taken anew of each."""


def resample_counts(n: int, *, n_samples: int = N_SAMPLES, seed: int = 0) -> NDArray[np.int64]:
    """Returns how often each of ``n`` rows is in each bootstrap sample, (n_samples, n).

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 6.2.
    """
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1 / n), size=n_samples)


def percentile_interval(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Returns where the middle 95 % of ``values`` lie, NaN left out; None where all are NaN.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    held = values[~np.isnan(values)]
    if not len(held):
        return None
    low, high = np.quantile(held, [0.025, 0.975])
    return float(low), float(high)


def draw_indices(n: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yields ``N_RESAMPLES`` draws with replacement of n out of n indices, by ``seed``."""
    generator = np.random.default_rng(seed)
    for _ in range(N_RESAMPLES):
        yield generator.integers(0, n, n)
