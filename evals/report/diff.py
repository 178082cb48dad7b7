"""What differs between two reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant_evals.metrics.rounding import round_value


def compare_reports(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
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
                "change": round_value(metric["mean"] - was[metric["name"]])
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
