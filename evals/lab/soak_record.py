"""What happens in a soak, what its processes take, and whether that is bounded."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from statistics import median

FAILURES = ("error", "lost", "swapped", "misquoted", "not whole", "ended")
"""What must not happen, not once."""

LIMITS = {"memory": 100.0, "descriptors": 20.0, "threads": 10.0, "disk": 50.0}
"""How much more, in MB or in number, the last third of a life may take than the middle one. The
first third warms up: modules, caches and pools are filled."""

_MIN_SAMPLES = 9
_N_DETAILS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process, or one folder, takes at a moment; ``life`` tells its restarts apart."""

    seconds: float
    role: str
    life: int
    taken: dict[str, float]


@dataclass(frozen=True, slots=True)
class Growth:
    """The longest life of a role: medians of its middle and last third, and the most."""

    role: str
    measure: str
    minutes: float
    middle: float
    last: float
    most: float

    @property
    def is_bounded(self) -> bool:
        """Whether the last third takes hardly more than the middle one."""
        return self.last - self.middle <= LIMITS[self.measure]


@dataclass
class Record:
    """All that is known of a soak; any thread may add to it."""

    start: float = field(default_factory=time.monotonic)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def seconds(self) -> float:
        """How long it has gone on."""
        return time.monotonic() - self.start

    @property
    def n_failures(self) -> int:
        """How often something happened that must not."""
        return sum(n for (_, kind), n in self.counts.items() if kind in FAILURES)

    def add(self, role: str, kind: str, detail: str = "") -> None:
        """Counts an event, and keeps the first details of failures."""
        with self._lock:
            self.counts[role, kind] += 1
            if kind in FAILURES and len(self.details) < _N_DETAILS:
                self.details.append(f"{self.seconds:.0f} s, {role}, {kind}: {detail[:500]}")

    def sample(self, role: str, life: int, taken: dict[str, float]) -> None:
        """Keeps what a role takes now."""
        with self._lock:
            self.samples.append(Sample(self.seconds, role, life, taken))

    def measure_growth(self) -> Iterator[Growth]:
        """Yields how each role's longest life grew; lives too short to tell are left out."""
        by_role = sorted(self.samples, key=lambda one: (one.role, one.life, one.seconds))
        for role, of_role in groupby(by_role, key=lambda one: one.role):
            lives = [list(life) for _, life in groupby(of_role, key=lambda one: one.life)]
            longest = max(lives, key=len)
            third = len(longest) // 3
            if len(longest) < _MIN_SAMPLES:
                continue
            for measure in longest[0].taken:
                values = [sample.taken[measure] for sample in longest]
                yield Growth(
                    role,
                    measure,
                    (longest[-1].seconds - longest[0].seconds) / 60,
                    median(values[third : 2 * third]),
                    median(values[2 * third :]),
                    max(values),
                )


def read_process(pid: int) -> dict[str, float] | None:
    """Returns the memory in MB, descriptors and threads of a process; None where it has gone."""
    folder = Path(f"/proc/{pid}")
    with suppress(OSError, KeyError):
        status = dict(
            line.split(":", 1)
            for line in (folder / "status").read_text().splitlines()
            if ":" in line
        )
        return {
            "memory": int(status["VmRSS"].split()[0]) / 1024,
            "descriptors": sum(1 for _ in (folder / "fd").iterdir()),
            "threads": int(status["Threads"]),
        }
    return None


def read_disk(folder: Path) -> dict[str, float]:
    """Returns how many MB the files under ``folder`` take; what goes meanwhile is not counted."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_blocks * 512
    return {"disk": total / 1e6}
