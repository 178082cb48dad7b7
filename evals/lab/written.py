"""Measures answers that an LLM writes on a sample of the golden questions, end to end.

    ASSISTANT_LLM=gguf:model.gguf python -m assistant_evals.lab.written [--each N] [--seed S]
                                                                    [--output answers.jsonl]

Asks N questions of each kind of the starter library, the same ones for each seed, and prints for
each kind: answers that hold every needed fact, that cite a right paper, that abstain; the verdicts
of the sentences; citations whose quote is not at its place (a defect if there is any); labels that
the model invented. Rows are written as they come.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant_evals.cases.golden_rows import GoldenQuestion
from assistant_evals.lab.golden_sets import load_questions
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.facts import share_of_facts

from assistant import Answer, Assistant, AssistantError

KINDS = ("named", "described", "near-miss", "missing-detail", "false-premise", "outside-library")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer; None where the model failed."""

    golden: GoldenQuestion
    answer: Answer | None
    n_lost: int

    @property
    def kind(self) -> str:
        """The kind by which it is counted."""
        return self.golden.style or self.golden.kind


def chosen(n_each: int, seed: int) -> list[GoldenQuestion]:
    """Returns ``n_each`` questions of each of KINDS, in turn, the same ones for each seed."""
    rows = [*load_questions("single"), *load_questions("unanswerable")]
    columns = []
    for kind in KINDS:
        column = [row for row in rows if (row.style or row.kind) == kind]
        random.Random(seed).shuffle(column)
        columns.append(column[:n_each])
    return [row for turn in range(n_each) for c in columns if turn < len(c) for row in (c[turn],)]


def ask(assistant: Assistant, golden: GoldenQuestion) -> Asked:
    """Returns the answer, with the number of its citations that are not where they say."""
    try:
        answer = assistant.ask(golden.question)
    except AssistantError as error:
        print(f"{golden.id}: {error}", file=sys.stderr)
        return Asked(golden, None, 0)
    lost = sum(
        not c.is_in(assistant.paper(c.paper_id))
        for sentence in answer.sentences
        for c in sentence.citations
    )
    return Asked(golden, answer, lost)


def summary(kind: str, asked: Sequence[Asked]) -> str:
    """Returns one line of figures."""
    answers = [(a.golden, a.answer) for a in asked if a.answer is not None]
    facts, _ = mean_of([_has_facts(golden, answer) for golden, answer in answers])
    cited, _ = mean_of([_cites(golden, answer) for golden, answer in answers])
    abstained, n = mean_of([float(answer.abstained) for _, answer in answers])
    modes = Counter(answer.mode for _, answer in answers if not answer.abstained)
    verdicts = Counter(s.verdict for _, answer in answers for s in answer.sentences)
    written = Counter(
        s.verdict for _, answer in answers if answer.mode == "llm" for s in answer.sentences
    )
    flags = Counter(f.kind for _, answer in answers for s in answer.sentences for f in s.flags)
    return (
        f"{kind:16} n={n} errors={len(asked) - n} all facts {_shown(facts)} cited {_shown(cited)} "
        f"abstained {_shown(abstained)} modes {dict(modes)} verdicts {dict(verdicts)} "
        f"(written {dict(written)}) flags {dict(flags)} lost quotes {sum(a.n_lost for a in asked)} "
        f"invented labels {sum(answer.dropped_citations for _, answer in answers)}"
    )


def _has_facts(golden: GoldenQuestion, answer: Answer) -> float | None:
    share = share_of_facts(answer.text, golden.facts)
    return None if share is None else float(share == 1.0)


def _cites(golden: GoldenQuestion, answer: Answer) -> float | None:
    if not golden.papers:
        return None
    cited = {c.paper_id for s in answer.sentences for c in s.citations}
    return float(not cited.isdisjoint(golden.papers))


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def main() -> None:
    """Asks the sample and prints a line for each kind of question."""
    parser = argparse.ArgumentParser(description="Measure answers that the configured LLM writes.")
    parser.add_argument("--each", type=int, default=10, help="questions of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, help="write each answer as a JSON line")
    options = parser.parse_args()
    found: list[Asked] = []
    with (
        tempfile.TemporaryDirectory() as home,
        Assistant.open(home=Path(home), library="starter") as assistant,
    ):
        if assistant.models.chat is None:
            parser.error("no LLM is configured; set ASSISTANT_LLM")
        for golden in chosen(options.each, options.seed):
            asked = ask(assistant, golden)
            found.append(asked)
            if options.output and asked.answer is not None:
                row = {"id": golden.id, "kind": asked.kind, **asked.answer.to_dict()}
                with options.output.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(f"{len(found)} {asked.kind} {golden.id}", file=sys.stderr)
    for kind in KINDS:
        print(summary(kind, [a for a in found if a.kind == kind]))


if __name__ == "__main__":
    main()
