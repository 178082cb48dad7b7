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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assistant.store.manifest
import assistant.store.writer
from assistant.errors import DamagedLibraryError, LibraryError, LockedError, StoreError
from assistant.store.library import Embedded, LibraryStore
from assistant.store.manifest import SCHEMA
from assistant.store.versions import MANIFEST_FILE
from assistant.types import Paper
from tests.made_library import (
    assert_whole,
    fill,
    paper_of,
    passages_of,
    put,
    store_in,
    vector_of,
)

HERE = Path(__file__).parent
N_PAPERS = 20
LOCKED_LIMIT_S = 1.0


@pytest.fixture
def made(home: Path) -> Iterator[LibraryStore]:
    with store_in(home) as store:
        fill(store, range(N_PAPERS))
        yield store


def versions_of(store: LibraryStore) -> list[Path]:
    return list((store.folder / "versions").iterdir())


def version_folder(store: LibraryStore) -> Path:
    (folder,) = versions_of(store)
    return folder


# Kills


def killed(mode: str, folder: Path) -> list[dict[str, Any]]:
    folder.mkdir()
    run = subprocess.run(
        [sys.executable, str(HERE / "killed_writers.py"), mode, str(folder)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    broken = [o for o in outcomes if o.get("completed") is not True or o["versions"] != 1]
    assert broken == [], run.stderr
    return outcomes


def test_twenty_random_kills_leave_the_old_library_or_the_new(tmp_path: Path) -> None:
    outcomes = killed("random", tmp_path / "kills")
    assert len(outcomes) == 20
    assert sum(outcome["killed"] for outcome in outcomes) >= 10


@pytest.mark.parametrize("mode", ["points", "points-new"])
def test_a_kill_at_each_write_leaves_the_old_library_or_the_new(tmp_path: Path, mode: str) -> None:
    outcomes = killed(mode, tmp_path / "kills")
    assert all(outcome["killed"] for outcome in outcomes)
    states = {outcome["point"]: outcome["state"] for outcome in outcomes}
    flip = " again" if mode == "points-new" else ""
    assert states[f"os.rename libraries/made/current{flip}"] == "old"
    assert states[f"os.fsync libraries/made{flip}"] == "new"
    assert len(states) > 20


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


def test_a_reader_sees_the_old_library_and_then_the_new(made: LibraryStore, home: Path) -> None:
    seen: list[int] = []
    done = threading.Event()

    def poll() -> None:
        with store_in(home) as reader:
            while not done.is_set():
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
    time.sleep(0.2)
    done.set()
    thread.join()
    threading.excepthook = usual
    assert failures == []
    assert seen == sorted(seen)
    assert seen[-1] == 6


# Damage

PATTERNS = [
    "papers.sqlite",
    "vectors.npy",
    "manifest.json",
    "chroma/chroma.sqlite3",
    "chroma/*/data_level0.bin",
    "chroma/*/header.bin",
    "chroma/*/index_metadata.pickle",
    "chroma/*/length.bin",
    "chroma/*/link_lists.bin",
    "bm25/data.csc.index.npy",
    "bm25/indices.csc.index.npy",
    "bm25/indptr.csc.index.npy",
    "bm25/params.index.json",
    "bm25/vocab.index.json",
    "bm25/words.json",
]


def garble(path: Path) -> None:
    middle = path.stat().st_size // 2
    noise = np.random.default_rng(3).bytes(max(middle, 16))
    with path.open("r+b") as file:
        file.seek(middle // 2)
        file.write(noise)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garble_all(path: Path) -> None:
    path.write_bytes(np.random.default_rng(4).bytes(path.stat().st_size))


def test_every_file_of_a_version_is_damaged_below(made: LibraryStore) -> None:
    folder = version_folder(made)
    named = {path for pattern in PATTERNS for path in folder.glob(pattern)}
    assert named == {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("damage", [garble, garble_all, truncate, Path.unlink])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_damage_is_announced_and_rebuilt_without_embedding(
    made: LibraryStore, pattern: str, damage: Any
) -> None:
    digest = made.snapshot().digest
    made.close()
    (path,) = version_folder(made).glob(pattern)
    if damage is truncate and path.stat().st_size < 2:
        pytest.skip("nothing to cut off")
    damage(path)
    assert made.check() != ()
    snapshot = made.snapshot()
    assert any(path.name in notice for notice in snapshot.notices)
    assert snapshot.digest == digest
    assert_whole(snapshot)
    assert made.check() == ()
    fill(made, range(N_PAPERS + 1))
    assert_whole(made.snapshot())


def test_a_deleted_chroma_folder_is_rebuilt(made: LibraryStore) -> None:
    shutil.rmtree(version_folder(made) / "chroma")
    assert_whole(made.snapshot())


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("?")])
def test_a_lost_pointer_is_found_again(made: LibraryStore, damage: Any) -> None:
    damage(made.folder / "current")
    assert_whole(made.snapshot())
    assert "lost track" in made.snapshot().notices[0]


def test_damage_on_both_sides_is_said_and_not_guessed(made: LibraryStore) -> None:
    folder = version_folder(made)
    garble(folder / "papers.sqlite")
    for path in folder.glob("chroma/*/data_level0.bin"):
        garble_all(path)
    for use in (made.snapshot, made.writer):
        with pytest.raises(DamagedLibraryError, match=r"beyond repair \(.*ingest its sources"):
            use()


def test_a_deleted_version_is_not_an_empty_library(made: LibraryStore) -> None:
    shutil.rmtree(version_folder(made))
    with pytest.raises(LibraryError, match="damaged beyond repair"):
        made.snapshot()


def test_a_large_library_is_hashed_where_a_file_has_changed(
    made: LibraryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant.store.manifest, "HASH_ALWAYS_BELOW", 0)
    (path,) = version_folder(made).glob("chroma/*/data_level0.bin")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
    assert made.snapshot().notices == ()
    made.close()
    garble_all(path)
    assert "data_level0.bin" in made.snapshot().notices[0]


def test_reading_changes_no_byte(made: LibraryStore, home: Path) -> None:
    folder = version_folder(made)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for _ in range(3):
        with store_in(home) as reader:
            assert_whole(reader.snapshot())
    fill(made, range(N_PAPERS))
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc to count files in")
def test_old_versions_are_let_go(made: LibraryStore) -> None:
    counts = []
    for n in range(8):
        fill(made, range(N_PAPERS + n))
        made.snapshot().nearest(vector_of("x"), 1)
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    # A version that is not let go keeps nine files open; Chroma closes some of its own late.
    assert counts[-1] < counts[1] + 2 * 9
    fill(made, range(N_PAPERS + 9))
    assert len(versions_of(made)) <= 2


# Other releases


@pytest.mark.parametrize(
    ("schema", "message"),
    [(SCHEMA - 1, "older format.*assistant library reindex"), (SCHEMA + 1, "newer.*upgrade")],
)
def test_another_releases_library_is_named(made: LibraryStore, schema: int, message: str) -> None:
    path = version_folder(made) / MANIFEST_FILE
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "schema": schema}))
    for use in (made.snapshot, made.writer):
        with pytest.raises(LibraryError, match=message):
            use()


