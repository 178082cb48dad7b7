"""Kills writers of a library some hundred times, and reports what that did to it.

    python -m tests.whole.kills [--kills 500] [--output build/kills.md]

Half of the kills come at a system call that strace chooses, Chroma's own among them and each kind
alike, and half at a random time; where strace may not watch, all come at random times. It fails
where a kill lost a paper or left a library that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scipy.special import betaincinv

from tests.whole.traced_calls import can_trace

WRITERS = Path(__file__).with_name("killed_writers.py")
CONFIDENCE = 0.95


def bound_rate(n_failed: int, n: int) -> float:
    """Returns the upper bound, one-sided at 95 %, of how often what failed so often fails.

    Source: Clopper & Pearson 1934; without a failure it is about 3 / n, the rule of three (Hanley
    & Lippman-Hand 1983).
    """
    return float(betaincinv(n_failed + 1, n - n_failed, CONFIDENCE)) if n > n_failed else 1.0


def list_modes(n_kills: int) -> dict[str, int]:
    """Returns how many kills to make in each mode of killed_writers.py."""
    if not can_trace():
        return {"random": n_kills}
    return {"calls": n_kills // 2, "random": n_kills - n_kills // 2}


def kill(mode: str, n_kills: int) -> Iterator[dict[str, Any]]:
    """Yields what became of the library, kill by kill."""
    with TemporaryDirectory(prefix="kills-") as folder:
        command = [sys.executable, str(WRITERS), mode, folder, str(n_kills)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writers:
            assert writers.stdout is not None
            for line in writers.stdout:
                yield {"mode": mode, **json.loads(line)}
        if writers.returncode:
            raise subprocess.CalledProcessError(writers.returncode, command)


def write_report(outcomes: Sequence[dict[str, Any]]) -> str:
    """Returns a table in Markdown: what came of each mode, and how often it fails at most."""
    lines = [
        "| kills at | hit a writer | old library | new library | papers lost | unreadable |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for mode in dict.fromkeys(outcome["mode"] for outcome in outcomes):
        of_mode = [one for one in outcomes if one["mode"] == mode and one["killed"]]
        place = {"calls": "a system call", "random": "a random time"}[mode]
        counts = [sum(is_state(one, state) for one in of_mode) for state in ("old", "new", "lost")]
        n_unreadable = len(of_mode) - sum(counts)
        cells = [place, len(of_mode), *counts, n_unreadable]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    killed = [one for one in outcomes if one["killed"]]
    n_lost = sum(is_state(one, "lost") for one in killed)
    n_unreadable = sum(is_failed(one) for one in killed) - n_lost
    lines += [
        "",
        f"{len(killed)} kills that hit. Papers lost: {n_lost}, at most "
        f"{bound_rate(n_lost, len(killed)):.1%} of kills. A library that cannot be read or written "
        f"on: {n_unreadable}, at most {bound_rate(n_unreadable, len(killed)):.1%}. Upper bounds at "
        "95 %.",
    ]
    return "\n".join(lines) + "\n"


def is_state(outcome: dict[str, Any], state: str) -> bool:
    """Returns whether the library was found in ``state``, and could be written on where whole."""
    whole = state == "lost" or outcome.get("completed") is True
    return outcome["state"] == state and whole


def is_failed(outcome: dict[str, Any]) -> bool:
    """Returns whether the library was neither the old one nor the new, or could not go on."""
    return not (is_state(outcome, "old") or is_state(outcome, "new"))


def main() -> None:
    """Kills, prints the table and writes it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--output", type=Path, default=Path("build/kills.md"))
    options = parser.parse_args()
    modes = list_modes(options.kills)
    if "calls" not in modes:
        sys.stderr.write(
            "strace may not watch here, or is not there: all kills come at random times\n"
        )
    outcomes = []
    for mode, n_kills in modes.items():
        for outcome in kill(mode, n_kills):
            outcomes.append(outcome)
            if is_failed(outcome):
                sys.stderr.write(f"{outcome}\n")
    report = write_report(outcomes)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(report, encoding="utf-8")
    sys.stdout.write(report)
    sys.exit(any(is_failed(outcome) for outcome in outcomes))


if __name__ == "__main__":
    main()
