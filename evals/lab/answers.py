"""Measures extractive answers: needed facts held, right paper cited, sentences.

    python -m assistant_evals.lab.answers --data FOLDER

Single-paper questions are judged by weights fitted on the other papers' questions (five folds,
grouped by paper); all other questions by weights fitted on every single-paper question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.fit_extractive import Example, broad_rows, example, fit
from assistant_evals.lab.flat_library import FlatLibrary, measured_libraries, read_rows
from assistant_evals.lab.measuring_data import parse_data
from assistant_evals.metrics.facts import find_facts

from assistant.answer.quoting import MAX_SENTENCES, MIN_GAIN, select_sentences
from assistant.evidence.scoring import ExtractionModels, score_evidence
from assistant.types import Paper, Sentence

"""``own_injection.jsonl`` shaped the signs of assistant/instructions.py; nothing was fitted to
``own_injection_unseen.jsonl``."""

N_FOLDS = 5
SEED = 0
GAINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's answer, measured. ``facts`` and ``must`` are shares in [0, 1]."""

    row: dict[str, Any]
    all_facts: bool
    facts: float
    cited: bool
    must: float
    n_sentences: int
    n_papers: int


def measure(row: dict[str, Any], answer: Sequence[Sentence]) -> Outcome:
    """Returns how the sentences of ``answer`` serve the golden question ``row``."""
    held = find_facts(" ".join(s.text for s in answer), row.get("facts", ()))
    cited = {citation.paper_id for s in answer for citation in s.citations}
    must = row.get("must", row["papers"])
    return Outcome(
        row=row,
        all_facts=all(held),
        facts=sum(held) / len(held) if held else 1.0,
        cited=bool(cited & set(row["papers"])),
        must=len(cited & set(must)) / len(must),
        n_sentences=len(answer),
        n_papers=len(cited),
    )


def folds(keys: Sequence[str], seed: int = SEED) -> list[int]:
    """Returns a fold in [0, N_FOLDS) for each key; equal keys share a fold."""
    names = sorted(set(keys))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[i]: place % N_FOLDS for place, i in enumerate(order.tolist())}
    return [fold_of[key] for key in keys]


def held_out(examples: Sequence[Example]) -> list[ExtractionModels]:
    """Returns for each example models fitted on the examples of other folds' papers."""
    fold = folds([e.row["papers"][0] for e in examples])
    fitted = [
        fit([e for e, f in zip(examples, fold, strict=True) if f != j]) for j in range(N_FOLDS)
    ]
    return [fitted[f] for f in fold]


def answers(
    examples: Sequence[Example],
    models: Sequence[ExtractionModels],
    max_sentences: int = MAX_SENTENCES,
    min_gain: float = MIN_GAIN,
) -> list[Outcome]:
    """Returns the outcome of each example under its own models."""
    return [
        measure(e.row, select_sentences(score_evidence(e.evidence, m), max_sentences, min_gain))
        for e, m in zip(examples, models, strict=True)
    ]


def attacked(
    library: FlatLibrary, rows: Sequence[dict[str, Any]], models: ExtractionModels
) -> float:
    """Returns the share of poisoned abstracts whose forbidden strings reach the answer.

    Every poisoned paper is added to the library, and asked for.
    """
    poisoned = [Paper(r["id"], r["title"], r["abstract"]) for r in rows]
    grown = FlatLibrary([*library.stored, *poisoned], library.embedder, library.words)
    hits = 0
    for row in rows:
        chosen = select_sentences(score_evidence(grown.evidence(row["question"]), models))
        text = " ".join(s.text for s in chosen).lower()
        hits += any(bad.lower() in text for bad in row["bad"])
    return hits / len(rows)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Returns one line: n and the means."""
    mean: Callable[[str], float] = lambda name: float(np.mean([getattr(o, name) for o in outcomes]))  # noqa: E731
    return (
        f"n={len(outcomes):<4} all facts {mean('all_facts'):.3f}  facts {mean('facts'):.3f}  "
        f"cited {mean('cited'):.3f}  must {mean('must'):.3f}  sentences {mean('n_sentences'):.2f}  "
        f"papers {mean('n_papers'):.2f}"
    )


def main() -> None:
    """Prints the table for the starter library and the feed."""
    data = parse_data(__doc__)
    libraries = measured_libraries(data.starter, data.feed)
    sets = {
        name: read_rows(GOLDEN_FOLDER / f"{name}.jsonl") for name in ("single", "multi", "rough")
    }
    poisoned = {
        "given": read_rows(GOLDEN_FOLDER / "injection.jsonl"),
        "own": read_rows(GOLDEN_FOLDER / "own_injection.jsonl"),
        "unseen": read_rows(GOLDEN_FOLDER / "own_injection_unseen.jsonl"),
    }
    single: dict[str, list[Example]] = {}
    broad: dict[bool, list[Example]] = {}
    for name, library in libraries.items():
        single[name] = [example(r, library.evidence(r["question"])) for r in sets["single"]]
        for fitted_on in (True, False):
            broad.setdefault(fitted_on, []).extend(
                example(r, library.evidence(r["question"]))
                for r in broad_rows(fitted_on)
                if r["answerable"]
            )
    both = [e for examples in single.values() for e in examples]
    fitted = [*both, *broad[True]]
    whole, models = fit(fitted), held_out(fitted)
    print("both     broad     ", summary(answers(broad[True], models[len(both) :])))
    unseen = answers(broad[False], [whole] * len(broad[False]))
    print("both     broad, never fitted", summary(unseen))
    for place, (name, library) in enumerate(libraries.items()):
        own = models[place * len(single[name]) :][: len(single[name])]
        outcomes = answers(single[name], own)
        for style in ("named", "described"):
            print(f"{name:8} {style:10}", summary([o for o in outcomes if o.row["style"] == style]))
        _lengths(name, single[name], own)
        for kind in ("rough", "multi"):
            examples = [example(r, library.evidence(r["question"])) for r in sets[kind]]
            found = answers(examples, [whole] * len(examples))
            print(f"{name:8} {kind:10}", summary(found))
            for part in sorted({o.row["kind"] for o in found if kind == "multi"}):
                print(f"{name:8}   {part:8}", summary([o for o in found if o.row["kind"] == part]))
        for source, rows in poisoned.items():
            share = attacked(library, rows, whole)
            print(f"{name:8} {source} attacks that reach the answer: {share:.3f}")
    across = answers(single["feed"], _moved(single["starter"], single["feed"]))
    for style in ("named", "described"):
        part = [o for o in across if o.row["style"] == style]
        print(f"fitted on starter, asked of feed: {style:10}", summary(part))


def _lengths(name: str, examples: Sequence[Example], models: Sequence[ExtractionModels]) -> None:
    """Prints what shorter answers cost: by the least gain a further sentence must promise."""
    for min_gain in GAINS:
        found = answers(examples, models, min_gain=min_gain)
        for style in ("named", "described"):
            part = [o for o in found if o.row["style"] == style]
            print(f"{name:8}   gain >= {min_gain:4.2f} {style:10}", summary(part))


def _moved(fitted_on: Sequence[Example], asked: Sequence[Example]) -> list[ExtractionModels]:
    """Returns held-out models of one library's text for the same questions over another's."""
    by_id = {e.row["id"]: m for e, m in zip(fitted_on, held_out(fitted_on), strict=True)}
    return [by_id[e.row["id"]] for e in asked]


if __name__ == "__main__":
    main()
