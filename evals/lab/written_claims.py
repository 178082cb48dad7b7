"""False alarms of the check on sentences as a capable LLM writes them, and altered ones it finds.

    python -m assistant_evals.lab.written_claims [--no-words] [--rows]

The sentences are ours, about papers of the starter library and of the ten sciences: true ones
(of one paper or several, corrections, negations, in other languages) and altered ones, each with
its question and the sentences it cites. Rows of one half shaped the rules of the check; of the
other half only totals were seen. The check sees the cited papers and a few others, as it does of
an answer.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.judging.claims import Half
from assistant_evals.lab.flat_library import papers_of
from pydantic import BaseModel, ConfigDict

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.grounding.checker import Checker, Grounding, SourceSentence
from assistant.starter.papers import locate_starter
from assistant.text.sentences import split_sentences
from assistant.types import Paper

OWN_WRITTEN = GOLDEN_FOLDER / "own_written.jsonl"
SCIENCES = GOLDEN_FOLDER.parent / "sciences" / "papers.jsonl"

_N_OTHERS = 4


class WrittenClaim(BaseModel):
    """A sentence with its question and what it cites: (paper id, number of the sentence).

    ``label`` is 1 where the cited sentences bear it out; ``kind`` says what it is, or how it was
    altered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    claim: str
    cited: list[tuple[str, int]]
    label: Literal[0, 1]
    kind: str
    half: Half


def load_written_claims() -> list[WrittenClaim]:
    """Returns the sentences."""
    with OWN_WRITTEN.open(encoding="utf-8") as lines:
        return [WrittenClaim.model_validate_json(line) for line in lines]


def read_papers_of_claims() -> dict[str, Paper]:
    """Returns the papers of the starter library and of the ten sciences by id."""
    return {p.paper_id: p for file in (locate_starter(), SCIENCES) for p in papers_of(file)}


def check_written(checker: Checker, row: WrittenClaim, papers: Mapping[str, Paper]) -> Grounding:
    """Returns the check of a sentence among its papers and a few others, drawn by its id."""
    own = list(dict.fromkeys(paper_id for paper_id, _ in row.cited))
    others = random.Random(row.id).sample(sorted(papers.keys() - set(own)), _N_OTHERS)
    passages = [
        SourceSentence(paper_id, papers[paper_id].title, abstract[s.start : s.end], s.number)
        for paper_id in (*own, *others)
        for abstract in (papers[paper_id].abstract,)
        for s in split_sentences(abstract)
    ]
    places = {(passage.paper_id, passage.number): i for i, passage in enumerate(passages)}
    return checker.check(row.claim, passages, [places[key] for key in row.cited], row.question)


def is_wrong(row: WrittenClaim, found: Grounding) -> bool:
    """Returns whether a true sentence is flagged or unsupported, or an altered one passes.

    That its language leaves a sentence unchecked is no flag.
    """
    if row.label:
        flagged = any(flag.kind != "language" for flag in found.flags)
        return flagged or found.verdict == "unsupported"
    return found.verdict != "unsupported"


def count_wrong(
    checker: Checker, rows: Sequence[WrittenClaim], papers: Mapping[str, Paper]
) -> dict[tuple[int, str, Half], tuple[int, int]]:
    """Returns, by label, kind and half, how many sentences are wrongly judged, and of how many."""
    counts: dict[tuple[int, str, Half], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        key = row.label, row.kind, row.half
        counts[key][0] += is_wrong(row, check_written(checker, row, papers))
        counts[key][1] += 1
    return {key: (wrong, n) for key, (wrong, n) in counts.items()}


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-words", action="store_true", help="stems only, no model")
    parser.add_argument("--rows", action="store_true", help="print what was wrong while shaping")
    options = parser.parse_args()
    words = None if options.no_words else WordEmbedder(WordMiniLM(), EmbeddingCache(None))
    checker = Checker(words=words)
    rows, papers = load_written_claims(), read_papers_of_claims()
    if options.rows:
        for row in rows:
            found = check_written(checker, row, papers)
            if row.half == "shaping" and is_wrong(row, found):
                print(row.id, row.kind, row.claim, found.verdict, [f.message for f in found.flags])
    for (label, kind, half), (wrong, n) in count_wrong(checker, rows, papers).items():
        said = "false alarms" if label else "not found"
        print(f"{half:9} {kind:11} {said:13} {wrong:3}/{n}")


if __name__ == "__main__":
    main()
