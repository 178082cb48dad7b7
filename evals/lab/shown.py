"""Measures which papers an LLM is shown: whether the right ones are among them, and how many.

    python -m assistant_evals.lab.shown --data FOLDER

The order is that of the extraction's paper model, under weights fitted on other folds' papers.
"""

from __future__ import annotations

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.answers import held_out
from assistant_evals.lab.fit_extractive import example
from assistant_evals.lab.flat_library import measured_libraries, read_rows
from assistant_evals.lab.measuring_data import parse_data

from assistant.answer.writing.shown import select_papers_to_show
from assistant.evidence.scoring import score_evidence

CHOICES = ((1, 0.0), (3, 0.0), (4, 0.95), (4, 0.98), (4, 0.995), (10, 1.0))
"""(papers at least, probability that those shown must hold) to compare."""


def main() -> None:
    """Prints, for each choice, the share of single-paper questions whose paper is shown."""
    data = parse_data(__doc__)
    rows = read_rows(GOLDEN_FOLDER / "single.jsonl")
    for name, library in measured_libraries(data.starter, data.feed).items():
        examples = [example(row, library.evidence(row["question"])) for row in rows]
        judged = [
            score_evidence(e.evidence, m) for e, m in zip(examples, held_out(examples), strict=True)
        ]
        for style in ("named", "described"):
            asked = [
                (e.row, j) for e, j in zip(examples, judged, strict=True) if e.row["style"] == style
            ]
            for at_least, mass in CHOICES:
                shown = [select_papers_to_show(j, at_least, mass) for _, j in asked]
                held = [
                    bool({p.paper_id for p, _ in papers} & set(row["papers"]))
                    for (row, _), papers in zip(asked, shown, strict=True)
                ]
                print(
                    f"{name:8} {style:10} at least {at_least:2}, mass {mass:5.3f}: right paper "
                    f"shown {np.mean(held):.3f}, papers {np.mean([len(p) for p in shown]):.1f}"
                )


if __name__ == "__main__":
    main()
