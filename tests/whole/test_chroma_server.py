"""A library on a Chroma server that freezes, dies, comes back, and is written from two places."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.errors import LockedError, SettingsError, StoreError
from assistant.store.library import LibraryStore
from assistant.store.opening import open_store
from tests.chroma_process import ChromaProcess
from tests.made_library import DIM, EMBEDDER, assert_whole, fill, paper_of, put

HERE = Path(__file__).parent
UNREACHABLE_LIMIT_S = 5.0


def client_of(server: ChromaProcess) -> Any:
    return server.client()


def on(server: ChromaProcess, home: Path) -> LibraryStore:
    return server.store(home)


def assert_unreachable(store: LibraryStore) -> None:
    for use in (store.snapshot, store.writer):
        started = time.monotonic()
        with pytest.raises(StoreError, match=r"store at 'http://127.*unreachable.*chroma run"):
            use()
        assert time.monotonic() - started < UNREACHABLE_LIMIT_S


def test_down_or_frozen_it_is_unreachable_at_once_and_recovers(
    server: ChromaProcess, home: Path
) -> None:
    with on(server, home) as store:
        fill(store, range(10))
        digest = store.snapshot().digest
        server.freeze()
        assert_unreachable(store)
        server.thaw()
        assert store.snapshot().digest == digest
        server.kill()
        assert_unreachable(store)
        server.start()
        assert_whole(store.snapshot())
        fill(store, range(12))
        assert store.snapshot().n_papers == 12


def test_two_machines_share_a_library(server: ChromaProcess, home: Path, tmp_path: Path) -> None:
    with on(server, home) as here, on(server, tmp_path / "there") as there:
        fill(here, range(10))
        assert_whole(there.snapshot())
        fill(there, range(15))
        assert here.snapshot().digest == there.snapshot().digest
        with here.writer(), pytest.raises(LockedError, match="being written by PID"):
            there.writer()


def test_a_mirror_is_fetched_again_when_it_is_damaged(server: ChromaProcess, home: Path) -> None:
    with on(server, home) as store:
        fill(store, range(10))
    for file in home.rglob("papers.sqlite"):
        file.unlink()
    with on(server, home) as store:
        assert_whole(store.snapshot())


def test_a_killed_writers_lock_is_taken_over(server: ChromaProcess, home: Path) -> None:
    with on(server, home) as store:
        writer = store.writer()
        # The server still has the lock, but the process that took it here is gone.
        server.freeze()
        with writer:
            pass
        server.thaw()
    with on(server, home) as store:
        fill(store, range(3))
        assert_whole(store.snapshot())


def test_a_writer_killed_in_another_home_gives_the_library_up(
    server: ChromaProcess, home: Path, tmp_path: Path
) -> None:
    command = [sys.executable, HERE / "one_writer.py", "hold", tmp_path / "there", server.url]
    with (
        on(server, home) as store,
        subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        told = rf"PID {process.pid} on '.+' since 20\d\d-.*; wait .*, or, if .* gone, run `curl"
        with pytest.raises(LockedError, match=told):
            store.writer()
        process.kill()
        process.wait()
        fill(store, range(3))
        assert_whole(store.snapshot())


def test_a_lock_of_another_machine_is_removed_as_the_message_says(
    server: ChromaProcess, home: Path
) -> None:
    client = client_of(server)
    client.create_collection("made-lock", metadata={"host": "elsewhere", "pid": 1})
    with on(server, home) as store:
        with pytest.raises(LockedError, match="PID 1 on 'elsewhere'") as refused:
            store.writer()
        remedy = re.search(r"curl -X DELETE (\S+)`", str(refused.value))
        assert remedy is not None
        httpx.delete(remedy[1]).raise_for_status()
        fill(store, range(3))


def test_a_writer_that_lost_its_lock_publishes_nothing(server: ChromaProcess, home: Path) -> None:
    client = client_of(server)
    with on(server, home) as store:
        version = fill(store, range(3))
        with store.writer() as writer:
            put(writer, paper_of(9))
            client.delete_collection("made-lock")
            with pytest.raises(LockedError, match="taken over by another writer"):
                writer.commit()
        assert store.snapshot().version == version


def test_libraries_of_like_names_are_kept_apart(server: ChromaProcess, home: Path) -> None:
    names = ("made", "made-v1", "made-v1-v2", "made.v1", "made-current", "made-lock")
    stores = [open_store(home, name, EMBEDDER, DIM, chroma_url=server.url) for name in names]
    for round_ in range(3):
        for n, store in enumerate(stores):
            fill(store, range(1 + n + round_))
    for n, store in enumerate(stores):
        assert store.snapshot().n_papers == 1 + n + 2
        assert_whole(store.snapshot())
        store.close()


def test_a_name_that_chroma_does_not_allow_is_refused(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"'made\.\.here' cannot be kept on a Chroma server"):
        open_store(home, "made..here", EMBEDDER, DIM, chroma_url="http://127.0.0.1:1")


def test_old_collections_are_deleted(server: ChromaProcess, home: Path) -> None:
    with on(server, home) as store:
        for n in range(1, 5):
            fill(store, range(n))
    client = client_of(server)
    names = [collection.name for collection in client.list_collections()]
    assert sum(name.startswith("made-v") for name in names) == 2
    assert "made-lock" not in names


def test_the_command_line_keeps_a_library_on_the_server(
    server: ChromaProcess,
    home: Path,
    tmp_path: Path,
    command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", server.url)
    file = tmp_path / "tea.jsonl"
    file.write_text('{"id": "tea", "title": "On Tea", "abstract": "Tea is brewed from leaves."}\n')
    assert command("ingest", file).out.startswith("1 added")
    assert command("library", "list").out.startswith("tea\t")
    assert "Tea is brewed from leaves. [1]" in command("ask", "What is tea brewed from?").out
    assert command("doctor").code == 0
    server.kill()
    ran = command("ask", "What is tea brewed from?")
    assert ran.code == 3
    assert server.url in ran.err
    assert ran.err.count("\n") == 1
