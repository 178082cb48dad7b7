from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import LockedError, StoreError
from assistant.store.locking import Patience, ReaderHold, WriterLock, is_held, is_running


def test_one_writer_at_a_time_and_the_other_learns_who(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        WriterLock(path, "made"),
        pytest.raises(LockedError, match=rf"'made' is being written by PID {os.getpid()}; wait"),
    ):
        WriterLock(path, "made").acquire()
    with WriterLock(path, "made"):
        pass


def test_releasing_twice_is_harmless(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "lock", "made")
    lock.acquire()
    lock.release()
    lock.release()


def test_a_lock_that_cannot_be_made_names_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("not a folder")
    with pytest.raises(StoreError, match=r"cannot write to '.*file'.*ASSISTANT_HOME"):
        WriterLock(folder / "lock", "made").acquire()


def test_many_readers_hold_a_version_together(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    assert not is_held(path)
    path.touch()
    assert not is_held(path)
    first, second = ReaderHold(path), ReaderHold(path)
    assert is_held(path)
    first.release()
    first.release()
    assert is_held(path)
    second.release()
    assert not is_held(path)


def test_a_version_that_is_gone_cannot_be_held(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ReaderHold(tmp_path / "manifest.json")


def test_a_process_that_has_ended_is_not_running() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    assert is_running(os.getpid())
    assert not is_running(process.pid)


class Clock:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[str] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def patience(self, seconds: float) -> Patience:
        return Patience(seconds, self.told.append, lambda: self.now, self.sleep)


def test_a_patient_writer_waits_and_says_for_whom(tmp_path: Path) -> None:
    clock, theirs = Clock(), WriterLock(tmp_path / "lock", "made")
    theirs.acquire()

    def take() -> str:
        if clock.now > 3:
            theirs.release()
        with WriterLock(tmp_path / "lock", "made"):
            return "taken"

    assert clock.patience(10).take(take) == "taken"
    assert 3 < clock.now < 4
    assert clock.told == [
        f"library 'made' is being written by PID {os.getpid()}; waiting up to 10 s for it"
    ]


@pytest.mark.parametrize("seconds", [0.0, 2.5])
def test_patience_ends(tmp_path: Path, seconds: float) -> None:
    clock = Clock()
    with WriterLock(tmp_path / "lock", "made"), pytest.raises(LockedError, match="wait until it"):
        clock.patience(seconds).take(WriterLock(tmp_path / "lock", "made").acquire)
    assert clock.now == seconds
    assert len(clock.told) == bool(seconds)


def test_another_writer_that_comes_first_is_named_too() -> None:
    clock = Clock()
    holders = iter(("PID 1", "PID 1", "PID 2"))

    def take() -> None:
        if holder := next(holders, None):
            raise LockedError(f"library 'made' is being written by {holder}; wait")

    clock.patience(60).take(take)
    assert [told.partition(";")[0][-5:] for told in clock.told] == ["PID 1", "PID 2"]
