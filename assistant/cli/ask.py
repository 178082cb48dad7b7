"""``assistant ask``: a question in, quotations with their sources out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import options, output, questions
from assistant.errors import AssistantError, QuestionError

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.types import Filters


def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="The question.", metavar="QUESTION", show_default=False),
    ] = None,
    file: options.FileOption = None,
    as_json: options.JsonOption = False,
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
    year: options.YearOption = None,
    author: options.AuthorOption = None,
    venue: options.VenueOption = None,
    keyword: options.KeywordOption = None,
    paper: options.PaperOption = None,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Answer a question from your papers, in exact sentences of theirs.

    Where the papers do not say, it declines, gives the reason and names the closest papers.

    [bold]Examples[/bold]
      assistant ask "How is the length of a response controlled?"
      assistant ask "Which papers prune layers?" --year 2023.. --json
      assistant ask --file questions.jsonl > answers.jsonl
    """
    if (file is None) == (not question):
        raise QuestionError("give either a question or --file QUESTIONS.jsonl")
    filters = options.make_filters(year, author, venue, keyword, paper)
    from assistant.api import Assistant

    with Assistant.open(
        library=library,
        home=home,
        max_sentences=max_sentences,
        top_k=top_k,
        abstain_below=abstain_below,
    ) as assistant:
        if file is not None:
            output.notice_all(assistant.notices)
            _ask_each(assistant, file, filters)
            return
        answer = assistant.ask(" ".join(question or ()), filters=filters)
        output.notice_all(dict.fromkeys((*assistant.notices, *answer.notices)))
    if as_json:
        output.say_json(answer.to_dict())
    else:
        output.say_answer(answer)


def _ask_each(assistant: Assistant, file: Path, filters: Filters) -> None:
    n_failed = 0
    for row in questions.read_questions(file):
        result: dict[str, Any] = {"id": row.id}
        try:
            if row.error:
                raise QuestionError(row.error)
            result |= assistant.ask(row.question, filters=filters).to_dict()
        except QuestionError as error:
            n_failed += 1
            result["error"] = str(error)
        output.say_json(result, indent=None)
    if n_failed:
        output.warn(f"{output.count(n_failed, 'row')} could not be asked; its error is printed")
        raise typer.Exit(AssistantError.exit_code)
