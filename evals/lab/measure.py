"""Measures the whole product on the golden questions: search, answers, abstention, quotations.

    python -m assistant_evals.lab.measure [--papers FEED] [--output build/measure.json]

Every figure comes out of ``Assistant`` over a real library on disk. Search has no fitted part, so
its figures stand as they are. Extraction and abstention were fitted on these very questions: their
figures here are in-sample and only show that nothing broke; ``assistant_evals.lab.held_out``
gives those of questions held out.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant_evals.cases.golden_rows import GoldenQuestion
from assistant_evals.lab.flat_library import papers_of, renamed_like
from assistant_evals.lab.golden_sets import load_questions
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.facts import share_of_facts
from assistant_evals.metrics.rankings import recall_at_k, reciprocal_rank_at_k
from assistant_evals.metrics.roc import auroc
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant import Answer, Assistant, Paper
from assistant.starter.papers import locate_starter

FAR = ("off-topic", "outside-library")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with the number of questions behind it, and the floor and aim it is held to."""

    name: str
    value: float
    n: int
    floor: float
    aim: float
    fitted: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A golden question, the ids that search ranked for it, and its answer."""

    golden: GoldenQuestion
    ranking: tuple[str, ...]
    answer: Answer

    @property
    def has_facts(self) -> float | None:
        """1.0 where the answer holds every needed fact, 0.0 where not, None without facts."""
        share = share_of_facts(self.answer.text, self.golden.facts)
        return None if share is None else float(share == 1.0)

    @property
    def cites(self) -> float:
        """1.0 where a right paper is cited."""
        cited = {c.paper_id for s in self.answer.sentences for c in s.citations}
        return float(not cited.isdisjoint(self.golden.papers))


def measure(papers: Sequence[Paper] | None, home: Path) -> list[Measured]:
    """Returns the figures of a library of ``papers``, or of the starter library for None.

    The papers' ids are those of the golden sets.
    """
    library = "starter" if papers is None else "measured"
    with Assistant.open(home=home, library=library, create=papers is not None) as assistant:
        if papers is not None:
            assistant.ingest(papers)
        single = _ask(assistant, load_questions("single"))
        rough = _ask(assistant, load_questions("rough"))
        unanswerable = _ask(assistant, load_questions("unanswerable"))
        everyone = [*single, *rough, *unanswerable, *_ask(assistant, load_questions("multi"))]
        verbatim = [
            float(c.is_in(assistant.paper(c.paper_id)))
            for asked in everyone
            for sentence in asked.answer.sentences
            for c in sentence.citations
        ]
    named = [asked for asked in single if asked.golden.style == "named"]
    described = [asked for asked in single if asked.golden.style == "described"]
    far = [asked for asked in unanswerable if asked.golden.kind in FAR]
    near = [asked for asked in unanswerable if asked.golden.kind == "near-miss"]
    return [
        _mean("search, described: recall@5", (_recall(a, 5) for a in described), 0.87, 0.93),
        _mean("search, described: MRR@10", map(_mrr, described), 0.77, 0.84),
        _mean("search, named: recall@1", (_recall(a, 1) for a in named), 0.98, 0.995),
        _mean("search, rough: recall@5", (_recall(a, 5) for a in rough), 0.93, 0.98),
        _mean("all facts, named", (a.has_facts for a in named), 0.93, 0.98, fitted=True),
        _mean("all facts, described", (a.has_facts for a in described), 0.52, 0.75, fitted=True),
        _mean("right paper cited, named", (a.cites for a in named), 0.97, 0.995, fitted=True),
        _mean("right paper cited, described", (a.cites for a in described), 0.75, 0.9, fitted=True),
        _separation("answerable against far", single, far, 0.95, 0.99),
        _separation("answerable against near-miss", single, near, 0.62, 0.85),
        _mean("named wrongly declined (at most)", map(_declined, named), 0.05, 0.02, fitted=True),
        _mean("abstract at the place == quote", verbatim, 1.0, 1.0),
    ]


def _ask(assistant: Assistant, questions: Iterable[GoldenQuestion]) -> list[Asked]:
    return [
        Asked(
            golden,
            tuple(result.paper.paper_id for result in assistant.search(golden.question, 10)),
            assistant.ask(golden.question),
        )
        for golden in track(list(questions), "asking", console=Console(stderr=True))
    ]


def _recall(asked: Asked, k: int) -> float | None:
    return recall_at_k(asked.ranking, asked.golden.papers, k)


def _mrr(asked: Asked) -> float | None:
    return reciprocal_rank_at_k(asked.ranking, asked.golden.papers, 10)


def _declined(asked: Asked) -> float:
    return float(asked.answer.abstained)


def _mean(
    name: str, values: Iterable[float | None], floor: float, aim: float, *, fitted: bool = False
) -> Measured:
    mean, n = mean_of(list(values))
    if mean is None:
        raise ValueError(f"no question counts for {name!r}")
    return Measured(name, mean, n, floor, aim, fitted)


def _separation(
    name: str,
    answerable: Sequence[Asked],
    not_answerable: Sequence[Asked],
    floor: float,
    aim: float,
) -> Measured:
    """Returns the probability that an answerable question has the higher answerability."""
    value = auroc(
        [asked.answer.answerability for asked in answerable],
        [asked.answer.answerability for asked in not_answerable],
    )
    if value is None:
        raise ValueError(f"no question counts for {name!r}")
    n = len(answerable) + len(not_answerable)
    return Measured(f"AUROC, {name}", value, n, floor, aim, fitted=True)


def main() -> None:
    """Prints the figures of the starter library, or of another list of the same papers."""
    parser = argparse.ArgumentParser(description="Measure on the golden questions, end to end.")
    parser.add_argument("--papers", type=Path, help="another text of the starter's papers")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    papers = None
    if options.papers:
        papers = renamed_like(papers_of(options.papers), papers_of(locate_starter()))
    with tempfile.TemporaryDirectory() as home:
        found = measure(papers, Path(home))
    table = Table("figure", "value", "n", "floor", "aim", "", box=None)
    for m in found:
        fitted = "in-sample" if m.fitted else ""
        table.add_row(m.name, f"{m.value:.3f}", str(m.n), f"{m.floor:g}", f"{m.aim:g}", fitted)
    Console(width=100).print(table)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(m) for m in found], indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
