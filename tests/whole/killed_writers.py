"""Kills writers of a library and reports, one JSON line each, what the library is like after.

    killed_writers.py points HOME N   kill at every N-th kind of write, and about the flip
    killed_writers.py random HOME N   kill N times at random
    killed_writers.py calls HOME N    kill N times at a random system call, those of Chroma as well

One process loads Chroma and forks for each kill, since loading takes longer than writing.
"""

from __future__ import annotations

import collections
import functools
import importlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.errors import AssistantError, LibraryError
from tests.made_library import assert_whole, fill, paper_of, put, store_in
from tests.whole.traced_calls import TRACED, list_calls, wait_for_watcher

# What a writer or a reader would load at its first use, and each fork again.
for _module in (
    "assistant.store.chroma_folder",
    "assistant.store.lexical_index",
    "chromadb.api.rust",
    "scipy.sparse",
):
    importlib.import_module(_module)

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
FLIP = re.compile(r"os\.(rename libraries/made/current|fsync libraries/made)( again)?")
RANDOM_NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def change(home: Path) -> None:
    """Updates three papers, adds ten and removes one."""
    with store_in(home).writer() as writer:
        for number in range(3):
            put(writer, paper_of(number, edition=1))
        for number in range(100, 110):
            put(writer, paper_of(number))
        writer.remove("paper5")
        writer.commit()


def digest_of(home: Path) -> str | None:
    with store_in(home) as store:
        try:
            snapshot = store.snapshot()
        except LibraryError as error:
            if "there is no library" in str(error):
                return None
            raise
        assert_whole(snapshot)
        assert snapshot.notices == ()
        return snapshot.digest


def examine(home: Path, old: str | None, new: str) -> dict[str, Any]:
    """Opens the library after a kill, checks all of it, and lets a second run complete."""
    try:
        state = {old: "old", new: "new"}[digest_of(home)]
    except AssistantError as error:
        return {"state": "unreadable", "error": str(error)}
    except (KeyError, AssertionError):
        return {"state": "lost", "error": traceback.format_exc()}
    change(home)
    assert digest_of(home) == new
    folders = list((home / "libraries" / "made" / "versions").iterdir())
    return {"state": state, "completed": True, "versions": len(folders)}


def forked(action: Callable[[], object]) -> int:
    """Runs ``action`` in a process of its own and returns that process's number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        action()
    except BaseException:  # noqa: BLE001  the parent must not go on as a child would
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def reported(action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    reading, writing = os.pipe()
    pid = forked(lambda: os.write(writing, json.dumps(action()).encode()))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(text) if text else {"state": "broken", "status": status}


def watch(home: Path, on_write: Callable[[str], None]) -> None:
    """Calls ``on_write`` with a name before every write that Python makes under ``home``."""

    seen: collections.Counter[str] = collections.Counter()

    def name(event: str, path: object) -> None:
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if text.startswith(str(home)):
            write = f"{event} {RANDOM_NAMES.sub('N', os.path.relpath(text, home))}"
            seen[write] += 1
            # The pointer is written twice in a first version, and either write counts.
            again = seen[write] > 1 and "versions" not in write
            on_write(f"{write} again" if again else write)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            name("open", arguments[0])
        elif event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"):
            name(event, arguments[1] if event == "os.rename" else arguments[0])
        elif event == "sqlite3.connect":
            name(event, re.sub(r"^file://|\?.*", "", str(arguments[0])))

    fsync = os.fsync

    def synced(fd: Any) -> None:
        name("os.fsync", Path(f"/proc/self/fd/{fd}").readlink())
        fsync(fd)

    os.fsync = synced
    sys.addaudithook(audit)


def points_of(home: Path) -> dict[str, Any]:
    points: list[str] = []
    watch(home, points.append)
    change(home)
    return {"points": list(dict.fromkeys(points))}


def die_at(home: Path, point: str) -> None:
    watch(home, lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == point else None)
    change(home)


def traced(action: Callable[[], object], *options: str) -> tuple[int, str]:
    """Runs ``action`` in a process that strace watches; returns its status and what was traced."""
    waiting, going = os.pipe()

    def act() -> None:
        os.read(waiting, 1)
        action()

    pid = forked(act)
    command = ["strace", "-f", "-qq", "-e", "signal=none", *options, "-p", str(pid)]
    with tempfile.TemporaryFile("w+") as trace:
        watcher = subprocess.Popen(command, stderr=trace)
        assert wait_for_watcher(pid, watcher), "strace may not watch a process here"
        os.write(going, b"x")
        _, status = os.waitpid(pid, 0)
        watcher.wait()
        os.close(waiting)
        os.close(going)
        trace.seek(0)
        return status, trace.read()


def main() -> None:
    mode, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    base, home = folder / "base", folder / "home"

    def renew() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(base, home)

    base.mkdir()
    if mode != "points-new":
        reported(lambda: {"version": fill(store_in(base), range(30))})
    old = reported(lambda: {"digest": digest_of(base)})["digest"]
    renew()
    started = time.monotonic()
    listed = reported(lambda: points_of(home))
    took = time.monotonic() - started
    new = reported(lambda: {"digest": digest_of(home)})["digest"]

    def report(point: str, status: int) -> None:
        killed = os.WIFSIGNALED(status)
        outcome = reported(lambda: examine(home, old, new))
        sys.stdout.write(json.dumps({"point": point, "killed": killed, **outcome}) + "\n")
        sys.stdout.flush()

    if mode.startswith("points"):
        for index, point in enumerate(listed["points"]):
            if index % number and not FLIP.fullmatch(point):
                continue
            renew()
            pid = forked(functools.partial(die_at, home, point))
            report(point, os.waitpid(pid, 0)[1])
        return
    dice = random.Random(7)
    if mode == "calls":
        renew()
        calls = list_calls(traced(lambda: change(home), "-e", f"trace={TRACED}")[1])
        for _ in range(number):
            # Each kind of call alike: there are thousands of writes and one flip.
            name = dice.choice(sorted(calls))
            count = dice.choice(calls[name])
            renew()
            kill = f"inject={name}:signal=KILL:when={count}"
            status, _ = traced(lambda: change(home), "-e", f"trace={name}", "-e", kill)
            report(f"{name} {count}", status)
        return
    for _ in range(number):
        renew()
        pid = forked(lambda: change(home))
        wait = dice.uniform(0, took)
        time.sleep(wait)
        os.kill(pid, signal.SIGKILL)
        report(f"after {wait:.3f} s", os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main()
