"""``assistant library``: what is in a library, and what changes it besides ingestion."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from assistant.cli import options, output
from assistant.errors import AssistantError, LibraryError
from assistant.types import NO_FILTERS, Filters, Paper, PaperFormat

app = typer.Typer(
    help="List, show, remove, export and rebuild.",
    epilog="Start with:  assistant library list",
    no_args_is_help=True,
)

PaperIds = Annotated[
    list[str],
    typer.Argument(help="Paper ids, as `assistant library list` prints them.", metavar="ID"),
]


@app.command("list")
@options.take_filters
def list_papers(
    as_json: options.JsonOption = False,
    filters: Filters = NO_FILTERS,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """List the papers: id, year and title, with tabs between.

    With --json the records in full.

    [bold]Examples[/bold]
      assistant library list --author Vaswani --year 2017..2020
      assistant library list | cut -f1
    """
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.warn_all(assistant.notices)
        papers = assistant.papers(filters)
        if as_json:
            output.say_json([paper.to_dict() for paper in papers])
            return
        for paper in papers:
            output.say(f"{paper.paper_id}\t{paper.year or ''}\t{paper.title}")


@app.command()
def show(
    paper_ids: PaperIds,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Show papers in full.

    With --json also the file's own text where it was repaired.

    [bold]Examples[/bold]
      assistant library show smith2020
      assistant library show smith2020 lee2021 --json
    """
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.warn_all(assistant.notices)
        papers = [assistant.paper(paper_id) for paper_id in paper_ids]
    if as_json:
        output.say_json([paper.to_dict() for paper in papers])
        return
    for number, paper in enumerate(papers):
        if number:
            output.say()
        output.say_paper(paper)


@app.command()
def remove(
    paper_ids: PaperIds,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask.", metavar=options.NO_VALUE)
    ] = False,
    wait: options.WaitOption = 0,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Remove papers: all that are named, or none where one is not there.

    Asks first on a terminal.

    [bold]Examples[/bold]
      assistant library remove smith2020
      assistant library remove smith2020 lee2021 --yes
    """
    from assistant.api import Assistant
    from assistant.store.locking import Patience

    with Assistant.open(library=library, home=home) as assistant:
        assistant.store.patience = Patience(wait, output.warn)
        output.warn_all(assistant.notices)
        papers = [assistant.paper(paper_id) for paper_id in paper_ids]
        if not yes and sys.stdin.isatty():
            _confirm_removal(papers, assistant.n_papers)
        with output.tell_stop():
            report = assistant.remove(*paper_ids)
    if as_json:
        output.say_json(report.to_dict())
    else:
        output.say_report(report)


@app.command()
def export(
    format: Annotated[
        str,
        typer.Option("--format", "-f", help="bibtex, ris, csl or jsonl.", metavar="NAME"),
    ] = "jsonl",
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here; standard output if not given."),
    ] = None,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Write the whole library as BibTeX, RIS, CSL-JSON or JSON Lines, in UTF-8.

    JSON Lines keeps everything; the others have no place for text before repair.

    [bold]Examples[/bold]
      assistant library export --format bibtex --output papers.bib
      assistant library export | gzip > papers.jsonl.gz
    """
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.warn_all(assistant.notices)
        pieces = assistant.export(cast("PaperFormat", format))
        if out is None:
            output.say_file(pieces)
            return
        try:
            with out.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
        except OSError as error:
            raise LibraryError(f"cannot write {str(out)!r}: {error.strerror}") from error
        output.say(f"{output.format_count(assistant.n_papers, 'paper')} written to {out}")