def embedded(papers: Sequence[Paper]) -> list[Embedded]:
    return [
        (passages_of(p), np.stack([vector_of(p.title + q.text) for q in passages_of(p)]))
        for p in papers
    ]


def test_an_older_library_can_be_reindexed(made: LibraryStore) -> None:
    path = version_folder(made) / MANIFEST_FILE
    path.write_text(json.dumps({"schema": SCHEMA - 1}))
    with pytest.raises(LibraryError, match="older format"):
        made.check()
    made.reindex(embedded)
    assert_whole(made.snapshot())


@pytest.mark.parametrize(
    "damaged", ["papers.sqlite", MANIFEST_FILE, "vectors.npy", "chroma/*.sqlite3"]
)
def test_a_damaged_library_can_be_reindexed(made: LibraryStore, damaged: str) -> None:
    digest = made.snapshot().digest
    made.close()
    (path,) = version_folder(made).glob(damaged)
    garble_all(path)
    made.reindex(embedded)
    assert made.snapshot().notices == ()
    assert made.snapshot().digest == digest
    assert_whole(made.snapshot())


def test_papers_that_cannot_be_read_are_not_reindexed(made: LibraryStore) -> None:
    folder = version_folder(made)
    (folder / MANIFEST_FILE).write_text(json.dumps({"schema": SCHEMA - 1}))
    garble_all(folder / "papers.sqlite")
    with pytest.raises(DamagedLibraryError, match=r"cannot be read .*ingest its sources again"):
        made.reindex(embedded)


def test_nothing_cannot_be_reindexed(home: Path) -> None:
    with pytest.raises(LibraryError, match=r"no library 'made' to reindex.*assistant ingest"):
        store_in(home).reindex(embedded)


# Disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk to fill")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


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


def without_root() -> list[str]:
    """Returns what to put before a command so that file permissions bind it, as root or not."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here to take that away")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


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
