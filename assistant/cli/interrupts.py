"""Ctrl-C: an exception that is remembered, since not everyone who meets it lets it through."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 128 + signal.SIGINT
_AGAIN_S = 0.01
_interrupts: list[int] = []


def interrupt(signum: int, _frame: object) -> NoReturn:
    """Raises KeyboardInterrupt, as Python does, and remembers it."""
    _interrupts.append(signum)
    raise KeyboardInterrupt


def is_interrupted() -> bool:
    """Returns whether Ctrl-C was pressed."""
    return bool(_interrupts)


def interrupt_again(unraisable: UnraisableHookArgs) -> None:
    """Lets a Ctrl-C that came where nothing can be raised, as in a destructor, come once more."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        # Not at once: it would come within this function, where nothing can be raised either.
        again = threading.Timer(_AGAIN_S, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(unraisable)


def leave(_signum: int, _frame: object) -> NoReturn:
    """Ends the process at once: there is nothing left to close."""
    os._exit(INTERRUPTED)
