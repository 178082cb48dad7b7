"""How common words are in scholarly abstracts at large, whatever a library holds."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from math import log1p
from pathlib import Path

FREQUENCIES_FILE = Path(__file__).parents[1] / "weights" / "word_frequencies.json"


@lru_cache(maxsize=100_000)
def compute_general_idf(term: str) -> float:
    """Returns ln(1 + (N - df + .5) / (df + .5)) over the shipped abstracts, > 0.

    Source: the idf of Lucene's BM25Similarity; df of some thousand abstracts of several fields,
    ``evals/lab/fit_grounding.py``.
    """
    n_texts, counts = _load_frequencies()
    df = abs(counts.get(term, 1))
    return log1p((n_texts - df + 0.5) / (df + 0.5))


def is_ordinary(term: str) -> bool:
    """Returns whether ``term`` is written with a small letter in abstracts, as names are not."""
    return _load_frequencies()[1].get(term, 0) > 0


@cache
def _load_frequencies() -> tuple[int, dict[str, int]]:
    """Returns the number of texts, and in how many each term is; negative for capitals only."""
    stored = json.loads(FREQUENCIES_FILE.read_text(encoding="utf-8"))
    return stored["n_texts"], stored["counts"]
