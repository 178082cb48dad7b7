"""Measures whole-library answers whose papers an LLM judged, beside those judged by words.

    ASSISTANT_LLM=... python -m assistant_evals.lab.survey_llm --data FOLDER [--questions N]

The questions are held-out ones of ``own_survey.jsonl``, evenly spaced, over the starter library.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from assistant_evals.lab.flat_library import read_rows
from assistant_evals.lab.measuring_data import MeasuringData
from assistant_evals.lab.survey import OWN, Outcome, example, measure, summary, wide_libraries

from assistant.answer.quoting import quote_sentence
from assistant.answer.survey.judging import (
    MAX_JUDGED,
    TASK,
    apply_judgements,
    judge_papers,
    select_likeliest,
)
from assistant.answer.survey.selection import Survey, survey_papers
from assistant.llm.fencing import neutralise
from assistant.llm.opening import open_chat_model
from assistant.llm.prompts import load
from assistant.settings import load_settings


def main() -> None:
    """Prints for each question, and for all, how either judgement did."""
    parser = argparse.ArgumentParser(description="Measure an LLM's judgement of papers.")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--candidates", type=int, default=MAX_JUDGED)
    options = parser.parse_args()
    model = open_chat_model(load_settings())
    if model is None:
        parser.error("there is no LLM; set ASSISTANT_LLM")
    library = wide_libraries(MeasuringData(options.data))["starter"]
    rows = [row for row in read_rows(OWN)[1::2] if row["answerable"]]
    rows = rows[:: max(len(rows) // options.questions, 1)][: options.questions]
    by_words: list[Outcome] = []
    by_model: list[Outcome] = []
    n_unread = n_asked = 0
    for row in rows:
        e = example(row, library)
        found = survey_papers(e.judged, library.n_papers)
        candidates = select_likeliest(e.judged, options.candidates)
        start = time.perf_counter()
        said = judge_papers(row["question"], candidates, model, load(TASK), shown=neutralise)
        seconds = time.perf_counter() - start
        n_unread, n_asked = n_unread + said.n_unread, n_asked + len(candidates)
        by_words.append(_outcome(row, found))
        by_model.append(_outcome(row, apply_judgements(found, e.judged, said)))
        print(row["question"], f"({seconds:.0f} s, {said.n_unread} unread)", flush=True)
        print("  by words", summary(by_words[-1:]), flush=True)
        print("  by LLM  ", summary(by_model[-1:]), flush=True)
    print(f"{model.name}: {n_unread} of {n_asked} judgements could not be read")
    print("by words", summary(by_words))
    print("by LLM  ", summary(by_model))
    model.close()


def _outcome(row: dict[str, object], found: Survey) -> Outcome:
    return measure(
        row, [quote_sentence(one.paper, span) for one in found.included for span in one.spans]
    )


if __name__ == "__main__":
    main()
