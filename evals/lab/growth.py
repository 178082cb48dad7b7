"""Measures how the time of every function of a text grows, and fails where it is too fast.

    python -m assistant_evals.lab.growth [--only WORD] [--text NAME] [--limit-s 2]

Each function reads texts that no one writes (``assistant_evals.lab.growth_strings``), of lengths
that double up to the longest that may reach it. The exponent is log2(t(4n) / t(n)) / 2: 1 is
linear, 2 quadratic, and n log n is 1.1 at these lengths. It is over where it is more than
MAX_EXPONENT and the time is one that matters, or where the time at the limit is.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cache
from math import log2
from typing import Any

from assistant_evals.lab.growth_functions import TextFunction, list_functions
from assistant_evals.lab.growth_strings import TextMaker, list_texts
from rich.console import Console
from rich.table import Table

MAX_EXPONENT = 1.45
MIN_S = 0.05
"""Shorter times say nothing of growth: caches, allocations and the clock make most of them."""

ENOUGH_S = 0.1
"""A length that takes so long is the last: what it is to the lengths before says enough."""

_N_LENGTHS = 9
_N_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Growth:
    """How one function took one text: CPU seconds at the longest length that was tried."""

    function: str
    text: str
    n_chars: int
    limit: int
    seconds: float
    exponent: float | None

    @property
    def projected_s(self) -> float:
        """The time at the limit, where the measurement stopped before it."""
        return float(self.seconds * (self.limit / self.n_chars) ** (self.exponent or 1.0))

    def is_over(self, limit_s: float) -> bool:
        """Whether it grows too fast, or takes more than ``limit_s`` at the limit."""
        fast = self.exponent is not None and self.exponent > MAX_EXPONENT
        return self.projected_s > limit_s or (fast and self.seconds >= MIN_S)


def measure_growth(function: TextFunction, name: str, make: TextMaker) -> Growth:
    """Returns how ``function`` takes the texts of ``make``, up to its limit or to ENOUGH_S."""
    seconds: list[float] = []
    lengths = [function.limit >> halvings for halvings in range(_N_LENGTHS)][::-1]
    for n_chars in lengths:
        text = make(n_chars)
        seconds.append(_time(function.call, text))
        # What takes so long says how it grows.
        if len(seconds) > 2 and seconds[-1] > ENOUGH_S:
            break
    n_chars = lengths[len(seconds) - 1]
    exponent = None
    if len(seconds) > 2 and seconds[-1] >= MIN_S:
        exponent = log2(seconds[-1] / max(seconds[-3], 1e-6)) / 2
    return Growth(function.name, name, n_chars, function.limit, seconds[-1], exponent)


def measure_all(functions: list[TextFunction], texts: dict[str, TextMaker]) -> Iterator[Growth]:
    """Yields how each function takes each text."""
    for function in functions:
        function.call("Otters are 3 times as fast as this.")  # Loads what it needs.
        _list_caches.cache_clear()
        for name, make in texts.items():
            yield measure_growth(function, name, make)


def _time(call: Callable[[str], Any], text: str) -> float:
    """Returns the CPU seconds of one call, nothing of which was kept from another."""
    for kept in _list_caches():
        kept.cache_clear()
    start = time.process_time()
    call(text)
    return time.process_time() - start


@cache
def _list_caches() -> list[Any]:
    """Returns the bounded caches of the product: those of single texts, not of tables."""
    return [
        kept
        for kept in gc.get_objects()
        if isinstance(kept, _lru_cache_wrapper)
        and kept.cache_parameters()["maxsize"]
        and str(kept.__module__).startswith("assistant")
    ]


def main() -> None:
    """Prints a table, the worst first, and exits with 1 where something is over."""
    parser = argparse.ArgumentParser(description="Measure how times grow with the text.")
    parser.add_argument("--only", default="", help="functions whose name holds this")
    parser.add_argument("--text", default="", help="texts whose name holds this")
    parser.add_argument("--limit-s", type=float, default=2.0, help="most CPU seconds at the limit")
    options = parser.parse_args()
    functions = [one for one in list_functions() if options.only in one.name]
    texts = {name: make for name, make in list_texts().items() if options.text in name}
    found = list(measure_all(functions, texts))
    over = [one for one in found if one.is_over(options.limit_s)]
    shown = sorted(found, key=lambda one: (one.is_over(options.limit_s), one.projected_s))[::-1]
    table = Table(
        "function", "text", "characters", "limit", "CPU s", "exponent", "at the limit", ""
    )
    for one in shown[: max(_N_SHOWN, len(over))]:
        table.add_row(
            one.function,
            one.text,
            f"{one.n_chars:,}",
            f"{one.limit:,}",
            f"{one.seconds:.3f}",
            "" if one.exponent is None else f"{one.exponent:.2f}",
            f"{one.projected_s:.2f} s",
            "OVER" if one.is_over(options.limit_s) else "ok",
        )
    Console(markup=False).print(table)
    n_texts = f"{len(functions)} functions, {len(texts)} texts"
    print(f"{n_texts}: {len(over)} of {len(found)} grow or last longer than they may")
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
