"""Measures speed as ratios within one run, prints a table and writes JSON.

    python -m assistant_evals.lab.bench [--papers FEED] [--synthetic 100000]
                                        [--output build/bench.json]

Single times on a shared machine mean little: each figure is the median of several runs, and each
is held against something measured beside it in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant import Assistant
from assistant.embeddings.minilm import MiniLM
from assistant.ingest import read_papers
from assistant.starter.papers import locate_starter
from assistant.text.passages import chunk_paper, list_embedded_texts
from assistant.types import Paper

_CORE = "import llama_index.core"
_STACK = "import llama_index.core, chromadb, onnxruntime, bm25s"
_N_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class BenchResult:
    """One figure: ``value`` is to be at most ``limit``; the times are seconds."""

    name: str
    value: float
    limit: float
    unit: str
    measured: dict[str, float]

    @property
    def holds(self) -> bool:
        """Whether the value is within its limit."""
        return self.value <= self.limit


def measure(feed: Path, n_synthetic: int, runs: int) -> Iterator[BenchResult]:
    """Yields each figure as it is measured."""
    with tempfile.TemporaryDirectory() as scratch:
        yield from _cold(Path(scratch) / "cold", runs)
        yield from _ingest(feed, Path(scratch))
        yield from _warm(Path(scratch) / "cold", runs)
        if n_synthetic:
            from assistant_evals.lab.bench_synthetic import measure_synthetic

            yield from (BenchResult(*values) for values in measure_synthetic(n_synthetic, scratch))


def _cold(home: Path, runs: int) -> Iterator[BenchResult]:
    """Whole processes, in turn, so that a slow spell of the machine hits all alike."""
    command = str(Path(sys.executable).with_name("assistant"))
    environment = {**os.environ, "ASSISTANT_HOME": str(home)}
    commands = {
        "core": [sys.executable, "-c", _CORE],
        "stack": [sys.executable, "-c", _STACK],
        "help": [command, "--help"],
        "ask": [command, "ask", "What is sliding window attention?"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, argv in commands.items():
            seconds = _seconds(lambda argv=argv: _run(argv, environment))  # type: ignore[misc]
            if run:  # The first round warms the file cache and makes the starter library.
                times[name].append(seconds)
    middle = {name: median(values) for name, values in times.items()}
    yield BenchResult(
        "assistant --help / import llama_index.core",
        middle["help"] / middle["core"],
        0.5,
        "x",
        {"help_s": middle["help"], "import_s": middle["core"]},
    )
    yield BenchResult(
        "assistant ask, cold / import of its libraries",
        middle["ask"] / middle["stack"],
        1.3,
        "x",
        {"ask_s": middle["ask"], "import_s": middle["stack"]},
    )


def _ingest(feed: Path, scratch: Path) -> Iterator[BenchResult]:
    papers = [item for item in read_papers(feed) if isinstance(item, Paper)]
    texts = [text for p in papers for text in list_embedded_texts(p.title, chunk_paper(p))]
    model = MiniLM()
    model.encode(texts[:8])
    bare = [_seconds(lambda: model.encode(texts))]
    whole, again = [], []
    for run in range(2):
        with Assistant.open(home=scratch / f"ingest{run}", create=True) as assistant:
            assistant.embedder.embed_query("warm")
            whole.append(_seconds(lambda a=assistant: a.ingest(feed)))  # type: ignore[misc]
            again.append(_seconds(lambda a=assistant: a.ingest(feed)))  # type: ignore[misc]
        bare.append(_seconds(lambda: model.encode(texts)))
    yield BenchResult(
        f"ingest of {len(papers)} papers / bare embedding of the same texts",
        median(whole) / median(bare),
        1.15,
        "x",
        {"ingest_s": median(whole), "embedding_s": median(bare), "n_texts": len(texts)},
    )
    yield BenchResult(
        "ingest again, unchanged / first ingest",
        median(again) / median(whole),
        0.05,
        "x",
        {"again_s": median(again), "first_s": median(whole)},
    )


def _warm(home: Path, runs: int) -> Iterator[BenchResult]:
    """Distinct questions, so that no cache of query vectors helps."""
    with Assistant.open(home=home, library="starter") as assistant:
        titles = [paper.title for paper in assistant.papers()][:_N_QUESTIONS]
        model = MiniLM()
        asks: list[float] = []
        embeds: list[float] = []
        for run in range(runs):
            questions = [f"What does {title} show in part {run}?" for title in titles]
            for question in questions:
                embeds.append(_seconds(lambda q=question: model.embed_query(q)))  # type: ignore[misc]
                asks.append(_seconds(lambda q=question: assistant.ask(q)))  # type: ignore[misc]
            if run == 0:  # The first round reads the papers into memory.
                asks.clear()
                embeds.clear()
    p95 = quantiles(asks, n=20)[-1]
    yield BenchResult(
        "warm ask, p50 / one query's embedding",
        median(asks) / median(embeds),
        3.0,
        "x",
        {"ask_p50_s": median(asks), "ask_p95_s": p95, "embedding_p50_s": median(embeds)},
    )


def _seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _run(argv: Sequence[str], environment: dict[str, str]) -> None:
    subprocess.run(argv, check=True, env=environment, capture_output=True)


def main() -> None:
    """Measures everything, prints the table and writes the JSON report."""
    parser = argparse.ArgumentParser(description="Measure speed as ratios within one run.")
    parser.add_argument("--papers", type=Path, default=locate_starter(), help="a list of papers")
    parser.add_argument("--synthetic", type=int, default=100_000, help="papers; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    parser.add_argument("--output", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    figures = []
    table = Table("figure", "measured", "limit", "", "of")
    for figure in measure(options.papers, options.synthetic, options.runs):
        figures.append(figure)
        parts = ", ".join(f"{name} {value:.3g}" for name, value in figure.measured.items())
        mark = "ok" if figure.holds else "OVER"
        table.add_row(
            figure.name, f"{figure.value:.2f} {figure.unit}", f"{figure.limit:g}", mark, parts
        )
        print(
            f"{figure.name}: {figure.value:.3f} {figure.unit} (limit {figure.limit:g})", flush=True
        )
    Console().print(table)
    report = {
        "schema": 1,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "n_cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "figures": [asdict(figure) | {"holds": figure.holds} for figure in figures],
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.output}")


if __name__ == "__main__":
    main()
