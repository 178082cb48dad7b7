"""The gate: what a run's figures must hold, by themselves and against a baseline.

A floor (or ceiling) is held against the value itself. A regression is one that noise does not
explain: the same cases are drawn again and again, the figure is taken of both runs each time, and
it fails where the drop is there in nearly every draw.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.case_values import Values
from assistant_evals.cases import Case, GoldenError
from assistant_evals.figures import Figure, quantiles, resamples, rounded
from assistant_evals.suites import Suite

BASELINE_SCHEMA = 1
_LEAST = 1e-9
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Breach:
    """What does not hold, in a sentence, and the cases that came out worse than before."""

    metric: str
    message: str
    cases: tuple[str, ...] = ()


@dataclass
class Gate:
    """Whether everything holds that a suite asks for; ``notes`` say what could not be compared."""

    breaches: list[Breach] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Returns the gate as JSON types."""
        return {
            "passed": not self.breaches,
            "breaches": [
                {"metric": b.metric, "message": b.message, "cases": list(b.cases)}
                for b in self.breaches
            ],
            "notes": self.notes,
        }


def hold_bounds(suite: Suite, metrics: Sequence[dict[str, Any]]) -> list[Breach]:
    """Marks each metric with its floor or ceiling, and returns those that do not hold.

    A figure with a bound and no value is a breach: a gate over nothing would always pass.

    Raises:
        GoldenError: a bound names no figure, or is of the wrong kind for it.
    """
    by_name = {metric["name"]: metric for metric in metrics}
    bounds = [(name, at, True) for name, at in suite.floors.items()]
    bounds += [(name, at, False) for name, at in suite.ceilings.items()]
    breaches = []
    for name, at, is_floor in bounds:
        metric = by_name.get(name)
        if metric is None:
            raise GoldenError(
                f"suite {suite.name} bounds {name!r}, which is no figure of this run; "
                f"there are {', '.join(by_name)}"
            )
        if metric["higher_is_better"] != is_floor:
            table = "floors" if metric["higher_is_better"] else "ceilings"
            raise GoldenError(f"suite {suite.name}: {name} belongs in [{table}]")
        value = metric["mean"]
        holds = value is not None and (value >= at if is_floor else value <= at)
        metric |= {"floor": at, "passed": holds}
        if not holds:
            must = f"must be at {'least' if is_floor else 'most'} {at:g}"
            got = "has no value" if value is None else f"is {value:.3f}"
            breaches.append(Breach(name, f"{metric['title']} {got} and {must}."))
    return breaches


