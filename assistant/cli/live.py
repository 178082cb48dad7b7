"""Shows an answer on a terminal while an LLM writes it, sentence by sentence with its check."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.cli import output

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.events import Event

_AFTER = "\nAfter the check:"


def say_live(events: Generator[Event, None, None], model: str) -> Answer:
    """Prints what happens as it happens, then the sources, and returns the answer.

    What was taken back after it was shown is said, and the answer as it stands printed again.
    """
    from assistant.events import (
        Checked,
        Done,
        Noticed,
        Replaced,
        SearchedAgain,
        SentenceStarted,
        TextAdded,
    )

    n_begun = 0
    written = taken_back = False
    with closing(events):
        for event in events:
            if isinstance(event, SentenceStarted):
                # Quotations come all at once, and are printed with what else the answer says.
                written = event.mode == "llm"
                if written:
                    if n_begun == 0:
                        output.say(f"Answer by {model}, each sentence checked:", style="bold")
                    n_begun += 1
                    _write("  ")
            elif isinstance(event, TextAdded) and written:
                _write(event.text)
            elif isinstance(event, Checked) and written:
                line = output.format_sentence(event.sentence)
                _write(line.removeprefix(event.sentence.text) + "\n")
            elif isinstance(event, Replaced):
                taken_back = True
            elif isinstance(event, SearchedAgain):
                output.warn(event.line)
            elif isinstance(event, Noticed):
                output.warn(event.message)
            elif isinstance(event, Done):
                _say_rest(event.answer, shown=n_begun > 0, taken_back=taken_back)
                return event.answer
    raise AssertionError("unreachable: a stream ends with Done")


def _say_rest(answer: Answer, *, shown: bool, taken_back: bool) -> None:
    as_shown = shown and not taken_back and answer.mode == "llm" and answer.abstention is None
    if as_shown:
        if answer.correction:
            output.say(answer.correction)
        output.say_sources(answer)
        return
    if shown:
        output.say(_AFTER, style="bold")
    output.say_answer(answer)


def _write(text: str) -> None:
    sys.stdout.write(output.strip_controls(text))
    sys.stdout.flush()
