"""The ``assistant`` command: joins the commands and turns errors into one line and a code."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
from typing import Annotated, NoReturn, cast

import typer

from assistant import __version__
from assistant.cli import ask, doctor, ingest, library, search
from assistant.cli.output import BROKEN_PIPE, silence_output, warn
from assistant.errors import AssistantError

USAGE_ERROR = 2
TERMINATED = 128 + signal.SIGTERM

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
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Options that stand before a command."""


app.command("ask")(ask.ask)
app.command("search")(search.search)
app.command("ingest")(ingest.ingest)
app.add_typer(library.app, name="library")
app.command("doctor")(doctor.doctor)


def main() -> NoReturn:
    """Runs the command line and exits: 0 done, 1 a check failed, 2 a mistake, 3 unreachable."""
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its escape instead of a traceback.
        cast(TextIOWrapper, stream).reconfigure(errors="backslashreplace")
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
        return 128 + signal.SIGINT
    except BrokenPipeError:
        silence_output()
        return BROKEN_PIPE


def _terminate(_signum: int, _frame: object) -> NoReturn:
    raise SystemExit(TERMINATED)
