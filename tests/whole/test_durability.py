"""Whatever happens to a library's writer, disk or files: old or new, whole, and never silent."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import assistant.store.manifest
import assistant.store.writer
from assistant.errors import LockedError, StoreError
from assistant.store.library import LibraryStore
from assistant.store.locking import WriterLock
from tests.made_library import (
    N_PAPERS,
    assert_whole,
    fill,
    paper_of,
    put,
    store_in,
    versions_of,
)
from tests.unprivileged import without_root
from tests.whole.traced_calls import can_trace

HERE = Path(__file__).parent
LOCKED_LIMIT_S = 5.0
KILLS_LIMIT_S = 1200
"""Some hundred processes one after the other, beside whatever else runs on the machine."""

ALL_KILLS = bool(os.environ.get("ALL_KILLS"))
"""Whether every kind of write is killed at, which takes minutes; otherwise every fifth."""


# Kills


def killed(mode: str, folder: Path, number: int) -> list[dict[str, Any]]:
    folder.mkdir()
    run = subprocess.run(
        [sys.executable, str(HERE / "killed_writers.py"), mode, str(folder), str(number)],
        capture_output=True,
        text=True,
        timeout=KILLS_LIMIT_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    broken = [o for o in outcomes if o.get("completed") is not True or o["versions"] != 1]
    assert broken == [], run.stderr
    return outcomes


@pytest.mark.slow
@pytest.mark.timeout(KILLS_LIMIT_S + 20)
def test_random_kills_leave_the_old_library_or_the_new(tmp_path: Path) -> None:
    n_kills = 20 if ALL_KILLS else 6
    outcomes = killed("random", tmp_path / "kills", n_kills)
    assert len(outcomes) == n_kills
    assert sum(outcome["killed"] for outcome in outcomes) >= n_kills // 2


@pytest.mark.slow
@pytest.mark.timeout(KILLS_LIMIT_S + 20)
def test_kills_at_system_calls_leave_the_old_library_or_the_new(tmp_path: Path) -> None:
    """Chroma's own writes are among them; `make kills` tries some hundred."""
    if not can_trace():
        pytest.skip("strace, which chooses where to kill, is not there or may not watch")
    outcomes = killed("calls", tmp_path / "kills", 20 if ALL_KILLS else 3)
    assert any(outcome["killed"] for outcome in outcomes)


@pytest.mark.slow
@pytest.mark.timeout(KILLS_LIMIT_S + 20)
@pytest.mark.parametrize("mode", ["points", "points-new"])
def test_a_kill_at_each_write_leaves_the_old_library_or_the_new(tmp_path: Path, mode: str) -> None:
    outcomes = killed(mode, tmp_path / "kills", 1 if ALL_KILLS else 5)
    assert all(outcome["killed"] for outcome in outcomes)
    states = {outcome["point"]: outcome["state"] for outcome in outcomes}
    flip = " again" if mode == "points-new" else ""
    assert states[f"os.rename libraries/made/current{flip}"] == "old"
    assert states[f"os.fsync libraries/made{flip}"] == "new"
    assert len(states) > (20 if ALL_KILLS else 5)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_writer_takes_its_leftovers_with_it(
    made: LibraryStore, home: Path, stop: signal.Signals
) -> None:
    digest = made.snapshot().digest
    with writing_process(home) as process:
        assert len(versions_of(made)) == 2
        process.send_signal(stop)
        assert process.wait(timeout=60) == 128 + stop
    assert [path.name for path in versions_of(made)] == ["1"]
    assert made.snapshot().digest == digest


