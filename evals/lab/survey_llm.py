"""Measures whole-library answers whose papers an LLM read, all of them, beside those by words.

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
from assistant.answer.survey.judging import TASK, PaperJudge
from assistant.answer.survey.read_library import PapersToRead, read_library
from assistant.answer.survey.selection import survey_papers
from assistant.answer.survey.surveying import SurveyResult
from assistant.evidence.gathering import ScoredEvidence
from assistant.llm.opening import open_chat_model
from assistant.llm.prompts import load
from assistant.settings import load_settings


def main() -> None:
    """Prints for each question, and for all, how either judgement did."""
    parser = argparse.ArgumentParser(description="Measure an LLM's judgement of papers.")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--questions", type=int, default=10)
    options = parser.parse_args()
    model = open_chat_model(load_settings())
    if model is None:
        parser.error("there is no LLM; set ASSISTANT_LLM")
    judge = PaperJudge(model, load(TASK))
    library = wide_libraries(MeasuringData(options.data))["starter"]
    rows = [row for row in read_rows(OWN)[1::2] if row["answerable"]]
    rows = rows[:: max(len(rows) // options.questions, 1)][: options.questions]
    by_words: list[Outcome] = []
    by_model: list[Outcome] = []
    n_unread = n_asked = 0
    for row in rows:
        e = example(row, library)
        found = survey_papers(e.judged, library.n_papers)
        ranked = library.builder.search(row["question"], library.n_papers).papers
        papers = [(library.paper(one.row), library.sentences(one.row)) for one in ranked]
        start = time.perf_counter()
        said = _read(judge, e.judged, PapersToRead(papers, library.n_papers, None))
        seconds = time.perf_counter() - start
        n_read = said.count.n_read if said.count else 0
        n_unread, n_asked = n_unread + len(papers) - n_read, n_asked + len(papers)
        quotes = [quote_sentence(one.paper, s) for one in found.included for s in one.spans]
        by_words.append(measure(row, quotes))
        by_model.append(measure(row, said.sentences))
        print(row["question"], f"({seconds:.0f} s, {len(papers) - n_read} unread)", flush=True)
        print("  by words", summary(by_words[-1:]), flush=True)
        print("  by LLM  ", summary(by_model[-1:]), flush=True)
    print(f"{model.name}: {n_unread} of {n_asked} judgements could not be read")
    print("by words", summary(by_words))
    print("by LLM  ", summary(by_model))
    model.close()


def _read(judge: PaperJudge, scored: ScoredEvidence, to_read: PapersToRead) -> SurveyResult:
    """Returns what the model reads, whatever it costs and in no groups."""
    events = read_library(judge, scored, to_read, lambda _: 1.0, lambda *_: None)
    while True:
        try:
            next(events)
        except StopIteration as end:
            found: SurveyResult = end.value
            return found


if __name__ == "__main__":
    main()
