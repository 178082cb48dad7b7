"""Measures which papers an LLM is shown: whether the right ones are among them, and how many.

    python -m assistant_evals.lab.shown --data FOLDER

The order is that of the extraction's paper model, fitted without the field that is asked.
"""

from __future__ import annotations

import numpy as np
from assistant_evals.lab.asked_sets import TRAINING, ask_sets
from assistant_evals.lab.fit import fit_without, list_fields, make_examples
from assistant_evals.lab.measuring_data import parse_data

from assistant.answer.writing.shown import select_papers_to_show
from assistant.evidence.scoring import score_evidence

CHOICES = ((1, 0.0), (3, 0.0), (4, 0.95), (4, 0.98), (4, 0.995), (10, 1.0))
"""(papers at least, probability that those shown must hold) to compare."""


def main() -> None:
    """Prints, for each choice, the share of single-paper questions whose paper is shown."""
    data = parse_data(__doc__)
    asked = ask_sets(data.folder)
    models = fit_without(make_examples(asked), list_fields(asked))
    asked = [one for one in asked if one.has_sentences and one.field != TRAINING]
    for field in list_fields(asked):
        for style in ("named", "described"):
            own = [one for one in asked if (one.field, one.kind) == (field, style)]
            judged = [score_evidence(one.evidence, models[field]) for one in own]
            for at_least, mass in CHOICES:
                shown = [select_papers_to_show(j, at_least, mass) for j in judged]
                held = [
                    bool({p.paper_id for p, _ in papers} & set(one.row["papers"]))
                    for one, papers in zip(own, shown, strict=True)
                ]
                print(
                    f"{field:20} {style:10} at least {at_least:2}, mass {mass:5.3f}: right paper "
                    f"shown {np.mean(held):.3f}, papers {np.mean([len(p) for p in shown]):.1f}"
                )


if __name__ == "__main__":
    main()
