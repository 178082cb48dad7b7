"""Where the ``assistant`` command begins: ready for Ctrl-C before anything slow is imported."""

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


def main() -> NoReturn:
    """Runs the command line and exits: see ``assistant.cli.app.main``.

    Ctrl-C ends it with 130 and no traceback, at whatever import it comes.
    """
    signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = _interrupt_again
    try:
        # It imports all commands.
        from assistant.cli.app import main as run_commands

        run_commands()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:
        # Compiled modules turn a Ctrl-C during their import into an ImportError.
        if not is_interrupted():
            raise
        sys.exit(INTERRUPTED)
    finally:
        # All is closed; Python's own end would print where a Ctrl-C met it.
        signal.signal(signal.SIGINT, _leave)


def interrupt(_signum: int, _frame: object) -> NoReturn:
    """Raises KeyboardInterrupt, as Python does, and remembers it: what is called may not."""
    _interrupts.append(_signum)
    raise KeyboardInterrupt


def is_interrupted() -> bool:
    """Returns whether Ctrl-C was pressed."""
    return bool(_interrupts)


def _interrupt_again(unraisable: UnraisableHookArgs) -> None:
    """Lets a Ctrl-C that came where nothing can be raised, as in a destructor, come once more."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        # Not at once: it would come within this function, where nothing can be raised either.
        again = threading.Timer(_AGAIN_S, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(unraisable)


def _leave(_signum: int, _frame: object) -> NoReturn:
    os._exit(INTERRUPTED)
