"""How a reply is read: retries before its first text, an honest end after it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from assistant.llm.ending import Ending
from assistant.llm.faults import AttemptError, only_thought
from assistant.llm.messages import Delta, Finish
from assistant.llm.thoughts import Thoughts
from assistant.text.half_characters import HalfJoiner

logger = logging.getLogger(__name__)

_RETRIES = 1
"""A second failure of the same kind within seconds is not worth a third request."""

_CHARACTERS_A_TOKEN = 12
"""No text has tokens this long on average: beyond it the server ignores its limit of tokens."""


class Attempt(Protocol):
    """One request and the stream that answers it; iterating raises AttemptError."""

    server: str
    """Who is asked, as the beginning of a sentence."""

    def __iter__(self) -> Iterator[Delta]: ...

    @property
    def is_page(self) -> bool:
        """Whether a web page came in place of a stream."""

    def settle(self) -> None:
        """The model has finished: only the counts are still to come, so wait little for them."""

    def stop(self) -> None:
        """Hangs up; may be called from any thread."""

    def close(self) -> None:
        """Frees the connection; called by the thread that reads."""


@dataclass(slots=True)
class ReplyReader:
    """Reads one reply and holds its state.

    ``prepare`` loads what has to be there before a request, on no account of the time for the
    reply. ``begin`` opens an attempt that has to end by a time of ``time.monotonic``.
    """

    prepare: Callable[[], None]
    begin: Callable[[float], Attempt]
    max_tokens: int
    timeout_s: float
    texts: list[str] = field(default_factory=list)
    finish: Finish | None = None
    usage: tuple[int, int] | None = None
    attempt: Attempt | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Ends the reading where it is; a reply that had not ended counts as cut."""
        self.stopped.set()
        if self.finish is None:
            self.finish = "cut"
        attempt = self.attempt
        if attempt is not None:
            attempt.stop()

    def pieces(self) -> Generator[str, None, None]:
        """Yields the text, requesting again where nothing has come yet and that may help.

        Raises:
            ModelError: no text came.
        """
        try:
            yield from self._attempts()
        finally:
            if self.finish is None:
                self.finish = "cut"

    def _attempts(self) -> Iterator[str]:
        self.prepare()
        deadline = time.monotonic() + self.timeout_s
        retries = _RETRIES
        while not self.stopped.is_set():
            try:
                yield from self._one_attempt(deadline)
                return
            except AttemptError as failure:
                if self.stopped.is_set():
                    return
                if self.texts:
                    logger.info("a reply broke off: %s", failure.error)
                    self.finish = "deadline" if failure.expired else "cut"
                    return
                pause = failure.pause
                if pause is None or (retries == 0 and not failure.adapted):
                    raise failure.error from failure.__cause__
                if time.monotonic() + pause >= deadline:
                    raise failure.error from failure.__cause__
                if not failure.adapted:
                    retries -= 1
            self.stopped.wait(pause)

    def _one_attempt(self, deadline: float) -> Iterator[str]:
        attempt = self.attempt = self.begin(deadline)
        try:
            if not self.stopped.is_set():
                yield from self._read_attempt(attempt)
        finally:
            attempt.close()

    def _read_attempt(self, attempt: Attempt) -> Iterator[str]:
        """Yields text from the first that is not blank, and notes how the stream ended."""
        thoughts, halves = Thoughts(), HalfJoiner()
        ending = Ending(self.max_tokens)
        n_characters = 0
        blank = ""
        for delta in self._watch(attempt, ending):
            if delta.usage:
                self.usage = delta.usage
            ending.note(delta.finish, refused=delta.refused, called_tool=delta.called_tool)
            n_characters += len(delta.text)
            text = blank + thoughts.strip(halves.join(delta.text))
            ending.thinks = ending.thinks or delta.thinks or thoughts.going_on
            if self.texts or text.strip():
                blank = ""
                if text:
                    yield self._keep(text)
            else:
                blank = text
            if self.stopped.is_set():
                return
            if n_characters > self.max_tokens * _CHARACTERS_A_TOKEN:
                ending.finish = "length"
                break
            if delta.finish:
                attempt.settle()
        rest = blank + thoughts.strip(halves.rest()) + thoughts.rest()
        if rest.strip():
            yield self._keep(rest)
        if not self.texts:
            ending.page = attempt.is_page
            raise ending.without_text(attempt.server)
        self.finish = ending.of_text()

    def _watch(self, attempt: Attempt, ending: Ending) -> Iterator[Delta]:
        """Yields what comes, and says of a bound that thoughts alone have reached that they did."""
        try:
            yield from attempt
        except AttemptError as failure:
            if self.texts or not ending.thinks or not (failure.expired or failure.overlong):
                raise
            bound = f"{self.timeout_s:.0f} s" if failure.expired else "longer than any answer is"
            raise only_thought(attempt.server, bound, retryable=failure.expired) from failure

    def _keep(self, text: str) -> str:
        text = text if self.texts else text.lstrip()
        self.texts.append(text)
        return text
