"""The most memory and time that the reading of a file may take, and the most that is said of it.

The readers bound what they know of; the operating system holds what nobody thought of. It holds
only the steps in which records are read, so that embedding between them has all it needs.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

T = TypeVar("T")

MAX_BYTES = 2**30
"""What 32 records may take beyond what the process had before; the longest takes a third of it."""

BASE_S = 20.0
BYTES_A_SECOND = 50_000
"""CPU time that a file has: a start, and more by its length, a tenth of the speed measured."""

MAX_SKIPPED = 1_000
"""Records of a file that are named where they are skipped; further ones are counted."""

MAX_NOTICES = 100
"""Notices on a file; further ones are counted."""

_A_BATCH = 32
"""Records that are read under one limit: setting it takes as long as reading a short one."""

_LOOK_S = 1.0
_STATM = Path("/proc/self/statm")
_DATA_FIELD = 5


class _OutOfTime(BaseException):
    """Not an Exception, for a parser may catch those."""


class ReadingLimits:
    """Holds the reading of one file.

    Memory is held where the system can (Linux), time on the main thread where there are signals.
    Both hold the whole process while a record is read: this is for commands, not for libraries.
    """

    def __init__(self) -> None:
        self._n_bytes = 0
        self._used_s = 0.0
        self._began_s: float | None = None

    def count(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yields the file's bytes, by which its time is measured."""
        for chunk in chunks:
            self._n_bytes += len(chunk)
            yield chunk

    def hold(self, items: Iterator[T], make_end: Callable[[str], T]) -> Iterator[T]:
        """Yields ``items``; where the next one takes too much, ``make_end`` of the reason."""
        reason: str | None = None
        batch: list[T] | None = None
        while batch is None or len(batch) == _A_BATCH:
            batch = []
            try:
                with self._hold_time(), _hold_memory():
                    batch.extend(islice(items, _A_BATCH))
            except MemoryError:
                reason = (
                    "was not read to its end: the next record takes more than "
                    f"{MAX_BYTES // 2**20:,} MB of memory; take that record out"
                )
            except _OutOfTime:
                reason = (
                    f"was not read to its end: it takes more than {self._allowed_s:,.0f} s of "
                    "computing; take the next record out, or divide the file"
                )
            yield from batch
        if reason is not None:
            yield make_end(reason)

    @property
    def _allowed_s(self) -> float:
        return BASE_S + self._n_bytes / BYTES_A_SECOND

    @contextmanager
    def _hold_time(self) -> Iterator[None]:
        is_main = threading.current_thread() is threading.main_thread()
        if not (hasattr(signal, "SIGPROF") and is_main):
            yield
            return
        self._began_s = time.process_time()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, _LOOK_S, _LOOK_S)
        try:
            yield
        finally:
            began_s, self._began_s = self._began_s, None
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._used_s += time.process_time() - began_s

    def _look(self, _signum: int, _frame: object) -> None:
        if self._began_s is None:
            return
        if self._used_s + time.process_time() - self._began_s > self._allowed_s:
            raise _OutOfTime


@contextmanager
def _hold_memory() -> Iterator[None]:
    """Lets the process have MAX_BYTES more than it has; nothing where the system does not say.

    RLIMIT_DATA counts what is written, anonymous and private: neither the library's mapped files
    nor the stacks that threads have set aside, as RLIMIT_AS does.
    """
    n_bytes = _read_data_bytes()
    if resource is None or n_bytes is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = (n_bytes + MAX_BYTES, *(limit for limit in before if limit >= 0))
    resource.setrlimit(resource.RLIMIT_DATA, (min(wanted), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _read_data_bytes() -> int | None:
    """Returns the bytes that RLIMIT_DATA counts; None where the system does not say."""
    with suppress(OSError, IndexError, ValueError):
        return int(_STATM.read_bytes().split()[_DATA_FIELD]) * os.sysconf("SC_PAGESIZE")
    return None


class Bounded(Generic[T]):
    """Passes on the first ``most`` of what it is told, and counts the rest."""

    def __init__(self, tell: Callable[[T], None], most: int) -> None:
        self._tell = tell
        self._n_left = most
        self.n_more = 0

    def __call__(self, item: T) -> None:
        """Tells ``item``, or counts it in ``n_more``."""
        if self._n_left:
            self._n_left -= 1
            self._tell(item)
        else:
            self.n_more += 1
