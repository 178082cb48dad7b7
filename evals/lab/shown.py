"""Measures which papers an LLM is shown: whether the right one is among them, and how many.

    python -m assistant_evals.lab.shown --data FOLDER

Papers are in the order of the search, which nothing was fitted for; among its first ten the product
puts the likeliest first.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from assistant_evals.lab.asked_sets import open_vectors
from assistant_evals.lab.field_sets import read_fields
from assistant_evals.lab.flat_library import FlatLibrary
from assistant_evals.lab.measuring_data import parse_data

from assistant.answer.readable import ReadablePaper
from assistant.answer.writing.request import count_source
from assistant.answer.writing.shown import MAX_SHOWN, SHOWN_TOKENS
from assistant.text.sentences import split_sentences
from assistant.text.tokens import count_tokens

FIRST = (4, 10)
"""Numbers of papers to compare with what SHOWN_TOKENS hold."""


def main() -> None:
    """Prints, by field and style, the share of single-paper questions whose paper is shown."""
    embedder, words = open_vectors()
    for name, field in read_fields(parse_data(__doc__).folder).items():
        tokens = {
            paper.paper_id: count_source(
                ReadablePaper(paper, split_sentences(paper.abstract)), count_tokens
            )
            for paper in field.papers
        }
        library = FlatLibrary(field.papers, embedder, words)
        ranks: dict[str, list[int]] = defaultdict(list)
        held: dict[str, list[int]] = defaultdict(list)
        for row in field.questions:
            if len(row.get("papers", ())) != 1:
                continue
            found = library.find(row["question"], MAX_SHOWN)
            spent = np.cumsum([tokens[paper_id] for paper_id in found])
            style = row["style"].removeprefix("short-")
            (right,) = row["papers"]
            ranks[style].append(found.index(right) if right in found else len(found))
            held[style].append(int(np.searchsorted(spent, SHOWN_TOKENS, side="right")))
        for style, own in ranks.items():
            at, n_held = np.array(own), np.array(held[style])
            shares = " ".join(f"@{n} {np.mean(at < n):.3f}" for n in FIRST)
            print(
                f"{name:20} {style:10} n {len(at):3}: right paper shown {shares} "
                f"@{SHOWN_TOKENS} tokens {np.mean(at < n_held):.3f}, papers {n_held.mean():.1f}"
            )


if __name__ == "__main__":
    main()
