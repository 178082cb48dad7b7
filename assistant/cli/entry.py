"""Where the ``assistant`` command begins: ready for Ctrl-C before anything slow is imported."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from assistant.cli.interrupts import (
    INTERRUPTED,
    interrupt,
    interrupt_again,
    is_interrupted,
    leave,
)


def main() -> NoReturn:
    """Runs the command line and exits: see ``assistant.cli.app.main``.

    Ctrl-C ends it with 130 and no traceback, at whatever import it comes.
    """
    signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = interrupt_again
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
        signal.signal(signal.SIGINT, leave)
