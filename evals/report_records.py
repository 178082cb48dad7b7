"""The parts of a report, as JSON types."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from assistant_evals.asking import Asked
from assistant_evals.case_statistics import as_array, risk_coverage
from assistant_evals.case_values import Values
from assistant_evals.cases import Case
from assistant_evals.figure import Figure
from assistant_evals.judges import Judge
from assistant_evals.label_agreement import reliability
from assistant_evals.rounding import rounded, rounded_all

from assistant.settings import Settings

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
        "values": rounded_all(values),
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
