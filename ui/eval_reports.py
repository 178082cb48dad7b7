"""Reports of the evals, as files: ``<home>/reports/<name>/report.json``.

A report holds its settings, metrics with their intervals, and every case with its answer. One that
cannot be read is named in a sentence, and the others are shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, ValidationError

REPORTS_FOLDER = "reports"
REPORT_FILE = "report.json"
REPORT_SCHEMA = 1
"""The format of a report; raised whenever an older reader would misread it."""

MAX_REPORTS = 20
"""The newest reports, by when they were written; older ones are not read."""

MAX_BYTES = 100 * 2**20


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class MeasuredLibrary(_Part):
    """The library that was asked."""

    name: str
    digest: str
    n_papers: NonNegativeInt


class Metric(_Part):
    """A mean with its interval; None where it applied to no case.

    ``floor`` is what the mean must reach, or stay below where lower is better; ``passed`` says
    whether it does, None where there is no floor.
    """

    name: str
    title: str
    mean: FiniteFloat | None
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None
    n: NonNegativeInt
    n_inapplicable: NonNegativeInt = 0
    n_errors: NonNegativeInt = 0
    higher_is_better: bool = True
    floor: FiniteFloat | None = None
    passed: bool | None = None


class Case(_Part):
    """A question that was asked; ``failures`` say what was wrong, ``answer`` is its record."""

    id: str
    kind: str = ""
    question: str
    passed: bool
    failures: tuple[str, ...] = ()
    answer: dict[str, Any] | None = None


class Report(_Part):
    """One run of the evals; ``model`` is None where answers were quotations."""

    schema_: Literal[1] = Field(alias="schema")
    created: datetime
    settings: dict[str, Any]
    library: MeasuredLibrary
    model: str | None
    seed: int
    metrics: tuple[Metric, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class NamedReport:
    """A report with the name of its folder."""

    name: str
    report: Report


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that could be read, the newest run first, and a sentence for each other one."""

    reports: tuple[NamedReport, ...] = ()
    faults: tuple[str, ...] = ()

    def named(self, name: str) -> NamedReport | None:
        """Returns the report of that name, else the newest; None where there is none."""
        found = (each for each in self.reports if each.name == name)
        return next(found, self.reports[0] if self.reports else None)


def read_reports(home: Path) -> Reports:
    """Returns the reports under the home folder."""
    written: list[tuple[int, int, Path]] = []
    faults: list[str] = []
    try:
        paths = sorted((home / REPORTS_FOLDER).glob(f"*/{REPORT_FILE}"))
    except OSError:
        return Reports(faults=("The folder of reports cannot be read.",))
    for path in paths:
        try:
            stat = path.stat()
            written.append((stat.st_mtime_ns, stat.st_size, path))
        except OSError as error:
            faults.append(_fault(path.parent.name, f"cannot be read ({error.strerror})"))
    reports: list[NamedReport] = []
    for changed_ns, size, path in sorted(written, reverse=True)[:MAX_REPORTS]:
        try:
            reports.append(NamedReport(path.parent.name, _read(path, changed_ns, size)))
        except OSError as error:
            faults.append(_fault(path.parent.name, f"cannot be read ({error.strerror})"))
        except ValueError as error:
            faults.append(_fault(path.parent.name, str(error)))
    reports.sort(key=lambda each: (each.report.created.timestamp(), each.name), reverse=True)
    return Reports(tuple(reports), tuple(sorted(faults)))


def read_report(content: bytes) -> Report:
    """Returns the report that a file holds.

    Raises:
        ValueError: it is none, or one of a newer release; the message says which in a few words.
    """
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("is not valid JSON") from None
    if not isinstance(record, dict):
        raise ValueError("is not a JSON object")
    if record.get("schema") != REPORT_SCHEMA:
        raise ValueError(
            f"has schema {record.get('schema')!r} where this release reads {REPORT_SCHEMA}"
        )
    try:
        return Report.model_validate(record)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise ValueError(f"is not complete: {where}: {fault['msg'].lower()}") from None


@lru_cache(maxsize=MAX_REPORTS)
def _read(path: Path, changed_ns: int, size: int) -> Report:  # noqa: ARG001 - a change is read anew
    if size > MAX_BYTES:
        raise ValueError(f"has more than {MAX_BYTES // 2**20} MB")
    return read_report(path.read_bytes())


def _fault(name: str, what: str) -> str:
    return f"Report {name!r} {what}; run those evals again or remove its folder."
