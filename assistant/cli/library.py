"""``assistant library``: what is in a library, and what changes it besides ingestion."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.cli import options, output
from assistant.errors import LibraryError

if TYPE_CHECKING:
    from assistant.export import ExportFormat

app = typer.Typer(help="List, show, remove, export and rebuild.", no_args_is_help=True)

PaperIds = Annotated[
    list[str],
    typer.Argument(help="Paper ids, as `assistant library list` prints them.", metavar="ID..."),
]


@app.command("list")
def list_papers(
    as_json: options.JsonOption = False,
    year: options.YearOption = None,
    author: options.AuthorOption = None,
    venue: options.VenueOption = None,
    keyword: options.KeywordOption = None,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """List the papers: id, year and title."""
    filters = options.make_filters(year, author, venue, keyword, None)
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
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
    """Show papers in full."""
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
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
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Remove papers."""
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
        papers = [assistant.paper(paper_id) for paper_id in paper_ids]
        if not yes and sys.stdin.isatty():
            for paper in papers:
                output.say(f"{paper.paper_id}\t{paper.title}")
            typer.confirm(f"Remove {len(papers)} of {assistant.n_papers}?", abort=True)
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
    """Write the whole library as BibTeX, RIS, CSL-JSON or JSON Lines."""
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
        pieces = assistant.export(cast("ExportFormat", format))
        if out is None:
            for piece in pieces:
                sys.stdout.write(piece)
            return
        try:
            with out.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
        except OSError as error:
            raise LibraryError(f"cannot write {str(out)!r}: {error.strerror}") from error
        output.say(f"{assistant.n_papers} papers written to {out}")


@app.command()
def stats(
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Count papers and passages, and say how the library was built."""
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
        values = assistant.stats()
    if as_json:
        output.say_json(values)
        return
    for name, value in values.items():
        output.say(f"{name.replace('_', ' ') + ':':<20}{value}")


@app.command()
def reindex(
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Build the library anew from its papers, with the embedder configured now."""
    from assistant.api import Assistant
    from assistant.cli.progress import ingest_progress

    with Assistant.open(library=library, home=home) as assistant:
        output.notice_all(assistant.notices)
        with ingest_progress(sys.stderr.isatty() and not as_json) as progress:
            assistant.reindex(progress=progress)
        values = assistant.stats()
    if as_json:
        output.say_json(values)
    else:
        output.say(f"{values['papers']} papers indexed with {values['embedder']}")
