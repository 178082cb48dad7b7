"""``assistant ask``: a question in, cited and checked sentences out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from assistant.cli import options, output, questions
from assistant.cli.leave import ask_leave
from assistant.cli.live import say_live
from assistant.errors import AssistantError, QuestionError
from assistant.types import NO_FILTERS, AnswerFormat, Filters, TurnOptions

if TYPE_CHECKING:
    from collections.abc import Generator

    from assistant.answers import Answer
    from assistant.api import Assistant
    from assistant.events import Event


@options.take_filters
def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="The question.", metavar="QUESTION", show_default=False),
    ] = None,
    file: options.FileOption = None,
    as_json: options.JsonOption = False,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="Print Markdown, or the cited papers with their quotes: csv, bibtex, csl or ris.",
            metavar="NAME",
        ),
    ] = None,
    max_sentences: Annotated[
        int | None,
        typer.Option("--max-sentences", "-n", help="Sentences in an answer, at most.", metavar="N"),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", "-k", help="Papers to answer from, at most.", metavar="K"),
    ] = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(
            "--abstain-below",
            help="Decline below this answerability: 0 always answers, 1 always declines.",
            metavar="P",
        ),
    ] = None,
    as_typed: options.AsTypedOption = False,
    read_all: options.ReadAllOption = False,
    filters: Filters = NO_FILTERS,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Answer a question from your papers, each sentence with the quote that supports it.

    In exact sentences of theirs, or in an LLM's own where one is configured; then each is checked
    against what it cites. Where the papers do not say, it declines and names the closest ones.
    Who wrote a paper, when and where, how many there are and the like is said by their records.

    [bold]Examples[/bold]
      assistant ask "How is the length of a response controlled?"
      assistant ask "Which papers prune layers?" --year 2023.. --json
      assistant ask --file questions.jsonl > answers.jsonl
      assistant ask "Which papers prune layers?" --format bibtex > cited.bib
    """
    if (file is None) == (not question):
        raise QuestionError("give either a question or --file QUESTIONS.jsonl")
    answer_format = _parse_answer_format(format, as_json)
    asking: TurnOptions = {
        "filters": filters,
        "read_filters": not as_typed,
        "read_all": read_all,
    }
    from assistant.api import Assistant

    with Assistant.open(
        library=library,
        home=home,
        max_sentences=max_sentences,
        top_k=top_k,
        abstain_below=abstain_below,
    ) as assistant:
        if file is not None:
            output.warn_all(assistant.notices)
            if answer_format is None:
                _ask_each(assistant, file, asking)
            else:
                _export_each(assistant, file, asking, answer_format)
            return
        text = " ".join(question or ())
        model = assistant.models.chat
        live = answer_format is None and not as_json and sys.stdout.isatty()
        if model is not None and live:

            def begin(read_all: bool) -> Generator[Event, None, None]:
                asking["read_all"] = read_all
                return assistant.stream(text, **asking)

            output.warn_all(assistant.notices)
            answer = say_live(ask_leave(begin, read_all=read_all), model.name)
            _say_usage(answer)
            return
        answer = assistant.ask(text, **asking)
        output.warn_all(dict.fromkeys((*assistant.notices, *answer.notices)))
        if answer.read_filters:
            output.warn("--as-typed asks without that filter")
    if answer_format is not None:
        output.say_file([_format_answers([answer], answer_format)])
    elif as_json:
        output.say_json(answer.to_dict())
    else:
        output.say_answer(answer)
        _say_usage(answer)


def _say_usage(answer: Answer) -> None:
    if cost := output.format_usage(answer.usage):
        output.say(f"\n{cost}", style="dim")


def _parse_answer_format(name: str | None, as_json: bool) -> AnswerFormat | None:
    """Returns the format of that name; None where none was asked for."""
    if name is None:
        return None
    if as_json:
        raise QuestionError("--json and --format exclude each other; give one of them")
    formats: tuple[AnswerFormat, ...] = get_args(AnswerFormat)
    for known in formats:
        if name == known:
            return known
    raise QuestionError(f"{name!r} is not a format for answers; use one of {', '.join(formats)}")


def _format_answers(answers: list[Answer], format: AnswerFormat) -> str:
    from assistant.export.answers import export_answers

    return export_answers(answers, format)


def _ask_each(assistant: Assistant, file: Path, asking: TurnOptions) -> None:
    n_failed = 0
    for row in questions.read_questions(file):
        result: dict[str, Any] = {"id": row.id}
        try:
            if row.error:
                raise QuestionError(row.error)
            result |= assistant.ask(row.question, **asking).to_dict()
        except QuestionError as error:
            n_failed += 1
            result["error"] = str(error)
        output.say_json(result, indent=None)
    if n_failed:
        output.warn(
            f"{output.format_count(n_failed, 'row')} could not be asked; its error is printed"
        )
        raise typer.Exit(AssistantError.exit_code)


def _export_each(
    assistant: Assistant, file: Path, asking: TurnOptions, format: AnswerFormat
) -> None:
    """Prints Markdown answer by answer; a bibliography once, each paper in it once."""
    answers: list[Answer] = []
    n_failed = 0
    try:
        for row in questions.read_questions(file):
            try:
                if row.error:
                    raise QuestionError(row.error)
                answer = assistant.ask(row.question, **asking)
            except QuestionError as error:
                n_failed += 1
                output.warn(f"row {row.id!r}: {error}")
                continue
            output.warn_all(answer.notices)
            if format == "markdown":
                separator = ["\n"] if answers else []
                output.say_file([*separator, _format_answers([answer], format)])
            answers.append(answer)
    except BaseException:
        # An LLM's answers have cost time and money: those that came are not thrown away.
        if answers and format != "markdown":
            output.say_file([_format_answers(answers, format)])
        raise
    if format != "markdown":
        output.say_file([_format_answers(answers, format)])
    if n_failed:
        output.warn(
            f"{output.format_count(n_failed, 'row')} could not be asked; the rest is printed"
        )
        raise typer.Exit(AssistantError.exit_code)
