"""The processes of a soak that use Python: one reads, one writes, until they are killed.

    python -m assistant_evals.lab.soak_roles read|write HOME

Each prints what happened as lines of JSON: {"kind": ..., "detail": ...}.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from assistant_evals.lab.soak_papers import (
    N_STABLE,
    Ledger,
    find_edition,
    judge_answer,
    list_numbers,
    write_edition,
    write_question,
)

from assistant import Assistant, AssistantError

LIBRARY = "lakes"
_ASKS_AN_OPENING = 10
_READER_REST_S = 0.05
_WRITER_REST_S = 1.0
_AWAY = ("unreachable", "has been written twice since")
"""What is said while a Chroma server is down, and of what a slow reader may meet."""


def open_ledger(home: Path) -> Ledger:
    """Returns the ledger of the library under ``home``."""
    return Ledger(home / "ledger.json")


def list_editions(low: int, high: int) -> list[int]:
    """Returns the editions that a reader may see who began at ``low`` and ended at ``high``."""
    return list(range(low, high + 1))


def read(home: Path) -> Iterator[tuple[str, str]]:
    """Yields what comes of each question, and of each look at all papers."""
    ledger, dice = open_ledger(home), random.Random(home.name)
    while True:
        try:
            with Assistant.open(home=home, library=LIBRARY, llm="none") as assistant:
                for _ in range(_ASKS_AN_OPENING):
                    yield _ask(assistant, ledger, dice.randrange(N_STABLE))
                    time.sleep(_READER_REST_S)
                yield _look(assistant, ledger)
        except AssistantError as error:
            yield _name_error(error)
            time.sleep(_READER_REST_S)


def write(home: Path) -> Iterator[tuple[str, str]]:
    """Yields what comes of each edition that is written."""
    ledger, file = open_ledger(home), home / "lakes.bib"
    edition = ledger.begun or 1
    while True:
        write_edition(edition, file)
        ledger.begin(edition)
        try:
            with Assistant.open(home=home, library=LIBRARY, llm="none", create=True) as assistant:
                assistant.ingest(file, sync=True)
            ledger.finish(edition)
            yield "written", ""
            edition += 1
        except AssistantError as error:
            yield _name_error(error)
        time.sleep(_WRITER_REST_S)


def _ask(assistant: Assistant, ledger: Ledger, number: int) -> tuple[str, str]:
    low = ledger.done
    answer = assistant.ask(write_question(number)).to_dict()
    outcome = judge_answer(number, answer, list_editions(low, ledger.begun))
    return outcome, "" if outcome == "answered" else f"{number}: {answer['text']}"


def _look(assistant: Assistant, ledger: Ledger) -> tuple[str, str]:
    low = ledger.done
    abstracts = {paper.title: paper.abstract for paper in assistant.papers()}
    if find_edition(abstracts, list_editions(low, ledger.begun)) is not None:
        return "whole", ""
    return "not whole", f"{len(abstracts)} papers, expected {len(list_numbers(low))}"


def _name_error(error: AssistantError) -> tuple[str, str]:
    is_away = any(words in str(error) for words in _AWAY)
    return ("away" if is_away else "error"), str(error)


def main() -> None:
    """Plays the role that the command line names."""
    role, home = sys.argv[1], Path(sys.argv[2])
    for kind, detail in {"read": read, "write": write}[role](home):
        sys.stdout.write(json.dumps({"kind": kind, "detail": detail}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
