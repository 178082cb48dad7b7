"""The parts of a report, as JSON types."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.judging.judges import SupportJudge
from assistant_evals.metrics.case_statistics import as_array, mean_of, risk_coverage
from assistant_evals.metrics.label_agreement import reliability
from assistant_evals.metrics.metric import Metric, Values
from assistant_evals.metrics.rounding import round_value, round_values

from assistant import Settings

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
_MAX_CURVE_POINTS = 101

PART_VALUES = {
    "recall_at_5": "Recall@5",
    "right_paper": "Right paper",
    "answers_first": "Answers first",
    "facts_all": "All facts",
    "declined": "Declined",
    "doubted": "Doubted",
}
"""What is told of each part of a run, with its title. Of unanswerable questions all should be
doubted (declined, or answered as uncertain), of the others none."""


def record_case(case: Case, one: Asked, values: Values, failures: Sequence[str]) -> dict[str, Any]:
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
        "values": round_values(values),
        "expected": case.list_expected(),
        "retrieved": list(one.retrieved),
        "answer": record_answer(one),
    }


def record_answer(one: Asked) -> dict[str, Any] | None:
    """Returns the answer as JSON types, without times and without papers that play no part."""
    if one.answer is None:
        return None
    record = one.answer.to_dict()
    closest = one.answer.abstention.closest if one.answer.abstention else ()
    record["sources"] = [
        source for source in record["sources"] if source["cited"] or source["paper_id"] in closest
    ]
    return {**record, "timings_ms": {}}


def measure_parts(
    cases: Sequence[Case], values: Sequence[Values], passed: Sequence[bool]
) -> list[dict[str, Any]]:
    """Returns a row for each golden file and each kind of case in it, in their order.

    It holds how many cases there are, passed, and came to no answer, and the means of
    ``PART_VALUES`` over those that these apply to; None where that is none.
    """
    members: dict[tuple[str, str], list[int]] = {}
    for i, case in enumerate(cases):
        members.setdefault((case.group, case.kind), []).append(i)
    return [
        {
            "set": group,
            "kind": kind,
            "n": len(own),
            "n_passed": sum(passed[i] for i in own),
            "n_errors": sum(not values[i] for i in own),
            "means": {name: _mean_value(name, [values[i] for i in own]) for name in PART_VALUES},
        }
        for (group, kind), own in members.items()
    ]


def _mean_value(name: str, values: Sequence[Values]) -> float | None:
    found = [own.get(name) for own in values]
    return round_value(mean_of([v for v in found if isinstance(v, float)])[0])


def draw_curves(
    metrics: Sequence[Metric], cases: Sequence[Case], values: Sequence[Values]
) -> dict[str, Any]:
    """Returns the risk at each coverage, and how far answerability means what it says."""
    by_name = {metric.name: metric for metric in metrics}
    risky = as_array(by_name["aurc"].take_rows(cases, values).values())
    sure = as_array(by_name["answerability_auroc"].take_rows(cases, values).values())
    curve = risk_coverage(risky) if len(risky) else risky
    step = max(1, len(curve) // _MAX_CURVE_POINTS)
    return {
        "risk_coverage": [
            [round_value(x), round_value(y)] for x, y in curve[step - 1 :: step].tolist()
        ],
        "reliability": [
            round_values(row)
            for row in reliability(sure[:, 0].tolist(), sure[:, 1].astype(int).tolist())
            if row["n"]
        ],
    }


def list_prompts(asked: Sequence[Asked], judge: SupportJudge | None) -> dict[str, str]:
    """Returns version and digest of each prompt that was used."""
    found: dict[str, str] = {}
    for one in asked:
        found |= one.answer.prompts if one.answer else {}
    if judge is not None and judge.prompt:
        found["judge"] = judge.prompt
    return dict(sorted(found.items()))


def record_settings(settings: Settings) -> dict[str, Any]:
    """Returns the settings that an answer depends on, without keys and places."""
    return settings.model_dump(mode="json", exclude=_PRIVATE)


def list_versions() -> dict[str, str]:
    """Returns the versions of what answers and what they are measured with."""
    found = {name: version(name) for name in _MEASURED_WITH}
    return {**found, "python": platform.python_version()}
