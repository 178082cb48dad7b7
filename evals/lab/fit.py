"""Fits every weight of extraction and abstention on all sets and writes them.

    python -m assistant_evals.lab.fit --data FOLDER

Figures must come from ``assistant_evals.lab.held_out``, which measures on what it did not fit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from assistant_evals.lab.asked_sets import (
    Asked,
    ask_sets,
    is_held_out_with,
    match_examples,
    open_vectors,
)
from assistant_evals.lab.fit_abstention import Case, fit_cases, make_cases
from assistant_evals.lab.fit_extractive import (
    Example,
    fit,
    is_fitted_on,
    make_example,
    write_weights,
)
from assistant_evals.lab.fit_match import fit_match
from assistant_evals.lab.measuring_data import parse_data

from assistant.evidence.answerability_features import EMBEDDER_BOUND
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel
from assistant.evidence.scoring import ExtractionModels
from assistant.evidence.sentence_match import MATCH_FILE, load_sentence_match


def make_examples(asked: Sequence[Asked]) -> list[Example]:
    """Returns the examples of those of ``asked`` that extraction may be fitted on."""
    return [make_example(one) for one in asked if is_fitted_on(one)]


def fit_without(examples: Sequence[Example], fields: Sequence[str]) -> dict[str, ExtractionModels]:
    """Returns for each of ``fields`` the models fitted on the examples of the others."""
    return {
        name: fit([e for e in examples if not is_held_out_with(e.asked, name)]) for name in fields
    }


def list_fields(asked: Sequence[Asked]) -> list[str]:
    """Returns the names of the fields, in order."""
    return list(dict.fromkeys(one.field for one in asked))


def main() -> None:
    """Fits the match, then extraction, then abstention, and writes their files."""
    data = parse_data(__doc__)
    embedder, _ = open_vectors()
    match = fit_match(match_examples(data.folder, embedder))
    np.savez(MATCH_FILE, allow_pickle=False, **match.to_arrays(np.float16))
    load_sentence_match.cache_clear()
    extraction: dict[str, LinearModel] = {}
    abstention: dict[str, LinearModel] = {}
    for with_words in (True, False):
        suffix = "" if with_words else WITHOUT_WORDS
        asked = ask_sets(data.folder, with_words)
        examples = make_examples(asked)
        models = fit(examples)
        extraction |= {"paper" + suffix: models.paper, "sentence" + suffix: models.sentence}
        cases: list[Case] = make_cases(asked, fit_without(examples, list_fields(asked)))
        told = fit_cases(cases, frozenset() if with_words else EMBEDDER_BOUND)
        abstention |= {"answerable" + suffix: told.answerable, "relevant" + suffix: told.relevant}
    fitted_on = "all sets of evals/lab/asked_sets.py but the fresh ones"
    write_weights("extractive.json", extraction, fitted_on)
    write_weights("abstention.json", abstention, fitted_on)


if __name__ == "__main__":
    main()
