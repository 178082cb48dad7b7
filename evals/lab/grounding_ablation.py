"""What each rule of the groundedness checker gains: the verdicts without it, one rule at a time.

    python -m assistant_evals.lab.grounding_ablation [--external FOLDER] [--rows N] [--cache FILE]

The sets are those of ``assistant_evals.lab.grounding``; the shipped claims count by half.
Printed are the verdicts that become right and wrong without a rule, the change of balanced
accuracy, and which kinds of shipped claims become wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from assistant_evals.judging.claims import load_claims
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.lab.grounding import check_abstract
from numpy.typing import NDArray

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.grounding import checker, mismatches
from assistant.grounding.checker import Checker, Grounding
from assistant.grounding.polarity import cues, directions
from assistant.grounding.quantities import Quantity, find_quantities
from assistant.starter.papers import locate_starter
from assistant.text.word_vectors import WordVectors
from assistant.types import Paper


def _find_nothing(*_: object) -> tuple[()]:
    return ()


def _is_never(*_: object) -> bool:
    return False


def _weigh_alike(*_: object) -> float:
    return 1.0


def _find_digits(text: str) -> tuple[Quantity, ...]:
    return tuple(one for one in find_quantities(text) if not one.text[:1].isalpha())


Change = tuple[object, str, object]
"""A module, a name in it, and what stands there without the rule."""

RULES: Mapping[str, tuple[Change, ...]] = {
    "quantities": ((mismatches, "_flag_quantities", _find_nothing),),
    "number_words.toml": ((mismatches, "find_quantities", _find_digits),),
    "exchanged_quantities": ((mismatches, "find_exchanged", _find_nothing),),
    "proper_names": ((mismatches, "find_missing_names", _find_nothing),),
    "frequencies: ordinary words": ((mismatches, "is_ordinary", _is_never),),
    "frequencies: idf": ((checker, "compute_general_idf", _weigh_alike),),
    "negations": ((mismatches, "find_one_sided_denials", _find_nothing),),
    "directions": ((mismatches, "find_turns", _find_nothing),),
    "cues: denied ones": ((cues, "find_negations", _find_nothing),),
    "opposites: goodness": ((directions, "look_up_goodness", lambda _: 0),),
    "comparisons": (
        (directions, "are_turned_round", _is_never),
        (directions, "have_other_references", _is_never),
    ),
    "places": ((directions, "measure_alignment", _weigh_alike),),
    "lexical_support: vectors": ((checker, "_SOFT_SHARE", 0.0),),
    "lexical_support: stems": ((checker, "_SOFT_SHARE", 1.0),),
}


class CachedWords(WordEmbedder):
    """Word vectors that are kept in the cache for claims too, which every rule asks for again."""

    def embed_query_words(self, text: str) -> WordVectors:
        """Returns the word vectors of a claim."""
        return self.embed_words([text])[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled claim of a set, with its source or its paper."""

    set_name: str
    source: str | Paper
    claim: str
    label: int
    kind: str = ""


def read_rows(external: Path | None, n_rows: int | None) -> list[Row]:
    """Returns the shipped claims, and the first ``n_rows`` of each external set."""
    papers = {paper.paper_id: paper for paper in papers_of(locate_starter())}
    rows = [
        Row(f"own, {c.half}", papers[c.paper_id], c.claim, c.label, c.kind) for c in load_claims()
    ]
    for file in sorted(external.glob("*.jsonl")) if external else ():
        with file.open(encoding="utf-8") as lines:
            fields = [json.loads(line) for line in lines][:n_rows]
        rows += [Row(file.stem, f["source"], f["claim"], f["label"]) for f in fields]
    return rows


def check_without(
    changes: Sequence[Change], words: WordEmbedder, rows: Sequence[Row]
) -> list[bool]:
    """Returns which of ``rows`` are found supported while ``changes`` are made."""
    _forget()
    with ExitStack() as changed:
        for module, name, replacement in changes:
            changed.enter_context(patch.object(module, name, replacement))
        made = Checker(words=words)
        found = [_check(made, row).verdict != "unsupported" for row in rows]
    _forget()
    return found


def describe_change(
    rows: Sequence[Row], before: Sequence[bool], after: Sequence[bool]
) -> list[str]:
    """Returns for each set whose verdicts change how they do."""
    lines = []
    for name in dict.fromkeys(row.set_name for row in rows):
        own = [i for i, row in enumerate(rows) if row.set_name == name]
        labels = np.array([bool(rows[i].label) for i in own])
        was, is_now = np.array([before[i] for i in own]), np.array([after[i] for i in own])
        changed = was != is_now
        if changed.any():
            right = int((changed & (is_now == labels)).sum())
            lost = changed & (is_now != labels)
            kinds = Counter(rows[i].kind for i, wrong in zip(own, lost, strict=True) if wrong)
            gain = _balanced_accuracy(is_now, labels) - _balanced_accuracy(was, labels)
            lines.append(
                f"  {name:16} n {len(own):5}  right +{right}  wrong +{int(lost.sum())}  "
                f"balanced accuracy {100 * gain:+.1f}  "
                + ", ".join(f"{kind} {n}" for kind, n in kinds.items() if kind)
            )
    return lines


def main() -> None:
    """Prints what each rule gains."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--external", type=Path, metavar="FOLDER")
    parser.add_argument("--rows", type=int, default=None, help="of each external set")
    parser.add_argument("--cache", type=Path, default=None, help="keeps vectors for the next run")
    options = parser.parse_args()
    words = CachedWords(WordMiniLM(), EmbeddingCache(options.cache))
    rows = read_rows(options.external, options.rows)
    before = check_without((), words, rows)
    for name, changes in RULES.items():
        print(f"without {name}")
        lines = describe_change(rows, before, check_without(changes, words, rows))
        print("\n".join(lines) or "  nothing changes", flush=True)


def _check(made: Checker, row: Row) -> Grounding:
    if isinstance(row.source, Paper):
        return check_abstract(made, row.source, row.claim)
    return made.check_pair(row.source, row.claim)


def _balanced_accuracy(said: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    return float(((said[labels]).mean() + (~said[~labels]).mean()) / 2)


def _forget() -> None:
    """Empties the caches of the checker's modules, which hold what a rule found."""
    for name, module in list(sys.modules.items()):
        if name.startswith("assistant.grounding"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


if __name__ == "__main__":
    main()
