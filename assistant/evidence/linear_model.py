"""Linear models whose weights ship with the package as JSON, and the two ways to read scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

WITHOUT_WORDS = "_without_words"
"""Ends the name of a model's other version, for embedders that give words no vectors."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A bias and one weight for each named feature, on the features' own scale."""

    features: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: float

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns (n,) scores of (n, len(self.features)) features; higher is better."""
        found: NDArray[np.float64] = features @ self.weights + self.bias
        return found


@cache
def load_model(file: str, part: str, features: tuple[str, ...]) -> LinearModel:
    """Returns the model ``part`` of ``weights/<file>``, its weights in the order of ``features``.

    Raises:
        KeyError: the file was fitted on other features than the code computes.
    """
    text = files("assistant").joinpath("weights", file).read_text(encoding="utf-8")
    fitted = json.loads(text)[part]
    by_name = dict(zip(fitted["features"], fitted["weights"], strict=True))
    if set(by_name) != set(features):
        raise KeyError(f"{file}: {part!r} was fitted on {sorted(set(by_name) ^ set(features))!r}")
    weights = np.array([by_name[name] for name in features], dtype=np.float64)
    return LinearModel(features, weights, float(fitted["bias"]))


def logistic(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns 1 / (1 + exp(-scores)), in (0, 1)."""
    odds: NDArray[np.float64] = np.exp(-np.clip(scores, -500, 500))
    return 1.0 / (1.0 + odds)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns exp(scores) normalised to sum to 1; empty for no scores."""
    if scores.size == 0:
        return scores
    powers: NDArray[np.float64] = np.exp(scores - scores.max())
    shares: NDArray[np.float64] = powers / powers.sum()
    return shares
