"""``assistant search``: ranked papers for a query."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import options, output, questions
from assistant.errors import AssistantError, QuestionError
from assistant.text.half_characters import mend_halves
from assistant.types import NO_FILTERS, Filters, SearchResult

_RUN_TAG = "abstract-assistant"


@options.take_filters
def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="What to look for.", metavar="QUERY", show_default=False),
    ] = None,
    file: options.FileOption = None,
    as_json: options.JsonOption = False,
    run_file: Annotated[
        Path | None,
        typer.Option("--run-file", help="Write a TREC run file.", metavar="OUT.trec"),
    ] = None,
    top_k: options.TopKOption = None,
    filters: Filters = NO_FILTERS,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Find papers, best first, each with its best matching sentence.

    Scores compare papers of one search only.

    [bold]Examples[/bold]
      assistant search "layer pruning" -k 5
      assistant search --file queries.jsonl --run-file run.trec
    """
    if (file is None) == (not query):
        raise QuestionError("give either a query or --file QUERIES.jsonl")
    if run_file is not None and not run_file.parent.is_dir():
        raise QuestionError(f"cannot write the run file {str(run_file)!r}: its folder is missing")
    rows = (
        questions.read_questions(file)
        if file is not None
        else iter([questions.Row("1", mend_halves(" ".join(query or ())))])
    )
    from assistant.api import Assistant

    run: list[str] = []
    n_failed = 0
    with Assistant.open(library=library, home=home) as assistant:
        if file is not None:
            output.warn_all(assistant.notices)
        for row in rows:
            try:
                if row.error:
                    raise QuestionError(row.error)
                results = assistant.search(row.question, top_k=top_k, filters=filters)
            except QuestionError as error:
                if file is None:
                    raise
                n_failed += 1
                output.say_json({"id": row.id, "error": str(error)}, indent=None)
                continue
            if file is None:
                output.warn_all(assistant.notices)
            run += _format_run(str(row.id), results)
            if file is not None or as_json:
                found: dict[str, Any] = {"id": row.id, "query": row.question}
                found["results"] = [result.to_dict() for result in results]
                output.say_json(found, indent=None if file is not None else 2)
            elif results:
                output.say_results(results)
            else:
                output.say("No paper of this library passes these filters.")
    if run_file is not None:
        _write_run(run_file, run)
    if n_failed:
        output.warn(
            f"{output.format_count(n_failed, 'row')} could not be searched; its error is printed"
        )
        raise typer.Exit(AssistantError.exit_code)


def _format_run(query_id: str, results: list[SearchResult]) -> list[str]:
    # The TREC format separates its six fields by white space, so ids must hold none.
    query_id = "_".join(query_id.split())
    return [
        f"{query_id} Q0 {'_'.join(r.paper.paper_id.split())} {rank} {r.score:.6f} {_RUN_TAG}\n"
        for rank, r in enumerate(results, start=1)
    ]


def _write_run(path: Path, lines: list[str]) -> None:
    try:
        path.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise QuestionError(f"cannot write the run file {str(path)!r}: {error.strerror}") from error
