"""The baseline of a suite: what its cases came out as, for later runs to be held against."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant_evals.cases.cases import Case
from assistant_evals.errors import GoldenError

BASELINE_SCHEMA = 1
_SHOWN = 5


def make_baseline(
    report: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Returns what later runs are held against: each case's digest and rows by figure.

    ``figures`` and ``parts`` are there to be read, and for the documents.
    """
    return {
        "schema": BASELINE_SCHEMA,
        "created": report["created"],
        "library": report["library"],
        "model": report["model"],
        "golden_digest": report["suite"]["golden_digest"],
        "seed": report["seed"],
        "figures": {metric["name"]: metric["mean"] for metric in report["metrics"]},
        "parts": report["parts"],
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
