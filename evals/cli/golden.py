"""``assistant eval judge``, ``init`` and ``add``: labelled pairs and golden files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import options, output


def judge(
    pairs: Annotated[
        list[Path] | None,
        typer.Argument(
            help="JSON Lines of source, claim and label (1 or 0); the shipped ones where left out.",
            metavar="PAIRS.jsonl",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--judge", help="Who judges: checker, or an LLM as in ASSISTANT_LLM.", metavar="NAME"
        ),
    ] = "checker",
    disputes: Annotated[
        bool,
        typer.Option("--disputes", help="Also sentences that were rated on the page.", metavar=""),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Chooses the draws.", metavar="N")] = 0,
    as_json: options.JsonOption = False,
    home: options.HomeOption = None,
) -> None:
    """Measure how far the judge agrees with people.

    Prints ROC-AUC, balanced accuracy at the shipped threshold, calibration error
    and the score from which on 90 % are right. Later reports carry these figures.

    [bold]Examples[/bold]
      assistant eval judge
      assistant eval judge pairs.jsonl --judge gguf:model.gguf
    """
    from assistant_evals.cases.disputes import read_disputes
    from assistant_evals.errors import PairsError
    from assistant_evals.judging.judges import CheckerJudge, open_judge
    from assistant_evals.judging.labelled_pairs import judge_pairs, read_own_pairs, read_pairs
    from assistant_evals.judging.trust import make_pairs, use_judge
    from assistant_evals.metrics.rounding import round_values
    from assistant_evals.report.folder import keep_pairs

    from assistant import Assistant, load_settings

    sets = {path.stem: read_pairs(path) for path in pairs or ()}
    settings = load_settings(home=home)
    if disputes:
        rated = make_pairs(read_disputes(settings.home).rows)
        if len({pair.label for pair in rated}) < 2:
            raise PairsError(
                f"{output.format_count(len(rated), 'sentence')} rated on the page, and not of both "
                "kinds; praise some and dispute others before they can be measured with"
            )
        sets["disputes"] = rated
    if not sets:
        sets["own_grounding"] = read_own_pairs()
    asked = Assistant.open(settings, create=True)
    try:
        chosen = open_judge(by, settings, asked)
        told = chosen.score if isinstance(chosen, CheckerJudge) else use_judge(chosen)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        found = [
            round_values({**judge_pairs(name, rows, told, seed=seed), "when": when, "judge": by})
            for name, rows in sets.items()
        ]
    finally:
        asked.close()
    if pairs or disputes or by != "checker":
        # The shipped pairs are measured in every run anyway.
        keep_pairs(settings.home, found)
    if as_json:
        output.say_json(found)
        return
    for figures in found:
        _say_pairs(figures)


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write them.", metavar="FOLDER")] = Path(),
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Write a suite and golden questions of your own library, to be set right.

    [bold]Examples[/bold]
      assistant eval init evals
    """
    from assistant_evals.cases.writing import write_example

    from assistant import Assistant

    with Assistant.open(library=library, home=home) as assistant:
        output.warn_all(assistant.notices)
        suite, golden = write_example(folder, str(assistant.stats().library), assistant.papers())
    output.say(f"Wrote {suite} and {golden}; set the questions right, then:")
    output.say(f"  assistant eval run {suite}")


def add(
    question: Annotated[str, typer.Argument(help="As somebody would ask it.")],
    papers: Annotated[
        list[str] | None,
        typer.Option("--paper", help="A paper that answers it; may be repeated.", metavar="ID"),
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            help="What a right answer holds, spellings parted by |; may be repeated.",
            metavar="TEXT|TEXT",
        ),
    ] = None,
    unanswerable: Annotated[
        bool,
        typer.Option("--unanswerable", help="The library does not hold the answer.", metavar=""),
    ] = False,
    kind: Annotated[
        str | None, typer.Option("--kind", help="To count it under.", metavar="WORD")
    ] = None,
    file: Annotated[
        Path, typer.Option("--file", help="The golden file.", metavar="GOLDEN.jsonl")
    ] = Path("golden.jsonl"),
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Turn a question and its right papers into a case of a golden file.

    [bold]Examples[/bold]
      assistant eval add "How fast is it?" --paper lee2024 --fact "2.5|two and a half"
      assistant eval add "What does it cost?" --unanswerable --kind near-miss
    """
    from assistant_evals.cases.writing import add_case

    from assistant import Assistant

    row: dict[str, Any] = {"question": question}
    if unanswerable:
        row["answerable"] = False
    if papers:
        row["papers"] = papers
    if facts:
        row["facts"] = [[spelling.strip() for spelling in fact.split("|")] for fact in facts]
    if kind:
        row["kind"] = kind
    with Assistant.open(library=library, home=home) as assistant:
        known = [paper.paper_id for paper in assistant.papers()]
    case_id = add_case(file, row, known)
    output.say(f"Added {case_id} to {file}")


def _say_pairs(figures: dict[str, Any]) -> None:
    output.say(f"{figures['name']}: {output.format_count(figures['n'], 'pair')}", style="bold")
    if figures["n_errors"]:
        output.say(f"  {output.format_count(figures['n_errors'], 'pair')} could not be judged")
    for name, title in (("roc_auc", "ROC-AUC"), ("balanced_accuracy", "Balanced accuracy")):
        if figures[name] is not None:
            low, high = figures[f"{name}_interval"]
            output.say(f"  {title:28} {figures[name]:.3f} [{low:.3f}, {high:.3f}]")
    for name, title in (
        ("precision", "Precision of 'supported'"),
        ("recall", "Recall of 'supported'"),
        ("kappa", "Cohen's kappa"),
        ("ece", "Calibration error"),
    ):
        if figures[name] is not None:
            output.say(f"  {title:28} {figures[name]:.3f}")
    at = figures["threshold_for_precision"]
    if at["threshold"] is None:
        output.say(f"  No score is right in {at['wanted']:.0%} of pairs.")
    else:
        output.say(
            f"  From a score of {at['threshold']:.2f} on, {at['wanted']:.0%} are right "
            f"(recall {at['recall']:.2f})"
        )
