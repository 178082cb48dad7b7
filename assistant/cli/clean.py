"""``assistant clean``: what may go of the home folder, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, output
from assistant.errors import QuestionError
from assistant.files.kept import KINDS

if TYPE_CHECKING:
    from assistant.files.kept import Cleaning


def clean(
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help=f"Only this: {', '.join(KINDS)}; may be repeated.",
            metavar="KIND",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            help="What is older goes; else ASSISTANT_KEPT_DAYS.",
            metavar="DAYS",
            min=0,
        ),
    ] = None,
    megabytes: Annotated[
        int | None,
        typer.Option(
            "--over",
            help="How much of each kind stays, the newest; else ASSISTANT_KEPT_MB.",
            metavar="MB",
            min=0,
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Delete it; else it is only counted.", metavar=options.NO_VALUE),
    ] = False,
    as_json: options.JsonOption = False,
    home: options.HomeOption = None,
) -> None:
    """Show what may go of chats, ratings, uploads and caches; with --yes delete it.

    Libraries are never touched. Caches are filled again as they are needed.

    [bold]Examples[/bold]
      assistant clean
      assistant clean --only chats --older-than 90 --yes
      assistant clean --only embeddings --over 500 --yes
    """
    from assistant.files.kept import clean_home, shrink_caches
    from assistant.settings import load_settings

    kinds = _known(only or ())
    settings = load_settings(home=home)
    found = clean_home(
        settings.home,
        days=settings.kept_days if days is None else days,
        megabytes=settings.kept_mb if megabytes is None else megabytes,
        kinds=kinds,
        deletes=yes,
    )
    if yes:
        shrink_caches(settings.home, kinds)
    if as_json:
        output.say_json({"deleted": yes, "kinds": [cleaning.to_dict() for cleaning in found]})
        return
    for cleaning in found:
        output.say(_line(cleaning, yes))
    if not yes and any(cleaning.n_going for cleaning in found):
        output.say("\nNothing is deleted yet; the same command with --yes deletes it.")


def _known(kinds: Sequence[str]) -> Sequence[str]:
    for kind in kinds:
        if kind not in KINDS:
            raise QuestionError(f"--only {kind!r} is not one of {', '.join(KINDS)}")
    return kinds


def _line(cleaning: Cleaning, deleted: bool) -> str:
    there = f"{cleaning.kind:<11} {cleaning.n:>9,}  {_size(cleaning.n_bytes):>9}"
    if not cleaning.n_going:
        return f"{there}  nothing to delete"
    verb = "deleted" if deleted else "to delete"
    return f"{there}  {cleaning.n_going:,} {verb}, {_size(cleaning.bytes_going)}"


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 10**6:,.1f} MB"
