"""Shows an answer on a terminal while an LLM writes it, sentence by sentence with its check."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from assistant.cli import output
from assistant.cli.progress import ProgressCallback, show_progress

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.events import Event, Progressed

_AFTER = "\nAfter the check:"


def say_live(events: Generator[Event, None, None], model: str) -> Answer:
    """Prints what happens as it happens, then the sources, and returns the answer.

    What was taken back after it was shown is said, and the answer as it stands printed again.
    """
    from assistant.events import (
        Checked,
        Done,
        Noticed,
        Progressed,
        Replaced,
        SearchedAgain,
        SentenceStarted,
        TextAdded,
    )

    n_begun = 0
    written = taken_back = False
    with closing(events), _Bar() as bar:
        for event in events:
            if isinstance(event, Progressed):
                bar.move(event)
                continue
            bar.clear()
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


class _Bar:
    """A bar of what goes on, there from its first event on until it is cleared."""

    def __init__(self) -> None:
        self._shown = ExitStack()
        self._advance: ProgressCallback | None = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def move(self, event: Progressed) -> None:
        """Shows how far it is."""
        if self._advance is None:
            what = event.what.capitalize()
            bar = show_progress(sys.stderr.isatty(), what, event.what.partition(" ")[0])
            self._advance = self._shown.enter_context(bar)
        if self._advance is not None:
            self._advance(event.n_done, event.n_total)

    def clear(self) -> None:
        """Takes the bar away, before something else is printed."""
        self._shown.close()
        self._advance = None


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