def make_baseline(
    report: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Returns what later runs are held against: each case's digest and rows by figure."""
    return {
        "schema": BASELINE_SCHEMA,
        "created": report["created"],
        "library": report["library"],
        "model": report["model"],
        "golden_digest": report["suite"]["golden_digest"],
        "seed": report["seed"],
        "figures": {metric["name"]: metric["mean"] for metric in report["metrics"]},
        "cases": {case["id"]: case["digest"] for case in report["cases"]},
        "failed": [case["id"] for case in report["cases"] if not case["passed"]],
        "rows": {name: dict(own) for name, own in rows.items()},
    }


def read_baseline(path: Path) -> dict[str, Any]:
    """Returns the baseline in a file.

    Raises:
        GoldenError: there is none, or one of another release.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GoldenError(
            f"there is no baseline {path}; make it with `assistant eval baseline`"
        ) from None
    except (OSError, ValueError) as error:
        raise GoldenError(f"baseline {path} cannot be read: {error}") from error
    if not isinstance(record, dict) or record.get("schema") != BASELINE_SCHEMA:
        raise GoldenError(
            f"baseline {path} is not one of this release; make it anew with "
            "`assistant eval baseline`"
        )
    return record


def hold_regressions(
    suite: Suite,
    figures: Sequence[Figure],
    cases: Sequence[Case],
    values: Sequence[Values],
    baseline: Mapping[str, Any],
    seed: int,
) -> Gate:
    """Returns which figures fell below the baseline over the cases of both.

    Raises:
        GoldenError: a figure that is to be held is unknown.
    """
    by_name = {figure.name: figure for figure in figures}
    gate = Gate()
    n_missing = len(set(baseline["cases"]) - {case.id for case in cases})
    if n_missing:
        gate.notes.append(f"{n_missing} cases of the baseline were not asked in this run.")
    for name in suite.regressions.metrics:
        if name not in by_name:
            raise GoldenError(f"suite {suite.name} holds {name!r}, which is no figure")
        figure = by_name[name]
        now = figure.of(cases, values)
        before = {key: tuple(row) for key, row in baseline["rows"].get(name, {}).items()}
        asked = {case.id for case in cases}
        breach = regression(
            figure,
            now,
            {k: v for k, v in before.items() if k in asked},
            suite.regressions.level,
            seed,
        )
        if breach:
            gate.breaches.append(breach)
    return gate


def regression(
    figure: Figure,
    now: Mapping[str, tuple[float, ...]],
    before: Mapping[str, tuple[float, ...]],
    level: float,
    seed: int,
) -> Breach | None:
    """Returns the breach where a figure is worse than before by more than noise; else None.

    The bootstrap is paired: both runs are drawn with the same cases. A case that the figure
    applies to in one run only counts in that run, as an answer that is now declined does.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 16; paired by
    case as in Koehn, "Statistical Significance Tests for Machine Translation Evaluation", 2004.
    """
    names = sorted(set(now) | set(before))
    if not names or not before:
        return None
    sign = 1.0 if figure.higher_is_better else -1.0
    new, old = _sparse(names, now), _sparse(names, before)

    def change(chosen: Any) -> float | None:
        after, ahead = _taken(figure, new, chosen), _taken(figure, old, chosen)
        return None if after is None or ahead is None else sign * (after - ahead)

    whole = change(np.arange(len(names)))
    if whole is None:
        return Breach(figure.name, f"{figure.title} has no value any more.", tuple(before)[:_SHOWN])
    if whole > -_LEAST:
        return None
    draws = [change(chosen) for chosen in resamples(len(names), seed)]
    _, high = quantiles(draws, 0.0, level)
    if high is None or high > -_LEAST:
        return None
    was = _taken(figure, old, np.arange(len(names)))
    got = _taken(figure, new, np.arange(len(names)))
    return Breach(
        figure.name,
        f"{figure.title} went from {was:.3f} to {got:.3f}, which noise does not explain "
        f"({level:.0%} of draws are worse than the baseline).",
        tuple(worse(figure, now, before)),
    )


def worse(
    figure: Figure, now: Mapping[str, tuple[float, ...]], before: Mapping[str, tuple[float, ...]]
) -> list[str]:
    """Returns the ids of the cases whose own value of a figure went down, or went away."""
    sign = 1.0 if figure.higher_is_better else -1.0
    return [
        name
        for name in sorted(set(before) | set(now))
        if sign * (_alone(now.get(name)) - _alone(before.get(name))) < 0
    ]


def _alone(row: Sequence[float] | None) -> float:
    """Returns the value of one case: its share where the row is a pair of counts."""
    if row is None:
        return 0.0
    return row[0] / row[1] if len(row) == 2 and row[1] > 1 else row[0]


def _sparse(names: Sequence[str], rows: Mapping[str, tuple[float, ...]]) -> tuple[Any, Any]:
    """Returns the rows in the order of ``names``, and which of the names have one."""
    width = max((len(row) for row in rows.values()), default=1)
    array = np.array([rows.get(name, (0.0,) * width) for name in names], dtype=np.float64)
    return array, np.array([name in rows for name in names])


def _taken(figure: Figure, rows: tuple[Any, Any], chosen: Any) -> float | None:
    array, held = rows
    kept = array[chosen][held[chosen]]
    return figure.statistic(kept) if len(kept) else None


def check_baseline(cases: Sequence[Case], baseline: Mapping[str, Any]) -> None:
    """Checks that a baseline is of these cases, or of more.

    Raises:
        GoldenError: some are new or changed; the message names them.
    """
    known = baseline["cases"]
    added = [case.id for case in cases if case.id not in known]
    changed = [case.id for case in cases if known.get(case.id, case.digest) != case.digest]
    if not added and not changed:
        return
    parts = [
        f"{len(names)} {what} ({', '.join(names[:_SHOWN])}{' ...' if len(names) > _SHOWN else ''})"
        for names, what in ((added, "new"), (changed, "changed"))
        if names
    ]
    raise GoldenError(
        f"the baseline is of another golden version: {' and '.join(parts)}; "
        "move it with `assistant eval baseline`"
    )


def flips(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Returns how two reports differ: figures, and cases that began to pass or to fail."""
    before = {case["id"]: case for case in old["cases"]}
    after = {case["id"]: case for case in new["cases"]}
    was = {metric["name"]: metric["mean"] for metric in old["metrics"]}
    both = [name for name in after if name in before]
    return {
        "metrics": [
            {
                "name": metric["name"],
                "title": metric["title"],
                "old": was.get(metric["name"]),
                "new": metric["mean"],
                "change": rounded(metric["mean"] - was[metric["name"]])
                if metric["mean"] is not None and was.get(metric["name"]) is not None
                else None,
            }
            for metric in new["metrics"]
        ],
        "fixed": [n for n in both if after[n]["passed"] and not before[n]["passed"]],
        "broken": [n for n in both if before[n]["passed"] and not after[n]["passed"]],
        "reworded": [
            n
            for n in both
            if after[n]["passed"] == before[n]["passed"] and _said(before[n]) != _said(after[n])
        ],
        "only_old": [n for n in before if n not in after],
        "only_new": [n for n in after if n not in before],
    }


def _said(case: Mapping[str, Any]) -> str:
    answer = case["answer"]
    return str(answer["text"]) if answer else ""