@app.command()
def stats(
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Count papers and passages, and say how the library was built.

    The digest is the same for the same papers.

    [bold]Examples[/bold]
      assistant library stats
      assistant library stats --library thesis --json
    """
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.warn_all(assistant.notices)
        values = assistant.stats()
    if as_json:
        output.say_json(values.to_dict())
        return
    for name, value in values.to_dict().items():
        output.say(f"{name.replace('_', ' ') + ':':<20}{value}")


@app.command()
def reindex(
    wait: options.WaitOption = 0,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Build the library anew from its papers, with the embedder configured now.

    For another embedder, or a library of an older release. Until it is done the
    old library answers.

    [bold]Examples[/bold]
      assistant library reindex
      ASSISTANT_EMBEDDING=openai:text-embedding-3-small assistant library reindex
    """
    from assistant.api import Assistant
    from assistant.cli.progress import show_progress
    from assistant.store.locking import Patience

    with Assistant.open(library=library, home=home) as assistant:
        assistant.store.patience = Patience(wait, output.warn)
        output.warn_all(assistant.notices)
        shown = sys.stderr.isatty() and not as_json
        with output.tell_stop(), show_progress(shown) as progress:
            assistant.reindex(progress=progress)
        values = assistant.stats()
    if as_json:
        output.say_json(values.to_dict())
    else:
        n_papers = output.format_count(values.papers, "paper")
        output.say(f"{n_papers} indexed with {values.embedder}")


@app.command()
def use(
    name: Annotated[
        str | None,
        typer.Argument(help="The library to use where none is named.", metavar="NAME"),
    ] = None,
    none: Annotated[
        bool,
        typer.Option("--none", help="Undo it: use 'default' again.", metavar=options.NO_VALUE),
    ] = False,
    as_json: options.JsonOption = False,
    home: options.HomeOption = None,
) -> None:
    """Choose the library that is used where none is named, or say which that is.

    Kept with the libraries: the page and Python use it too. `--library`,
    ASSISTANT_LIBRARY and an assistant.toml in the folder go before it.

    [bold]Examples[/bold]
      assistant library use thesis
      assistant library use --none
    """
    from assistant.files.chosen_library import choose
    from assistant.opened_library import STARTER
    from assistant.settings import load_settings
    from assistant.store.opening import libraries

    if name and none:
        raise LibraryError(f"{name!r} and --none were both given; leave one out")
    settings = load_settings(home=home, library=name)
    there = [one for one in libraries(settings.home) if one != STARTER]
    # Only the server knows which libraries are on it.
    if name and not settings.chroma_url and name not in (*there, STARTER):
        known = ", ".join(there) or "none yet"
        raise LibraryError(
            f"there is no library {name!r} (there are: {known}); make it with `assistant ingest "
            f"FILE --library {name}`"
        )
    if name or none:
        choose(settings.home, name)
    used = load_settings(home=home).library
    if as_json:
        output.say_json({"library": used, "libraries": there})
        return
    output.say(f"{used} is used where no library is named; there are: {', '.join(there) or 'none'}")
    if name and used != name:
        output.warn("ASSISTANT_LIBRARY or an assistant.toml here names another and goes before it")


@app.command()
def restore(
    from_mirror: Annotated[
        bool,
        typer.Option(
            "--from-mirror",
            help="From the copy that this machine keeps of a library on a Chroma server.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Even where the server has another library of that name, or newer papers.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    wait: options.WaitOption = 0,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Put a library back on a Chroma server that has lost it.

    It is checked there before it counts. Whatever stops it, give the same command again.

    [bold]Examples[/bold]
      ASSISTANT_CHROMA_URL=http://localhost:8000 assistant library restore --from-mirror
    """
    from assistant.api import Assistant
    from assistant.cli.progress import show_progress
    from assistant.store.locking import Patience
    from assistant.store.opening import restore_from_mirror

    if not from_mirror:
        raise LibraryError("say what to restore the library from: --from-mirror")
    with Assistant.open(library=library, home=home, create=True) as assistant:
        store = assistant.store
        store.patience = Patience(wait, output.warn)
        shown = sys.stderr.isatty() and not as_json
        bar = show_progress(shown, "Sending passages", "passages")
        with output.tell_stop(), bar as progress:
            n_papers = restore_from_mirror(store, replace=replace, progress=progress)
        if as_json:
            output.say_json({"library": store.name, "papers": n_papers})
        else:
            counted = output.format_count(n_papers, "paper")
            output.say(f"{counted} of {store.name!r} restored to the server, and checked there")


def _confirm_removal(papers: list[Paper], n_papers: int) -> None:
    """Asks on the terminal; standard output is kept for the report."""
    for paper in papers:
        output.warn(f"{paper.paper_id}: {paper.title}")
    output.warn(f"remove {len(papers)} of {output.format_count(n_papers, 'paper')}? y or n")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        output.warn("nothing was removed")
        raise typer.Exit(AssistantError.exit_code)
