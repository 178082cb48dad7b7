"""Measures lists and comparisons of every field, as the product answers them offline.

    python -m assistant_evals.lab.field_lists --data FOLDER

Nothing is fitted on these questions. The lists of the starter library were written by a reader of
some of its papers: precision counts, beside all papers shown, those alone that some question names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from assistant_evals.lab.field_sets import FieldSet, read_fields
from assistant_evals.lab.flat_library import FlatLibrary
from assistant_evals.lab.measuring_data import parse_data
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.facts import share_of_facts

from assistant.answer.engine import Engine
from assistant.answers import Answer
from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.settings import load_settings
from assistant.store.snapshot import Snapshot

KINDS = ("list", "comparison")


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """One answer: shares in [0, 1], None where they do not apply."""

    recall: float | None
    precision: float | None
    precision_of_named: float | None
    facts: float | None
    declined: float


def measure_answer(row: Mapping[str, Any], answer: Answer, named: frozenset[str]) -> ListOutcome:
    """Returns how ``answer`` serves ``row``; ``named`` are the papers that some question names."""
    shown = {c.paper_id for s in answer.sentences for c in s.citations}
    may, must = set(row["papers"]), set(row.get("must", row["papers"]))
    right = len(shown & may)
    return ListOutcome(
        recall=len(shown & must) / len(must) if must else None,
        precision=right / len(shown) if shown else None,
        precision_of_named=right / len(shown & named) if shown & named else None,
        facts=share_of_facts(answer.text if shown else "", row.get("facts", ())),
        declined=float(answer.abstained),
    )


def list_named(questions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Returns the papers that any of ``questions`` names as right or as closest."""
    keys = ("papers", "must", "closest")
    return frozenset(i for row in questions for key in keys for i in row.get(key) or ())


def measure_field(field: FieldSet, embedder: Embedder) -> Iterator[str]:
    """Yields a line of figures for each kind that ``field`` has questions of."""
    asked = {kind: [q for q in field.questions if q["kind"] == kind] for kind in KINDS}
    library = FlatLibrary(field.papers, embedder, embedder.words)
    # It reads like a snapshot as far as questions go.
    engine = Engine(cast(Snapshot, library), embedder, load_settings())
    named = list_named(field.questions)
    for kind, rows in asked.items():
        outcomes = [measure_answer(row, engine.answer(row["question"]), named) for row in rows]
        names = ListOutcome.__slots__
        means = ((name, mean_of([getattr(o, name) for o in outcomes])[0]) for name in names)
        figures = "  ".join(f"{name} {mean:.3f}" for name, mean in means if mean is not None)
        if rows:
            yield f"{field.name:20} {kind:10} n={len(rows):<3} {figures}"


def main() -> None:
    """Prints the figures of each field, lists and comparisons apart."""
    data = parse_data(__doc__)
    path = os.environ.get("EVALS_CACHE")
    embedder = open_embedder(cache_path=Path(path) if path else None)
    for field in read_fields(data.folder).values():
        for line in measure_field(field, embedder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
