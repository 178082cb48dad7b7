"""Figures of the page: printed as they are measured, and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from assistant_evals.lab.bench import BenchResult


def report_figures(figures: Iterable[BenchResult], output: Path | None) -> int:
    """Prints each figure as it comes, writes all where asked; returns 1 where one does not hold."""
    rows, all_hold = [], True
    for figure in figures:
        all_hold &= figure.holds
        mark = "ok  " if figure.holds else "OVER"
        parts = ", ".join(f"{name} {value:.3f}" for name, value in figure.measured.items())
        print(
            f"{mark} {figure.name}: {figure.value:.2f} {figure.unit} (<= {figure.limit}); {parts}",
            flush=True,
        )
        rows.append(
            {
                "name": figure.name,
                "value": figure.value,
                "limit": figure.limit,
                "unit": figure.unit,
                "measured": figure.measured,
            }
        )
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(rows, indent=2), encoding="utf-8")
    return 0 if all_hold else 1
