"""``assistant eval run``, ``baseline`` and ``diff``: the suite on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import options, output

if TYPE_CHECKING:
    from assistant_evals.running.runs import Measured, Progress, Run

FAILED = 1
_SHOWN_BREACHED = 8

SuiteArgument = Annotated[
    Path | None,
    typer.Argument(
        help="A suite; the shipped one over the starter library where left out, "
        "the other shipped one for sciences.",
        metavar="SUITE.toml",
        show_default=False,
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only", help="Only this kind, or file, of cases; may be repeated.", metavar="KIND"
    ),
]
SampleOption = Annotated[
    int | None, typer.Option("--sample", help="About N cases, each kind by its share.", metavar="N")
]
SeedOption = Annotated[
    int, typer.Option("--seed", help="Chooses the sample and the draws.", metavar="N")
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm", help="Who writes answers: none, or an LLM as in ASSISTANT_LLM.", metavar="NAME"
    ),
]


def run(
    suite: SuiteArgument = None,
    gate: Annotated[
        bool,
        typer.Option("--gate", help="Exit 1 where something does not hold.", metavar=""),
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Folder of the report.", metavar="DIR")
    ] = None,
    only: OnlyOption = None,
    sample: SampleOption = None,
    seed: SeedOption = 0,
    judge: Annotated[
        str,
        typer.Option(
            "--judge",
            help="Who else judges: checker, or an LLM as in ASSISTANT_LLM.",
            metavar="NAME",
        ),
    ] = "checker",
    llm: LlmOption = None,
    jobs: Annotated[
        int, typer.Option("--jobs", help="Cases asked at once.", min=1, metavar="N")
    ] = 2,
    home: options.HomeOption = None,
) -> None:
    """Ask the golden questions and measure the answers.

    Writes report.json, report.md, report.html and junit.xml. A run that was
    stopped goes on where it was when the same command is given again.

    [bold]Examples[/bold]
      assistant eval run --gate
      assistant eval run evals.toml --only unanswerable --report build/evals
      assistant eval run --sample 60 --llm gguf:model.gguf
    """
    from assistant_evals.report.folder import (
        JOURNAL_FILE,
        check_writable,
        choose_folder,
        write_report,
    )

    from assistant import load_settings
    from assistant.files.private import close_to_others, make_folder

    own_home = load_settings(home=home).home
    folder = report or choose_folder(own_home, datetime.now(UTC))
    if report is None:
        make_folder(folder)
    # An LLM's answers are worth more than the question whether the folder can be written.
    check_writable(folder)
    journal = (folder if report else folder.parent) / JOURNAL_FILE
    chosen = _make_run(suite, only, sample, seed, gate=gate, jobs=jobs)
    chosen.journal_path = journal
    try:
        measured = _measure(chosen, own_home, judge, {"llm": llm, "home": home})
    except KeyboardInterrupt:
        output.warn("stopped; the same command goes on from here")
        raise
    finally:
        # A folder that holds nothing is no report.
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    write_report(folder, measured.report)
    if report is None:
        close_to_others(folder.parent)
    _say_report(measured.report, folder)
    if gate and not measured.report["gate"]["passed"]:
        raise typer.Exit(FAILED)


def baseline(
    suite: SuiteArgument = None,
    seed: SeedOption = 0,
    llm: LlmOption = None,
    home: options.HomeOption = None,
) -> None:
    """Run the suite and make its answers what later runs are held against.

    [bold]Examples[/bold]
      assistant eval baseline evals.toml
    """
    from assistant_evals.errors import GoldenError, make_unwritable_error
    from assistant_evals.report.folder import write_whole

    from assistant import load_settings

    chosen = _make_run(suite, None, None, seed, gate=False, jobs=2)
    path = chosen.suite.baseline
    if path is None:
        raise GoldenError(
            f'suite {chosen.suite.name} names no baseline; add a line baseline = "baseline.json"'
        )
    own_home = load_settings(home=home).home
    measured = _measure(chosen, own_home, "checker", {"llm": llm, "home": home})
    try:
        write_whole(path, format_baseline(measured.make_baseline()))
    except OSError as error:
        raise make_unwritable_error(f"baseline {path}", error) from error
    n = len(measured.report["cases"])
    output.say(f"{path}: the baseline is now that of {output.format_count(n, 'case')}.")


def diff(
    old: Annotated[Path, typer.Argument(help="A report, or its folder.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="A later one.", metavar="NEW")],
    as_json: options.JsonOption = False,
) -> None:
    """Compare two reports: figures, and each case that came out otherwise.

    [bold]Examples[/bold]
      assistant eval diff build/main build/mine
    """
    from assistant_evals.report.diff import compare_reports
    from assistant_evals.report.folder import read_report

    before, after = read_report(old), read_report(new)
    found = compare_reports(before, after)
    if as_json:
        output.say_json(found)
        return
    moved = [metric for metric in found["metrics"] if metric["change"]]
    for metric in moved:
        sign = "+" if metric["change"] > 0 else ""
        output.say(
            f"{metric['title']:42} {metric['old']:8.3f} -> {metric['new']:8.3f}  "
            f"({sign}{metric['change']:.3f})"
        )
    if not moved:
        output.say("No figure differs.")
    cases = {case["id"]: case for case in [*before["cases"], *after["cases"]]}
    for key, title in (
        ("broken", "Fails now"),
        ("fixed", "Passes now"),
        ("reworded", "Answered otherwise"),
        ("only_old", "In the first report only"),
        ("only_new", "In the second report only"),
    ):
        if found[key]:
            output.say(f"\n{title} ({len(found[key])})", style="bold")
        for name in found[key]:
            why = f"  {' '.join(cases[name]['failures'])}" if key == "broken" else ""
            output.say(f"  {name}  {cases[name]['question']}{why}")


def format_baseline(record: dict[str, Any]) -> str:
    """Returns a baseline as text in which a change of one case is a change of few lines."""
    rows = record["rows"]
    head = json.dumps({**record, "rows": None}, ensure_ascii=False, indent=1)
    body = ",\n".join(
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"   {json.dumps(key)}: {json.dumps(row)}" for key, row in rows[name].items())
        + "\n  }"
        for name in rows
    )
    return head.replace('"rows": null', '"rows": {\n' + body + "\n }") + "\n"


def _make_run(
    suite: Path | None,
    only: list[str] | None,
    sample: int | None,
    seed: int,
    *,
    gate: bool,
    jobs: int,
) -> Run:
    from assistant_evals.cases.suites import locate_suite, read_suite
    from assistant_evals.running.runs import Run

    return Run(
        read_suite(locate_suite(suite)),
        only=tuple(only or ()),
        n_sample=sample,
        seed=seed,
        n_jobs=jobs,
        gate=gate,
    )


def _measure(chosen: Run, home: Path, judge: str, flags: dict[str, Any]) -> Measured:
    from assistant_evals.judging.judges import CHECKER, open_judge
    from assistant_evals.report.folder import read_last_pairs
    from assistant_evals.running.asking import open_library
    from assistant_evals.running.runs import run as run_suite

    chosen.last_pairs = read_last_pairs(home)
    with open_library(chosen.suite, **flags) as library:
        assistant = library.assistant
        if assistant.llm_name:
            output.warn(f"answers are written by {assistant.llm_name}")
        if judge != CHECKER:
            settings = assistant.settings.model_copy(update={"home": home})
            chosen.judge = open_judge(judge, settings, assistant)
        with _progress() as progress:
            chosen.progress = progress
            return run_suite(chosen, library)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Yields what draws a bar on a terminal, and nothing where there is none."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _say_report(report: dict[str, Any], folder: Path) -> None:
    n_passed = sum(case["passed"] for case in report["cases"])
    output.say(
        f"{n_passed:,} of {output.format_count(len(report['cases']), 'case')} passed, "
        f"{report['times']['seconds']:.0f} s"
    )
    for metric in report["metrics"]:
        is_told = ":" not in metric["name"] or metric["floor"] is not None
        if is_told and metric["mean"] is not None:
            output.say(format_metric(metric))
    for mutation in report["trust"]["mutations"]:
        if mutation["auc"] is not None:
            output.say(f"  Checker, {mutation['title']:43} {mutation['auc']:8.3f}")
    found = report["gate"]
    if found is not None:
        output.say(f"Gate: {'passed' if found['passed'] else 'failed'}", style="bold")
        for breach in found["breaches"]:
            cases = ", ".join(breach["cases"][:_SHOWN_BREACHED])
            more = len(breach["cases"]) - _SHOWN_BREACHED
            rest = f" and {more} more" if more > 0 else ""
            output.say(f"  {breach['message']}{f' Cases: {cases}{rest}.' if cases else ''}")
        for note in found["notes"]:
            output.say(f"  {note}")
    output.say(f"Report: {folder / 'report.html'}")


def format_metric(metric: dict[str, Any]) -> str:
    """Returns a figure on one line: title, value, interval, n, and its bound if it has one."""
    bound = ""
    if metric["floor"] is not None:
        word = "at least" if metric["higher_is_better"] else "at most"
        bound = f"  {'ok' if metric['passed'] else 'FAILED'}: {word} {metric['floor']:g}"
    interval = f"[{metric['low']:.3f}, {metric['high']:.3f}]" if metric["low"] is not None else ""
    return f"  {metric['title']:52} {metric['mean']:8.3f} {interval:>18} n={metric['n']}{bound}"
