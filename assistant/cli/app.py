"""The ``assistant`` command: joins the commands and turns errors into one line and a code."""

from __future__ import annotations

import logging
import os
import signal
import sys
from importlib.metadata import entry_points
from io import TextIOWrapper
from typing import Annotated, NoReturn, cast

import typer

from assistant import __version__
from assistant.cli import (
    ask,
    chat,
    check,
    clean,
    doctor,
    ingest,
    library,
    search,
    setup,
    trust,
    watch,
)
from assistant.cli.interrupts import INTERRUPTED, interrupt, is_interrupted
from assistant.cli.output import BROKEN_PIPE, output_fails, silence, warn
from assistant.errors import AssistantError, StoreError

USAGE_ERROR = AssistantError.exit_code

app = typer.Typer(
    name="assistant",
    help="Ask your papers: answers made of exact sentences, each with its source.",
    epilog='Start with:  assistant ask "Which papers study length control?"',
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"abstract-assistant {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
            metavar="",
        ),
    ] = False,
) -> None:
    """Options that stand before a command."""


app.command("ask")(ask.ask)
app.command("chat")(chat.chat)
app.command("search")(search.search)
app.command("check")(check.check)
app.command("ingest")(ingest.ingest)
app.command("watch")(watch.watch)
app.add_typer(library.app, name="library")
app.command("setup")(setup.setup)
app.command("trust")(trust.trust)
app.command("doctor")(doctor.doctor)
app.command("clean")(clean.clean)
for _command in entry_points(group="assistant.commands"):
    _function = _command.load()
    if isinstance(_function, typer.Typer):
        app.add_typer(_function, name=_command.name)
    else:
        app.command(_command.name)(_function)


def main() -> NoReturn:
    """Runs the command line and exits.

    0 done, 1 a check failed, 2 a mistake in what was asked, 3 a part cannot be reached; 129, 130,
    141 and 143 after the terminal was closed, Ctrl-C, a closed pipe and SIGTERM.
    """
    # NumPy's threads wait by spinning: answers come no sooner by them, at twice the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _catch_signals()
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its escape instead of a traceback.
        cast(TextIOWrapper, stream).reconfigure(errors="backslashreplace")
    # What modules warn of comes as notices too; here only what nothing else would say.
    logging.basicConfig(handlers=[_LineHandler(logging.ERROR)])
    # What is fetched is said before, for it takes minutes.
    logging.getLogger("assistant.llm.hugging_face").addHandler(_LineHandler(logging.WARNING))
    sys.exit(run())


def run() -> int:
    """Returns the exit code of the command that sys.argv holds; errors are one line."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except AssistantError as error:
        warn(str(error))
        return error.exit_code
    except typer.TyperException as error:
        message = getattr(error, "format_message", error.__str__)()
        if message:
            warn(message)
        return USAGE_ERROR
    except typer.Abort:
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:
        # Typer exits with 1 where the reader of a pipe went away.
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        silence(sys.stdout)
        return BROKEN_PIPE
    except OSError as error:
        return _report_system_error(error)
    except Exception:
        # Compiled modules turn a Ctrl-C during their import into an ImportError.
        if not is_interrupted():
            raise
        return INTERRUPTED


class _LineHandler(logging.Handler):
    """Prints what modules log in the way of the commands' own messages."""

    def emit(self, record: logging.LogRecord) -> None:
        warn(record.getMessage())


def _report_system_error(error: OSError) -> int:
    if output_fails():
        silence(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE
        warn(f"standard output cannot be written: {error.strerror}")
    else:
        where = f"{str(error.filename)!r}" if error.filename else "a file or the output"
        warn(f"{where} cannot be read or written: {error.strerror or error}")
    return StoreError.exit_code


def _open_closed_streams() -> None:
    """Opens standard streams that the caller closed, on nothing.

    Otherwise the next files to be opened would take their numbers, and a library's file would
    receive what is meant for the screen.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # In this order each gets its own number back: the lowest that is free.
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123


def _catch_signals() -> None:
    """Has signals unwind the command, so that it takes along what it has begun."""
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    # Who starts a command with nohup wants it to go on.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _terminate)


def _terminate(signum: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signum)