class writing_process:
    """A process that is writing to the library while the block runs."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "one_writer.py"), "hold", str(self._home)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "writing\n"
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


# Other processes


def test_a_second_writer_learns_at_once_who_writes(made: LibraryStore, home: Path) -> None:
    with writing_process(home) as process:
        started = time.monotonic()
        with pytest.raises(LockedError, match=rf"'made' is being written by PID {process.pid}"):
            made.writer()
        assert time.monotonic() - started < LOCKED_LIMIT_S
        assert_whole(made.snapshot())
    fill(made, range(N_PAPERS + 1))


def test_a_command_waits_for_another_writer_and_says_so(
    home: Path, tmp_path: Path, command: Callable[..., Any]
) -> None:
    file = tmp_path / "tea.jsonl"
    file.write_text('{"id": "tea", "title": "On Tea", "abstract": "Tea is brewed from leaves."}\n')
    folder = home / "libraries" / "default"
    folder.mkdir(parents=True)
    with WriterLock(folder / "lock", "default"):
        ran = command("ingest", file, "--wait", 1)
    assert ran.code == StoreError.exit_code
    waits, refused = ran.err.splitlines()
    holder = f"library 'default' is being written by PID {os.getpid()}; wait"
    assert waits == f"assistant: {holder}ing up to 1 s for it"
    assert refused.startswith(f"assistant: {holder} until it has finished")
    assert command("ingest", file, "--wait", 1).code == 0


def test_a_reader_sees_the_old_library_and_then_the_new(made: LibraryStore, home: Path) -> None:
    seen: list[int] = []
    done = threading.Event()

    def poll() -> None:
        with store_in(home) as reader:
            is_last = False
            while not is_last:
                is_last = done.is_set()
                snapshot = reader.snapshot()
                seen.append(snapshot.version)
                assert snapshot.n_papers == N_PAPERS + snapshot.version - 1
                assert_whole(snapshot)

    failures: list[threading.ExceptHookArgs] = []
    threading.excepthook, usual = failures.append, threading.excepthook
    thread = threading.Thread(target=poll)
    thread.start()
    for n in range(1, 6):
        fill(made, range(N_PAPERS + n))
    done.set()
    thread.join()
    threading.excepthook = usual
    assert failures == []
    assert seen == sorted(seen)
    assert seen[-1] == 6


# Disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mount_disk(tmp_path / "disk", "size=12m")


def mount_disk(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk to fill")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def disk_of_few_files(tmp_path: Path) -> Iterator[Path]:
    yield from mount_disk(tmp_path / "disk", "size=80m,nr_inodes=60")


@pytest.mark.parametrize("estimated", [True, False])
def test_a_disk_that_takes_no_more_files_leaves_the_old_library(
    disk_of_few_files: Path, monkeypatch: pytest.MonkeyPatch, estimated: bool
) -> None:
    with store_in(disk_of_few_files) as store:
        fill(store, range(10))
        digest = store.snapshot().digest
        if not estimated:
            monkeypatch.setattr(assistant.store.writer.Writer, "_require_space", lambda *_: None)
        for n in range(os.statvfs(disk_of_few_files).f_favail - (20 if estimated else 8)):
            (disk_of_few_files / f"file{n}").touch()
        told = r"'made' needs about \d+ new files at '.*disk.*inodes.*delete .*as it was"
        with pytest.raises(StoreError, match=told):
            fill(store, range(11))
        assert store.snapshot().digest == digest
        for path in disk_of_few_files.glob("file*"):
            path.unlink()
        fill(store, range(11))
        assert_whole(store.snapshot())


@pytest.mark.parametrize("estimated", [True, False])
def test_a_full_disk_leaves_the_old_library(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, estimated: bool
) -> None:
    with store_in(small_disk) as store:
        fill(store, range(10))
        digest = store.snapshot().digest
        if not estimated:
            monkeypatch.setattr(assistant.store.writer.Writer, "_require_space", lambda *_: None)
        ballast = small_disk / "ballast"
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(bytes(free - 300_000))
        with pytest.raises(StoreError, match=r"needs about \d+ MB free at '.*disk.*as it was"):
            fill(store, range(40))
        assert store.snapshot().digest == digest
        assert_whole(store.snapshot())
        ballast.unlink()
        monkeypatch.undo()
        fill(store, range(40))
        assert_whole(store.snapshot())


def test_a_library_that_may_only_be_read_is_read_and_not_written() -> None:
    home = Path(tempfile.mkdtemp())
    try:
        home.chmod(0o755)
        with store_in(home) as store:
            fill(store, range(10))
        for path in home.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        run = subprocess.run(
            [*without_root(), sys.executable, str(HERE / "one_writer.py"), "read", str(home)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        read, refused = run.stdout.splitlines()
        assert read.startswith("read 10 library 'made' may only be read by this user")
        assert refused.startswith("StoreError cannot write to")
        assert str(store.folder) in refused
        assert "Permission denied" in refused
    finally:
        for path in [home, *home.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(home)


def test_a_home_that_cannot_be_made_is_named(home: Path) -> None:
    (home / "libraries").write_text("not a folder")
    with pytest.raises(StoreError, match=r"cannot make '.*made'.*ASSISTANT_HOME"):
        store_in(home).writer()


def test_changes_in_small_steps_stay_right(made: LibraryStore) -> None:
    for step in range(12):
        with made.writer() as writer:
            put(writer, paper_of(step, edition=step + 1))
            put(writer, paper_of(200 + step))
            writer.remove(f"paper{200 + step - 3}")
            writer.commit()
        assert_whole(made.snapshot())
