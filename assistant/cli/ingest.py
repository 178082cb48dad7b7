"""``assistant ingest``: lists of papers into the library."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.cli import options, output
from assistant.errors import AssistantError, IngestError, ServiceError

if TYPE_CHECKING:
    from assistant.ingest import Format


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files or folders; - is standard input; or what names papers elsewhere.",
            metavar="SOURCE",
            show_default=False,
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help="Read as this format, undetected.", metavar="NAME"),
    ] = None,
    sync: Annotated[
        bool,
        typer.Option(
            "--sync",
            help="Also remove papers that a source no longer lists.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    source_name: Annotated[
        str | None,
        typer.Option(
            "--source",
            help="What PATH is known by, in place of its path; - and pipes need it for --sync.",
            metavar="NAME",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit 1 when any record was skipped.", metavar=options.NO_VALUE
        ),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            help="Papers that a search or listing brings: 100 unless set, 10,000 at most.",
            metavar="N",
        ),
    ] = None,
    keep_without_abstract: Annotated[
        bool,
        typer.Option(
            "--keep-without-abstract",
            help="Keep papers that have a title alone: found and listed, never quoted.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    wait: options.WaitOption = 0,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Read lists of papers into a library: all that can be read, or nothing on an error.

    Formats, told from the content: feed (text: a title, then its abstract),
    wrapped (the same, broken over lines), bibtex, ris, json (CSL-JSON, services' answers),
    jsonl, csv (or tabs), arxiv, arxiv-mail, medline, pubmed-text, wos (Web of Science),
    refer (EndNote's .enw), refworks, ovid, cochrane, xlsx, xml (of PubMed, EndNote, OAI-PMH,
    RSS, MODS, JATS, Crossref, DBLP, Zotero, GROBID).
    Papers that are there already cost nothing.

    Or from where they are: doi:, arxiv: or pmid: with a number; the address of a page of
    doi.org, arXiv (listings too) or PubMed; openalex:, arxiv:, crossref: or europepmc: with
    words; zotero: for the library of a Zotero that runs here, zotero:NAME for a collection.

    [bold]Examples[/bold]
      assistant ingest feed.txt
      assistant ingest zotero.bib --library thesis --sync
      curl ... | assistant ingest - --format arxiv
      assistant ingest doi:10.7717/peerj.4375 arxiv:1706.03762
      assistant ingest "openalex:grey herons" --limit 50
    """
    from assistant.api import Assistant
    from assistant.cli.progress import show_progress
    from assistant.store.locking import Patience

    with Assistant.open(library=library, home=home, create=True) as assistant:
        assistant.store.patience = Patience(wait, output.warn)
        try:
            with (
                output.tell_stop(),
                show_progress(sys.stderr.isatty() and not as_json) as progress,
            ):
                report = assistant.ingest(
                    *sources,
                    format=cast("Format | None", format),
                    sync=sync,
                    progress=progress,
                    limited=True,
                    limit=limit,
                    keep_without_abstract=keep_without_abstract,
                    source_name=source_name,
                )
        except IngestError as error:
            if len(sources) == 1:
                raise
            kind = ServiceError if isinstance(error, ServiceError) else IngestError
            raise kind(f"{error}; nothing of the other sources was added") from error
        output.warn_all(dict.fromkeys((*assistant.notices, *report.notices)))
    if as_json:
        output.say_json(report.to_dict())
    else:
        output.say_report(report)
        if any(skipped.lacks_abstract for skipped in report.skipped):
            output.warn(
                "to keep papers without an abstract, found by their titles: --keep-without-abstract"
            )
    nothing_usable = not (report.added or report.updated or report.unchanged or report.removed)
    if nothing_usable and report.skipped:
        output.warn("no paper could be read; the library is as it was")
        raise typer.Exit(AssistantError.exit_code)
    if strict and report.skipped:
        raise typer.Exit(1)
