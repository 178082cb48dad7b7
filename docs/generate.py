"""Writes the parts of the documents that the code says itself: settings, commands, metrics.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``. ``make docs`` writes them
all; a test fails where one of them is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import typer

# Where the evals define their metrics, the shipped suites, and what weights are fitted on.
from assistant_evals.cases.suites import SCIENCES, SHIPPED, SHIPPED_BY_NAME, read_suite
from assistant_evals.gate.baselines import read_baseline
from assistant_evals.lab.asked_sets import GOLDEN
from assistant_evals.metrics.catalogue import METRICS, metrics_for
from assistant_evals.metrics.metric import find_interval
from assistant_evals.report.records import PART_VALUES

from assistant.cli.app import app
from assistant.servers.providers import PROVIDERS
from assistant.settings import PREFIX, Settings, is_guarded

DOCS = Path(__file__).parent
FITTED_ON = {*GOLDEN, "natural", "sciences"}
"""The golden files that the choice of sentences and abstention are fitted on."""

_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_EXAMPLES = re.compile(r"\[bold\]Examples\[/bold\]\n((?:  .*\n?)+)")


def documents() -> dict[Path, str]:
    """Returns each document that has generated parts, with these as they should be."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    return {path: _with_parts(text) for path, text in texts.items() if _PART.search(text)}


def settings_table() -> str:
    """Returns every setting with its default, meaning, and whether a folder's file may set it."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"`{field.default}`"
        if field.default_factory is not None:
            default = "the platform's user data folder"
        folder = "once trusted" if is_guarded(name) else "yes"
        rows.append((f"`{PREFIX}{name.upper()}`", default, field.description or "", folder))
    return _table(("variable", "default", "meaning", "from a folder's file"), rows)


def providers() -> str:
    """Returns who serves models: the name, the address and the variable of the key."""
    rows = [
        (
            f"`{name}:MODEL`",
            own.title,
            own.url,
            f"`{own.key_variable}`" if own.key_variable else "none",
        )
        for name, own in PROVIDERS.items()
    ]
    return _table(("name", "who", "address", "key"), rows)


def commands() -> str:
    """Returns every command with its help, options and examples."""
    root = typer.main.get_command(app)
    return "\n".join(_sections("assistant", root, typer.Context(root)))


def metrics() -> str:
    """Returns every metric of a report under the name by which a suite bounds it."""
    rows = [
        (
            f"`{metric.name}`",
            metric.title,
            metric.group,
            metric.unit,
            "higher" if metric.higher_is_better else "lower",
        )
        for metric in METRICS
    ]
    return _table(("name", "metric", "group", "unit", "better"), rows)


def shipped_suite() -> str:
    """Returns what the suite over the starter library came to."""
    return _tell_suite(SHIPPED)


def sciences_suite() -> str:
    """Returns what the suite over ten sciences came to."""
    return _tell_suite(SCIENCES)


def _tell_suite(path: Path) -> str:
    """Returns what a suite came to in its committed baseline, and its bounds."""
    suite = read_suite(path)
    baseline = _read_baseline(path)
    bounds = {name: f"at least {floor:g}" for name, floor in suite.floors.items()}
    bounds |= {name: f"at most {ceiling:g}" for name, ceiling in suite.ceilings.items()}
    rows = []
    for metric in metrics_for((), suite.list_metrics()):
        if metric.name not in baseline["rows"]:
            continue
        own = np.array(list(baseline["rows"][metric.name].values()), dtype=np.float64)
        low, high = find_interval(metric, own, baseline["seed"])
        rows.append(
            (
                metric.title,
                f"{metric.statistic(own):.3f}",
                f"{low:.3f} to {high:.3f}",
                str(len(own)),
                bounds.get(metric.name, ""),
            )
        )
    n_cases = len(baseline["cases"])
    n_passed = n_cases - len(baseline["failed"])
    table = _table(("metric", "value", "95 % interval", "n", "gate"), rows)
    return f"{n_passed} of {n_cases} cases passed.\n\n{table}"


def suite_parts() -> str:
    """Returns the figures of the shipped suites by set and style, and which were fitted on."""
    rows = [
        (
            part["set"],
            part["kind"],
            str(part["n"]),
            *("–" if v is None else f"{v:.2f}" for v in part["means"].values()),
            "yes" if part["set"] in FITTED_ON else "no",
        )
        for path in SHIPPED_BY_NAME.values()
        for part in _read_baseline(path)["parts"]
        if any(value is not None for value in part["means"].values())
    ]
    heads = (*(title.lower() for title in PART_VALUES.values()), "fitted on")
    return _table(("set", "style or kind", "n", *heads), rows)


def _read_baseline(suite: Path) -> dict[str, Any]:
    path = read_suite(suite).baseline
    assert path is not None
    return read_baseline(path)


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "providers": providers,
    "commands": commands,
    "metrics": metrics,
    "shipped_suite": shipped_suite,
    "sciences_suite": sciences_suite,
    "suite_parts": suite_parts,
}


def _with_parts(text: str) -> str:
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]().strip()}\n\n{part[3]}", text)


def _sections(name: str, command: Any, context: Any) -> Iterator[str]:
    members = getattr(command, "commands", {})
    if not members:
        yield _section(name, command, context)
    for member, own in members.items():
        yield from _sections(f"{name} {member}", own, context)


def _section(name: str, command: Any, context: Any) -> str:
    said = command.help or ""
    examples = _EXAMPLES.search(said)
    pieces = [f"### {name}", _EXAMPLES.sub("", said).strip()]
    if examples:
        lines = "\n".join(line.strip() for line in examples[1].splitlines())
        pieces.append(f"```sh\n{lines}\n```")
    rows = [
        (f"`{names.split(' <')[0]}`", meaning)
        for names, meaning in filter(
            None, (parameter.get_help_record(context) for parameter in command.get_params(context))
        )
        if "--help" not in names
    ]
    if rows:
        pieces.append(_table(("option", "meaning"), rows))
    return "\n\n".join(pieces) + "\n"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
