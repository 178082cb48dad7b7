"""Locks between processes: one writer to a library, and a hold on each version being read."""

from __future__ import annotations

import math
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

import portalocker
from portalocker.exceptions import LockException

from assistant.errors import LockedError, StoreError
from assistant.files.disk_space import describe_need, is_full
from assistant.files.private import open_private

T = TypeVar("T")

SPARE_BYTES = 4 * 2**20
"""What a change takes at least."""

FILES_NEEDED = 32
"""New files and folders of a version while it is built.

Source: measured: while a first version is built a file system of few files loses 25 at most,
journals included; with a quarter more, since it must not be too little."""

_BETWEEN_TRIES_S = 0.2
_EXCLUSIVE = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
_PID_NAMESPACE = Path("/proc/self/ns/pid")
_SHARED = portalocker.LockFlags.SHARED | portalocker.LockFlags.NON_BLOCKING


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a library that another process is writing, and who is told of it."""

    seconds: float = 0.0
    tell: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def take(self, lock: Callable[[], T]) -> T:
        """Returns what ``lock`` returns, once the other writer has finished.

        Raises:
            LockedError: it has not by then.
        """
        deadline = self.clock() + self.seconds
        told = ""
        while True:
            try:
                return lock()
            except LockedError as error:
                left = deadline - self.clock()
                if left <= 0:
                    raise
                who = str(error).partition(";")[0]
                if who != told:  # Another writer may come first.
                    told = who
                    self.tell(f"{who}; waiting up to {math.ceil(left):,} s for it")
                self.sleep(min(_BETWEEN_TRIES_S, left))


class WriterLock:
    """The right to write to one library; the system takes it back when the process ends."""

    def __init__(self, path: Path, library: str) -> None:
        self._path = path
        self._library = library
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Takes the lock at once.

        Raises:
            LockedError: another writer, in this process or another, holds it.
            StoreError: the lock file cannot be made or opened.
        """
        try:
            # "a+" neither empties nor replaces the file, so the holder's number stays readable.
            file = open_private(self._path, "a+", encoding="ascii")
        except OSError as error:
            raise make_unwritable_error(self._path.parent, self._library, error) from error
        try:
            portalocker.lock(file, _EXCLUSIVE)
        except LockException as error:
            holder = _holder(file)
            file.close()
            raise LockedError(
                f"library {self._library!r} is being written by {holder}; "
                f"wait until it has finished, or stop it"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Gives the lock back; does nothing when it is not held."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def __enter__(self) -> WriterLock:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class ReaderHold:
    """A shared hold on a version: while any is kept, no writer removes that version."""

    def __init__(self, path: Path) -> None:
        """Takes the hold.

        Raises:
            FileNotFoundError: the version is gone.
            LockException: a writer is removing the version this moment.
        """
        self._file: IO[bytes] | None = path.open("rb")
        try:
            portalocker.lock(self._file, _SHARED)
        except BaseException:
            self._file.close()
            raise

    def release(self) -> None:
        """Gives the hold back; does nothing the second time."""
        if self._file is not None:
            self._file.close()
            self._file = None


def make_unwritable_error(folder: Path, library: str, error: OSError) -> StoreError:
    """Returns the error of a folder of ``library`` that cannot be made or written to."""
    if is_full(folder, error):
        need = describe_need(folder, SPARE_BYTES, FILES_NEEDED, error)
        return StoreError(f"library {library!r} {need} and run the command again")
    return StoreError(
        f"cannot write to {str(folder)!r}: {error.strerror}; make it writable for this user, or "
        f"set ASSISTANT_HOME to another folder"
    )


def is_held(path: Path) -> bool:
    """Returns whether a reader holds the version whose hold file is ``path``."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return False
    with file:
        try:
            portalocker.lock(file, _EXCLUSIVE)
        except LockException:
            return True
    return False


def place_of_this_process() -> dict[str, str]:
    """Returns where this process runs: only in the same place does a PID mean the same process."""
    place = {"host": socket.gethostname()}
    if _PID_NAMESPACE.is_symlink():  # Two containers may go by one host name.
        place["pids"] = str(_PID_NAMESPACE.readlink())
    return place


def is_running(pid: int) -> bool:
    """Returns whether there is a process ``pid`` in this place; True where that is not known."""
    if os.name == "nt":  # There os.kill would end it.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _holder(file: IO[str]) -> str:
    try:
        file.seek(0)
        number = file.read().strip()
    except OSError:  # Windows does not let a locked file be read.
        number = ""
    return f"PID {number}" if number.isdigit() else "another process"
