"""Counts how common words are, for the weights of the groundedness checker.

    python -m assistant_evals.lab.fit_grounding --data FOLDER

Abstracts of the starter library and of collections of other fields; no claim takes part. A term
that is never written with a small letter gets a negative count: it is a name.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from assistant_evals.lab.flat_library import papers_of
from assistant_evals.lab.judged_collections import beir_collection

from assistant.grounding.frequencies import FREQUENCIES_FILE
from assistant.starter.papers import locate_starter
from assistant.text.terms import extract_spelled_terms, find_word_runs

COLLECTIONS = ("cranfield", "scifact_train")
MIN_TEXTS = 2
"""Terms of fewer texts are left out; they count as unknown."""

_MIN_SMALL_SHARE = 0.1  # a name that someone once wrote small stays a name


def frequencies(texts: Iterable[str]) -> tuple[int, dict[str, int]]:
    """Returns the number of ``texts`` and the signed number of texts of each term."""
    in_texts: Counter[str] = Counter()
    written_small: Counter[str] = Counter()
    n_texts = 0
    for text in texts:
        n_texts += 1
        runs = find_word_runs(text)
        in_texts.update({term for run in runs for _, term in extract_spelled_terms(run)})
        if any(run[:1].isupper() for run in runs):  # else the text has lost its capitals
            small = {
                term for run in runs if run.islower() for _, term in extract_spelled_terms(run)
            }
            written_small.update(small)
    counts = {}
    for term, count in sorted(in_texts.items()):
        if count >= MIN_TEXTS and not any(char.isdigit() for char in term):
            is_small = written_small[term] >= max(MIN_TEXTS, _MIN_SMALL_SHARE * count)
            counts[term] = count if is_small else -count
    return n_texts, counts


def main() -> None:
    """Writes the counts that the package ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "external" / "retrieval"
    papers = papers_of(locate_starter())
    for name in COLLECTIONS:
        papers = [*papers, *beir_collection(folder / name).papers]
    n_texts, counts = frequencies(f"{paper.title}\n{paper.abstract}" for paper in papers)
    stored = {"n_texts": n_texts, "counts": counts}
    FREQUENCIES_FILE.write_text(
        json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    print(f"{FREQUENCIES_FILE}: {len(counts)} terms of {n_texts} texts")


if __name__ == "__main__":
    main()
