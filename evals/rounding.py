"""Figures as reports keep them."""

from __future__ import annotations

from typing import Any

PLACES = 6
"""Places that figures are kept to: more is noise that differs between machines."""


def rounded(value: float | None) -> float | None:
    """Returns a figure to ``PLACES``."""
    return None if value is None else round(float(value), PLACES)


def rounded_all(value: Any) -> Any:
    """Returns JSON types with every float rounded as figures are."""
    if isinstance(value, dict):
        return {key: rounded_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded_all(one) for one in value]
    return rounded(value) if isinstance(value, float) else value
