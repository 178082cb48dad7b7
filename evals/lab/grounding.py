"""How well the groundedness checker agrees with what claims really say.

    python -m assistant_evals.lab.grounding [--external FOLDER] [--no-words]

First the shipped claims about papers of the starter library: true paraphrases, and claims that
were altered in one way each. Half of the papers shaped the checker's rules, the other half did
not. Then, with --external, sets of (source, claim, label) that people labelled, one JSON Lines
file each: ROC-AUC of the score, and balanced accuracy at a threshold that the other files choose.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assistant_evals.judging.claims import Claim, Half, Kind, load_claims
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.metrics.label_agreement import balanced_accuracy
from assistant_evals.metrics.roc import auroc
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.grounding.checker import Checker, Grounding, SourceSentence
from assistant.starter.papers import locate_starter
from assistant.text.sentences import split_sentences
from assistant.types import Paper

HALVES: tuple[Half, ...] = ("shaping", "held_out")


@dataclass(frozen=True, slots=True)
class Labelled:
    """The scores of one labelled set, and its labels, 1 for supported."""

    name: str
    scores: NDArray[np.float64]
    labels: NDArray[np.int64]


def check_abstract(checker: Checker, paper: Paper, claim: str) -> Grounding:
    """Returns the check of ``claim`` with the whole abstract cited."""
    passages = [
        SourceSentence(paper.paper_id, paper.title, paper.abstract[s.start : s.end], s.number)
        for s in split_sentences(paper.abstract)
    ]
    return checker.check(claim, passages, range(len(passages)))


def shares_right(
    checker: Checker, claims: Sequence[Claim], papers: Sequence[Paper]
) -> dict[tuple[Half, Kind], tuple[int, int]]:
    """Returns, by half and kind, how many claims got the right verdict, and of how many."""
    by_id = {paper.paper_id: paper for paper in papers}
    counts: dict[tuple[Half, Kind], list[int]] = defaultdict(lambda: [0, 0])
    for claim in claims:
        found = check_abstract(checker, by_id[claim.paper_id], claim.claim)
        right = (found.verdict != "unsupported") == bool(claim.label)
        counts[claim.half, claim.kind][0] += right
        counts[claim.half, claim.kind][1] += 1
    return {key: (right, n) for key, (right, n) in counts.items()}


def read_labelled(checker: Checker, path: Path) -> Labelled:
    """Returns the scores of the pairs in a JSON Lines file of source, claim and label."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    scores = [checker.check_pair(row["source"], row["claim"]).score for row in rows]
    return Labelled(path.stem, np.array(scores), np.array([row["label"] for row in rows]))


def threshold_of(sets: Sequence[Labelled]) -> float:
    """Returns the score that parts the labels of ``sets`` best, every set weighing the same."""
    candidates = np.unique(np.concatenate([s.scores for s in sets]).round(3))
    means = [np.mean([_accuracy(s, at) for s in sets]) for at in candidates]
    return float(candidates[int(np.argmax(means))])


def lines_of_labelled(sets: Sequence[Labelled]) -> Iterator[str]:
    """Yields a line for each set: n, ROC-AUC, balanced accuracy and the others' threshold."""
    for one in sets:
        area = auroc(one.scores[one.labels == 1], one.scores[one.labels == 0])
        others = [other for other in sets if other is not one]
        at = threshold_of(others) if others else 0.5
        accuracy = _accuracy(one, at)
        yield (
            f"{one.name:16} n {len(one.labels):5}  ROC-AUC {area or 0.0:.3f}  "
            f"balanced accuracy {accuracy:.3f} at {at:.2f}"
        )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--external", type=Path, metavar="FOLDER")
    parser.add_argument("--no-words", action="store_true", help="stems only, no model")
    parser.add_argument("--cache", type=Path, default=None, help="keeps vectors for the next run")
    options = parser.parse_args()
    words = None
    if not options.no_words:
        words = WordEmbedder(WordMiniLM(), EmbeddingCache(options.cache))
    checker = Checker(words=words)
    shares = shares_right(checker, load_claims(), papers_of(locate_starter()))
    print(f"{'verdicts that are right':24}" + "".join(f"{half:>16}" for half in HALVES))
    for kind in dict.fromkeys(kind for _, kind in shares):
        cells = [shares.get((half, kind), (0, 0)) for half in HALVES]
        print(f"{kind:24}" + "".join(_cell(right, n) for right, n in cells))
    if options.external is not None:
        files = sorted(options.external.glob("*.jsonl"))
        if not files:
            parser.error(f"there is no .jsonl file in {options.external}")
        for line in lines_of_labelled([read_labelled(checker, file) for file in files]):
            print(line)


def _accuracy(one: Labelled, at: float) -> float:
    """Returns the balanced accuracy where scores from ``at`` on count as supported; 0.5 without."""
    said = (one.scores >= at).astype(int)
    return balanced_accuracy(said.tolist(), one.labels.tolist()) or 0.0


def _cell(right: int, n: int) -> str:
    return f"{right:5}/{n:<3} {right / n:6.1%}" if n else " " * 16


if __name__ == "__main__":
    main()
