"""``assistant check``: whether a source supports a claim, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import options, output, rows
from assistant.errors import AssistantError, QuestionError
from assistant.suspects import FAILED

if TYPE_CHECKING:
    from assistant.grounding.checker import Checker, Grounding

UNSUPPORTED = 1
"""The exit code of ``--strict`` where a claim is not supported."""

_FIELDS = ("source", "claim")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a file of pairs; ``error`` is set where the row cannot be checked."""

    id: str | int
    source: str = ""
    claim: str = ""
    error: str | None = None


def check(
    claim: Annotated[
        str | None, typer.Option("--claim", help="The sentence to check.", metavar="TEXT")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The text it should rest on.", metavar="TEXT")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="JSON Lines of id, source and claim, one JSON line printed for each. - is "
            "standard input.",
            metavar="PAIRS.jsonl",
        ),
    ] = None,
    as_json: options.JsonOption = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit with 1 where a claim is not supported.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
) -> None:
    """Check claims against their sources: figures, names, negations, directions, words.

    Needs no library, no LLM and no network. A claim has at most 2,000 characters, a source 100,000.

    [bold]Examples[/bold]
      assistant check --claim "It is 3 times faster." --source "We measure a 2x speedup."
      assistant check --file pairs.jsonl > verdicts.jsonl
    """
    given = claim is not None or source is not None
    if given == (file is not None) or (given and (claim is None or source is None)):
        raise QuestionError("give either --claim and --source or --file PAIRS.jsonl")
    pairs = (
        read_pairs(file)
        if file is not None
        else iter([Pair("1", source=source or "", claim=claim or "")])
    )
    checker = open_checker()
    n_failed = n_unsupported = 0
    for pair in pairs:
        try:
            found = _check_pair(checker, pair)
        except QuestionError as error:
            if file is None:
                raise
            n_failed += 1
            output.say_json({"id": pair.id, "error": str(error)}, indent=None)
            continue
        n_unsupported += found.verdict in FAILED
        if file is not None or as_json:
            output.say_json(_to_row(pair, found), indent=None if file is not None else 2)
        else:
            _say(found)
    if n_failed:
        output.warn(
            f"{output.format_count(n_failed, 'row')} could not be checked; its error is printed"
        )
        raise typer.Exit(AssistantError.exit_code)
    if strict and n_unsupported:
        raise typer.Exit(UNSUPPORTED)


def open_checker() -> Checker:
    """Returns a checker that needs no library: words are weighed as in abstracts at large.

    Raises:
        ModelError: a file of the embedding model is missing or damaged.
    """
    from assistant.embeddings.embedder import open_embedder
    from assistant.evidence.injection import flag_instructions
    from assistant.grounding.checker import Checker

    return Checker(words=open_embedder().words, flag_suspect=flag_instructions)


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yields each row of ``path`` in order; rows without an id get their line number.

    Raises:
        QuestionError: the file cannot be read, or its first row is not UTF-8 text.
    """
    for row in rows.read_rows(path, "pairs"):
        lacking = next((n for n in _FIELDS if not isinstance(row.fields.get(n), str)), None)
        if row.error is not None:
            yield Pair(row.id, error=row.error)
        elif lacking is not None:
            yield Pair(row.id, error=f"{row.where}: no text under {lacking}")
        else:
            yield Pair(row.id, row.fields["source"], row.fields["claim"])


def _check_pair(checker: Checker, pair: Pair) -> Grounding:
    if pair.error:
        raise QuestionError(pair.error)
    try:
        return checker.check_pair(pair.source, pair.claim)
    except ValueError as error:
        raise QuestionError(str(error)) from error


def _to_row(pair: Pair, found: Grounding) -> dict[str, Any]:
    return {
        "id": pair.id,
        "score": round(found.score, 4),
        "verdict": found.verdict,
        "flags": [asdict(flag) for flag in found.flags],
        "lexical": None if found.lexical is None else round(found.lexical, 4),
    }


def _say(found: Grounding) -> None:
    words = "" if found.lexical is None else f", words {found.lexical:.2f}"
    output.say(f"{found.verdict}  (score {found.score:.2f}{words})")
    for flag in found.flags:
        output.say(f"  {flag.kind}: {flag.message}")
