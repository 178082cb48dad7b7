"""The gate: what breaks it, and the floors and ceilings that a run's figures must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant_evals.cases.suites import Suite
from assistant_evals.errors import GoldenError


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
