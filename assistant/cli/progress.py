"""A progress bar with rate and time left, on terminals only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

ProgressCallback = Callable[[int, int | None], None]
"""Called with how many are done, and how many there are; None while that is not known."""


@contextmanager
def show_progress(
    shown: bool, what: str = "Reading papers", noun: str = "papers"
) -> Iterator[ProgressCallback | None]:
    """Yields the callback that moves the bar, or None where nothing is to be shown.

    ``what`` stands before the bar; ``noun`` is what is counted.
    """
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """How many a second since the start, and the time left at that rate.

        They are done a batch at a time: a rate over the last moments would jump.
        """

        def render(self, task: Task) -> Text:
            done = task.completed, task.total, task.elapsed or 0.0
            return Text(format_rate_and_time_left(*done, noun))

    bar = Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def advance(n_done: int, n_total: int | None) -> None:
            bar.update(task, completed=n_done, total=n_total)

        yield advance


def format_rate_and_time_left(
    n_done: float, n_total: float | None, elapsed_s: float, noun: str = "papers"
) -> str:
    """Returns '12.3 papers/s, 0:01:30 left'; nothing before the first is done."""
    if not n_done or not elapsed_s:
        return ""
    rate = n_done / elapsed_s
    shown = f"{rate:.1f} {noun}/s"
    if n_total is None:
        return shown
    return f"{shown}, {timedelta(seconds=round((n_total - n_done) / rate))} left"
