"""A folder is watched by a process of its own: what comes into it is in the library, in order."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from tests.whole.conftest import EXECUTABLE

SOON_S = 60.0


def row(name: str) -> str:
    abstract = f"{name.title()} is a drink. It is hot."
    return json.dumps({"id": name, "title": f"On {name}", "abstract": abstract}) + "\n"


class Watch:
    """A running ``assistant watch --json``."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.out, self.err = Path("out.txt"), Path("err.txt")
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [EXECUTABLE, "watch", folder, "--json", *options], stdout=out, stderr=err
            )
        self._n_read = 0

    def next(self) -> dict[str, Any]:
        """Returns the next report, with the path below the folder."""
        deadline = time.monotonic() + SOON_S
        while time.monotonic() < deadline and self.process.poll() is None:
            lines = self.out.read_text().splitlines(keepends=True)
            if len(lines) > self._n_read and lines[self._n_read].endswith("\n"):
                report: dict[str, Any] = json.loads(lines[self._n_read])
                self._n_read += 1
                report["path"] = str(Path(report["path"]).relative_to(self.folder.absolute()))
                return report
            time.sleep(0.1)
        raise AssertionError(f"nothing came: {self.err.read_text()}")

    def wait_for_warning(self, said: str) -> None:
        deadline = time.monotonic() + SOON_S
        while said not in self.err.read_text():
            assert time.monotonic() < deadline, self.err.read_text()
            time.sleep(0.1)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SOON_S)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "lists"
    path.mkdir()
    (path / "first.jsonl").write_text(row("tea"))
    return path


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    running = Watch(folder, "--sync")
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_a_folder_is_watched(watch: Watch, folder: Path) -> None:
    report = watch.next()
    assert (report["path"], report["added"]) == (".", ["tea"])

    with (folder / "second.jsonl").open("w") as growing:
        for name in ("milk", "coffee", "cocoa"):
            whole = row(name)
            for part in (whole[:20], whole[20:]):
                growing.write(part)
                growing.flush()
                time.sleep(0.4)
    report = watch.next()
    assert (report["path"], report["added"]) == ("second.jsonl", ["milk", "coffee", "cocoa"])
    assert report["skipped"] == []

    (folder / "broken.bib").write_bytes(b"no list\x00\x01\x02")
    watch.wait_for_warning("broken.bib' is not text")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.jsonl").write_text(row("beer"))

    (folder / "second.jsonl").write_text(row("milk") + row("coffee"))
    report = watch.next()
    assert (report["path"], report["removed"]) == ("second.jsonl", ["cocoa"])

    (folder / "second.jsonl").unlink()
    report = watch.next()
    assert (report["path"], report["removed"]) == ("second.jsonl", ["milk", "coffee"])

    other = folder.parent / "moved.1"
    other.mkdir()
    (other / "third.jsonl").write_text(row("water"))
    other.rename(folder / "moved.1")
    report = watch.next()
    assert report["added"] == ["water"]

    assert watch.end() == 0
    warnings = watch.err.read_text().splitlines()
    assert len(warnings) == 2, warnings
    assert warnings[-1] == f"assistant: stopped watching {str(folder)!r}"
    with Assistant.open() as assistant:
        assert assistant.paper_ids() == ["tea", "water"]


def test_without_sync_what_has_gone_stays(folder: Path) -> None:
    watch = Watch(folder)
    try:
        assert watch.next()["added"] == ["tea"]
        (folder / "first.jsonl").unlink()
        time.sleep(2.5)
        (folder / "next.jsonl").write_text(row("milk"))
        report = watch.next()
        assert (report["path"], report["added"]) == ("next.jsonl", ["milk"])
        folder.joinpath("next.jsonl").unlink()
        folder.rmdir()
        watch.wait_for_warning("has gone")
        assert watch.process.wait(SOON_S) == 2
    finally:
        watch.process.kill()
        watch.process.wait()
    with Assistant.open() as assistant:
        assert assistant.n_papers == 2


def test_a_folder_that_is_not_there() -> None:
    ran = subprocess.run([EXECUTABLE, "watch", "nowhere"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == ("assistant: there is no folder 'nowhere' to watch; check the path\n")
