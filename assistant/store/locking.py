"""Locks between processes: one writer to a library, and a hold on each version being read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import TracebackType
from typing import IO

import portalocker
from portalocker.exceptions import LockException

from assistant.errors import LockedError, StoreError
from assistant.private_files import open_private

_EXCLUSIVE = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
_PID_NAMESPACE = Path("/proc/self/ns/pid")
_SHARED = portalocker.LockFlags.SHARED | portalocker.LockFlags.NON_BLOCKING


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
            raise StoreError(
                f"cannot write to {str(self._path.parent)!r}: {error.strerror}; make it writable "
                f"for this user, or set ASSISTANT_HOME to another folder"
            ) from error
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
