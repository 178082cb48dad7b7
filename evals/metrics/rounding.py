"""Figures as reports keep them."""

from __future__ import annotations

from typing import Any

PLACES = 6
"""Places that figures are kept to: more is noise that differs between machines."""


def round_value(value: float | None) -> float | None:
    """Returns a figure to ``PLACES``."""
    return None if value is None else round(float(value), PLACES)


def round_values(value: Any) -> Any:
    """Returns JSON types with every float rounded as figures are."""
    if isinstance(value, dict):
        return {key: round_values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [round_values(one) for one in value]
    return round_value(value) if isinstance(value, float) else value
