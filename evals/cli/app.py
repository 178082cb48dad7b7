"""``assistant eval``: the evals on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from assistant_evals.cli import golden, run

from assistant.cli import options, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant_evals.cases.disputes import Dispute

FAILED = 1
_SHOWN_CHARS = 300

app = typer.Typer(
    help="Whether answers are grounded: ask golden questions, measure, gate.",
    epilog="Start with:  assistant eval run --sample 60",
    no_args_is_help=True,
)
app.command()(run.run)
app.command()(run.baseline)
app.command()(run.diff)
app.command()(golden.judge)
app.command()(golden.init)
app.command()(golden.add)


@app.command()
def disputes(
    rating: Annotated[
        Literal["up", "down"] | None,
        typer.Option("--rating", help="Only sentences that were rated so.", metavar="up|down"),
    ] = None,
    as_json: options.JsonOption = False,
    home: options.HomeOption = None,
) -> None:
    """List the sentences that readers disputed or praised on the page.

    Time, rating, question, sentence and comment, with tabs between; with --json
    also the whole answer and the abstracts that it cites. Lines of the file that
    cannot be read are named, and the exit code is then 1.

    [bold]Examples[/bold]
      assistant eval disputes --rating down
      assistant eval disputes --json
    """
    from assistant_evals.cases.disputes import read_disputes

    from assistant import load_settings

    found = read_disputes(load_settings(home=home).home)
    rows = [row for row in found.rows if rating in (None, row.rating)]
    output.warn_all(found.faults)
    if as_json:
        output.say_json([row.to_dict() for row in rows])
    elif not rows:
        which = {"up": "praised ", "down": "disputed ", None: "rated "}[rating]
        output.say(f"No {which}sentences yet; they are rated on the page, `assistant ui`.")
    elif sys.stdout.isatty():
        _say_table(rows)
    else:
        for row in rows:
            output.say("\t".join(_cells(row)))
    if found.faults:
        raise typer.Exit(FAILED)


def _cells(row: Dispute) -> tuple[str, ...]:
    """Returns what is shown of a rating, each text on one line."""
    texts = (row.question, row.sentence.text, row.comment)
    when = row.created.isoformat(sep=" ", timespec="minutes")
    return (when, row.rating, *(" ".join(output.strip_controls(text).split()) for text in texts))


def _say_table(rows: Sequence[Dispute]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for name in ("when", "rating", "question", "sentence", "comment"):
        table.add_column(name, no_wrap=name == "rating", ratio=None if name == "rating" else 1)
    for row in rows:
        # Text, not str: what people wrote is no markup.
        table.add_row(*(Text(_shortened(cell)) for cell in _cells(row)))
    Console().print(table)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
