"""One run of a suite: its cases asked, measured and held, as a report of JSON types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from assistant_evals.cases.cases import Asked, Case, digest_cases, read_cases
from assistant_evals.cases.sampling import choose_cases
from assistant_evals.cases.suites import Suite
from assistant_evals.gate.baselines import check_baseline, make_baseline, read_baseline
from assistant_evals.gate.gates import Breach, Gate, hold_bounds
from assistant_evals.gate.regressions import hold_regressions
from assistant_evals.judging.judges import CheckerJudge, SupportJudge
from assistant_evals.judging.trust import make_untried, measure_agreement, measure_trust
from assistant_evals.metrics.catalogue import metrics_for, value_answer
from assistant_evals.metrics.failures import list_failures
from assistant_evals.metrics.metric import Metric, Row, Values, measure
from assistant_evals.metrics.rounding import round_value
from assistant_evals.report.records import (
    draw_curves,
    list_prompts,
    list_versions,
    measure_parts,
    record_case,
    record_settings,
)
from assistant_evals.running.asking import SuiteLibrary, ask_all
from assistant_evals.running.journal import Journal, make_run_key

REPORT_SCHEMA = 1

Progress = Callable[[int, int], None]


@dataclass
class Run:
    """What is to be run, and how."""

    suite: Suite
    only: Sequence[str] = ()
    n_sample: int | None = None
    seed: int = 0
    n_jobs: int = 2
    gate: bool = False
    judge: SupportJudge | None = None
    journal_path: Path | None = None
    last_pairs: Sequence[dict[str, Any]] = ()
    progress: Progress = field(default=lambda _done, _of: None)


@dataclass(frozen=True, slots=True)
class Measured:
    """A report, the rows of its metrics, and the metrics that a baseline is to hold."""

    report: dict[str, Any]
    rows: dict[str, dict[str, Row]]
    held: tuple[str, ...]

    def make_baseline(self) -> dict[str, Any]:
        """Returns what later runs are held against."""
        kept = {name: self.rows[name] for name in self.held if name in self.rows}
        return make_baseline(self.report, kept)


def run(options: Run, library: SuiteLibrary) -> Measured:
    """Asks the cases of a suite and returns what they say of the product.

    The report is the same for the same answers but for ``created`` and ``times``.

    Raises:
        GoldenError: the suite, a golden file or the baseline cannot be used.
    """
    start = perf_counter()
    assistant = library.assistant
    stats = assistant.stats()
    papers = {paper.paper_id: paper for paper in assistant.papers()}
    every = read_cases(options.suite.golden, papers)
    cases = choose_cases(every, options.only, options.n_sample, options.seed)
    baseline = None
    if options.gate and options.suite.regressions.metrics and options.suite.baseline:
        baseline = read_baseline(options.suite.baseline)
        check_baseline(cases, baseline)
    journal = None
    if options.journal_path:
        key = make_run_key(assistant.settings, stats.digest, list_versions())
        journal = Journal(options.journal_path, key)
    asked = _ask_cases(options, library, cases, journal)
    checker = CheckerJudge(assistant)
    known = papers | {case.id: case.poisoned for case in cases if case.poisoned}
    values = [
        value_answer(case, one, known, checker.supports)
        for case, one in zip(cases, asked, strict=True)
    ]
    metrics = metrics_for(cases, options.suite.list_metrics())
    trust = make_untried()
    if options.suite.trust:
        trust = measure_trust(assistant, cases, asked, checker, options.seed)
    trust["pairs"] = [*trust["pairs"], *options.last_pairs]
    if options.judge is not None:
        trust["agreement"] = measure_agreement(asked, options.judge)
    report: dict[str, Any] = {
        "schema": REPORT_SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "suite": {
            "name": options.suite.name,
            "golden_digest": digest_cases(every),
            "n_cases": len(cases),
        },
        "settings": record_settings(assistant.settings),
        "versions": list_versions(),
        "prompts": list_prompts(asked, options.judge),
        "library": {
            "name": stats.library,
            "digest": stats.digest,
            "n_papers": stats.papers,
        },
        "model": next((one.answer.model for one in asked if one.answer and one.answer.model), None),
        "judge": options.judge.name if options.judge else checker.name,
        "seed": options.seed,
        "metrics": [measure(metric, cases, values, options.seed) for metric in metrics],
        "curves": draw_curves(metrics, cases, values),
        "trust": trust,
        "gate": None,
        "cases": [
            record_case(case, one, own, list_failures(case, one, own))
            for case, one, own in zip(cases, asked, values, strict=True)
        ],
    }
    report["parts"] = measure_parts(cases, values, [case["passed"] for case in report["cases"]])
    if options.gate:
        report["gate"] = hold_gate(options, report, metrics, cases, values, baseline).to_dict()
    times = [one.took_ms for one in asked]
    report["times"] = {
        "seconds": round(perf_counter() - start, 2),
        "ms_p50": round_value(float(np.median(times))),
        "ms_p95": round_value(float(np.quantile(times, 0.95))),
    }
    if journal:
        journal.remove()
    rows = {metric.name: metric.take_rows(cases, values) for metric in metrics}
    return Measured(report, rows, options.suite.regressions.metrics)


def _ask_cases(
    options: Run, library: SuiteLibrary, cases: Sequence[Case], journal: Journal | None
) -> list[Asked]:
    """Returns what came of the cases; the journal is closed also where that is stopped."""
    n_done = 0

    def advance(n: int) -> None:
        nonlocal n_done
        n_done += n
        options.progress(n_done, len(cases))

    try:
        return ask_all(library, cases, journal=journal, n_jobs=options.n_jobs, progress=advance)
    finally:
        if journal:
            journal.close()


def hold_gate(
    options: Run,
    report: Mapping[str, Any],
    metrics: Sequence[Metric],
    cases: Sequence[Case],
    values: Sequence[Values],
    baseline: Mapping[str, Any] | None,
) -> Gate:
    """Returns the gate over bounds, errors, trust in the checker, and the baseline."""
    gate = Gate(hold_bounds(options.suite, report["metrics"]))
    if baseline is not None:
        against = hold_regressions(options.suite, metrics, cases, values, baseline, options.seed)
        gate.breaches += against.breaches
        gate.notes += against.notes
    errors = [case["id"] for case in report["cases"] if case["error"] is not None]
    if errors:
        message = f"{len(errors)} of {len(cases)} cases came to no answer."
        gate.breaches.append(Breach("errors", message, tuple(errors)))
    for mutation in report["trust"]["mutations"]:
        if mutation["passed"] is False:
            area = mutation["auc"]
            message = (
                f"{mutation['title']}: the checker tells it with AUC {area:.3f}, "
                f"and must with {mutation['floor']:g}."
            )
            gate.breaches.append(Breach(f"trust:{mutation['name']}", message))
    agreed = report["trust"]["agreement"]
    if agreed and agreed["n_errors"]:
        gate.notes.append(
            f"The judge {agreed['judge']} gave no judgement on {agreed['n_errors']} sentences."
        )
    if options.only or options.n_sample:
        gate.notes.append("Only a part of the suite was asked.")
    return gate
