"""One run of a suite: its cases asked, measured and held, as a report of JSON types."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from assistant_evals.asking import Asked, Journal, Opened, ask_all, run_key
from assistant_evals.case_values import Values, failures_of, values_of
from assistant_evals.cases import Case, chosen_cases, digest_of, read_cases
from assistant_evals.figures import (
    Figure,
    as_array,
    by_kind,
    figures_for,
    measured,
    risk_coverage,
    rounded,
)
from assistant_evals.gates import (
    Breach,
    Gate,
    check_baseline,
    hold_bounds,
    hold_regressions,
    make_baseline,
    read_baseline,
)
from assistant_evals.judges import CheckerJudge, Judge
from assistant_evals.labelled_pairs import reliability
from assistant_evals.suites import Suite
from assistant_evals.trust import agreement, rounded_all, trust_in

from assistant.settings import Settings

REPORT_SCHEMA = 1
_MAX_CURVE_POINTS = 101
_PRIVATE = {"home", "threads", "chroma_url", "llm_api_key", "embedding_api_key"}
_MEASURED_WITH = (
    "abstract-assistant",
    "bm25s",
    "chromadb",
    "llama-index-core",
    "numpy",
    "onnxruntime",
    "openai",
)

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
    judge: Judge | None = None
    journal_path: Path | None = None
    last_pairs: Sequence[dict[str, Any]] = ()
    progress: Progress = field(default=lambda _done, _of: None)


@dataclass(frozen=True, slots=True)
class Measured:
    """A report, the rows of its figures, and the figures that a baseline is to hold."""

    report: dict[str, Any]
    rows: dict[str, dict[str, tuple[float, ...]]]
    held: tuple[str, ...]

    def baseline(self) -> dict[str, Any]:
        """Returns what later runs are held against."""
        kept = {name: self.rows[name] for name in self.held if name in self.rows}
        return make_baseline(self.report, kept)


def run(options: Run, library: Opened) -> Measured:
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
    cases = chosen_cases(every, options.only, options.n_sample, options.seed)
    baseline = None
    if options.gate and options.suite.regressions.metrics and options.suite.baseline:
        baseline = read_baseline(options.suite.baseline)
        check_baseline(cases, baseline)
    journal = None
    if options.journal_path:
        key = run_key(assistant.settings, str(stats["digest"]), versions())
        journal = Journal(options.journal_path, key)
    n_done = 0

    def advance(n: int) -> None:
        nonlocal n_done
        n_done += n
        options.progress(n_done, len(cases))

    try:
        asked = ask_all(library, cases, journal=journal, n_jobs=options.n_jobs, progress=advance)
    finally:
        if journal:
            journal.close()
    checker = CheckerJudge(assistant.models.checker())
    poisoned = {case.id: case.poisoned.abstract for case in cases if case.poisoned}
    abstracts = {**{key: paper.abstract for key, paper in papers.items()}, **poisoned}
    values = [
        values_of(case, one, abstracts, checker.supports)
        for case, one in zip(cases, asked, strict=True)
    ]
    figures = figures_for(cases)
    metrics = [measured(figure, cases, values, options.seed) for figure in figures]
    trust = trust_in(assistant, cases, asked, checker, options.seed)
    trust["pairs"] = [*trust["pairs"], *options.last_pairs]
    if options.judge is not None:
        trust["agreement"] = agreement(asked, options.judge)
    report: dict[str, Any] = {
        "schema": REPORT_SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "suite": {
            "name": options.suite.name,
            "golden_digest": digest_of(every),
            "n_cases": len(cases),
        },
        "settings": shown_settings(assistant.settings),
        "versions": versions(),
        "prompts": prompts_of(asked, options.judge),
        "library": {
            "name": stats["library"],
            "digest": stats["digest"],
            "n_papers": stats["papers"],
        },
        "model": next((one.answer.model for one in asked if one.answer and one.answer.model), None),
        "judge": options.judge.name if options.judge else checker.name,
        "seed": options.seed,
        "metrics": metrics,
        "curves": curves_of(figures, cases, values),
        "trust": trust,
        "gate": None,
        "cases": [
            case_record(case, one, own, failures_of(case, one, own))
            for case, one, own in zip(cases, asked, values, strict=True)
        ],
    }
    report["kinds"] = by_kind(
        cases,
        [case["passed"] for case in report["cases"]],
        [case["error"] is not None for case in report["cases"]],
    )
    breaches = hold_bounds(whole_bounds(options), metrics)
    if options.gate:
        report["gate"] = held(options, report, breaches, figures, cases, values, baseline).to_dict()
    times = [one.took_ms for one in asked]
    report["times"] = {
        "seconds": round(perf_counter() - start, 2),
        "ms_p50": rounded(float(np.median(times))),
        "ms_p95": rounded(float(np.quantile(times, 0.95))),
    }
    if journal:
        journal.remove()
    rows = {figure.name: figure.of(cases, values) for figure in figures}
    return Measured(report, rows, options.suite.regressions.metrics)


def whole_bounds(options: Run) -> Suite:
    """Returns the suite; without bounds where only a part is asked and nothing is held."""
    if options.gate:
        return options.suite
    return replace(options.suite, floors={}, ceilings={})


def held(
    options: Run,
    report: Mapping[str, Any],
    breaches: Sequence[Breach],
    figures: Sequence[Figure],
    cases: Sequence[Case],
    values: Sequence[Values],
    baseline: Mapping[str, Any] | None,
) -> Gate:
    """Returns the gate over bounds, errors, trust in the checker, and the baseline."""
    gate = Gate(list(breaches))
    if baseline is not None:
        against = hold_regressions(options.suite, figures, cases, values, baseline, options.seed)
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


def case_record(case: Case, one: Asked, values: Values, failures: Sequence[str]) -> dict[str, Any]:
    """Returns a case of the report as JSON types."""
    return {
        "id": case.id,
        "kind": case.kind,
        "digest": case.digest,
        "question": case.question,
        "before": list(case.before),
        "passed": not failures,
        "failures": list(failures),
        "error": one.error if one.answer is None else None,
        "values": {name: _rounded(value) for name, value in values.items()},
        "expected": case.expected(),
        "retrieved": list(one.retrieved),
        "answer": answer_record(one),
    }


def answer_record(one: Asked) -> dict[str, Any] | None:
    """Returns the answer as JSON types, without times and without papers that play no part."""
    if one.answer is None:
        return None
    record = one.answer.to_dict()
    closest = one.answer.abstention.closest if one.answer.abstention else ()
    record["sources"] = [
        source for source in record["sources"] if source["cited"] or source["paper_id"] in closest
    ]
    return {**record, "timings_ms": {}}


def curves_of(
    figures: Sequence[Figure], cases: Sequence[Case], values: Sequence[Values]
) -> dict[str, Any]:
    """Returns the risk at each coverage, and how far answerability means what it says."""
    by_name = {figure.name: figure for figure in figures}
    risky = as_array(by_name["aurc"].of(cases, values).values())
    sure = as_array(by_name["answerability_auroc"].of(cases, values).values())
    curve = risk_coverage(risky) if len(risky) else risky
    step = max(1, len(curve) // _MAX_CURVE_POINTS)
    return {
        "risk_coverage": [[rounded(x), rounded(y)] for x, y in curve[step - 1 :: step].tolist()],
        "reliability": [
            rounded_all(row)
            for row in reliability(sure[:, 0].tolist(), sure[:, 1].astype(int).tolist())
            if row["n"]
        ],
    }


def prompts_of(asked: Sequence[Asked], judge: Judge | None) -> dict[str, str]:
    """Returns version and digest of each prompt that was used."""
    found: dict[str, str] = {}
    for one in asked:
        found |= one.answer.prompts if one.answer else {}
    if judge is not None and judge.prompt:
        found["judge"] = judge.prompt
    return dict(sorted(found.items()))


def shown_settings(settings: Settings) -> dict[str, Any]:
    """Returns the settings that an answer depends on, without keys and places."""
    return settings.model_dump(mode="json", exclude=_PRIVATE)


def versions() -> dict[str, str]:
    """Returns the versions of what answers and what they are measured with."""
    found = {name: version(name) for name in _MEASURED_WITH}
    return {**found, "python": platform.python_version()}


def _rounded(value: float | list[float] | None) -> float | list[float | None] | None:
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return rounded(value)
