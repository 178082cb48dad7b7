"""``assistant eval``: what was measured and disputed."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="eval",
    help="Evals: disputed sentences.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Evals: disputed sentences."""
