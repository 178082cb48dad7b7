from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.errors import StoreError
from assistant.files import caches

VECTOR = np.arange(4, dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "embeddings.sqlite"


def test_keys_are_sha256_and_take_any_text() -> None:
    assert len(hash_text("a")) == 32
    assert hash_text("a") != hash_text("b")
    assert hash_text("lone \ud800 surrogate") != hash_text("lone \ud801 surrogate")


def test_vectors_come_back_after_closing(path: Path) -> None:
    cache = EmbeddingCache(path)
    cache.put("m:1", {hash_text("a"): VECTOR})
    cache.close()
    found = EmbeddingCache(path).get("m:1", [hash_text("a"), hash_text("b")])
    assert list(found) == [hash_text("a")]
    np.testing.assert_array_equal(found[hash_text("a")], VECTOR)


def test_fingerprints_do_not_meet(path: Path) -> None:
    cache = EmbeddingCache(path)
    cache.put("m:1", {hash_text("a"): VECTOR})
    assert cache.get("m:2", [hash_text("a")]) == {}


def test_many_keys_at_once(path: Path) -> None:
    cache = EmbeddingCache(path)
    keys = [hash_text(str(n)) for n in range(2_000)]
    cache.put("m", dict.fromkeys(keys, VECTOR))
    assert len(cache.get("m", keys)) == 2_000


def test_without_a_path_vectors_stay_in_memory() -> None:
    cache = EmbeddingCache(None)
    cache.put("m", {hash_text("a"): VECTOR})
    assert len(cache.get("m", [hash_text("a")])) == 1
    assert cache.notices == []


def test_a_file_of_something_else_is_set_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 500)
    cache = EmbeddingCache(path)
    cache.put("m", {hash_text("a"): VECTOR})
    assert len(cache.get("m", [hash_text("a")])) == 1
    assert "was damaged" in cache.notices[0]
    assert path.with_name("embeddings.sqlite.damaged").read_bytes().startswith(b"not a")


def test_damage_found_later_is_set_aside(path: Path) -> None:
    cache = EmbeddingCache(path)
    keys = [hash_text(str(n)) for n in range(3_000)]
    cache.put("m", dict.fromkeys(keys, VECTOR))
    cache.close()
    content = bytearray(path.read_bytes())
    content[8_192:] = os.urandom(len(content) - 8_192)
    path.write_bytes(content)
    cache = EmbeddingCache(path)
    assert len(cache.get("m", keys)) < 3_000
    cache.put("m", dict.fromkeys(keys, VECTOR))
    assert len(cache.get("m", keys)) == 3_000
    assert any("was damaged" in notice for notice in cache.notices)


def test_a_truncated_vector_is_damage(path: Path) -> None:
    EmbeddingCache(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO vectors VALUES ('m', ?, ?)", (hash_text("a"), b"\x00" * 7))
    connection.close()
    cache = EmbeddingCache(path)
    assert cache.get("m", [hash_text("a")]) == {}
    assert "was damaged" in cache.notices[0]


def test_a_folder_that_cannot_be_made_leaves_reading_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = EmbeddingCache(tmp_path / "file" / "embeddings.sqlite")
    assert cache.get("m", [hash_text("a")]) == {}
    assert "not kept" in cache.notices[0]
    with pytest.raises(StoreError, match="cannot be written"):
        cache.put("m", {hash_text("a"): VECTOR})


def test_a_file_that_another_process_holds_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "_BUSY_TIMEOUT_S", 0.05)
    first = EmbeddingCache(path)
    first.put("m", {hash_text("a"): VECTOR})
    first._connection.execute("BEGIN IMMEDIATE")
    second = EmbeddingCache(path)
    assert "database is locked" in second.notices[0]
    assert len(second.get("m", [hash_text("a")])) == 1
    with pytest.raises(StoreError, match="cannot be written"):
        second.put("m", {hash_text("b"): VECTOR})
    assert not path.with_name("embeddings.sqlite.damaged").exists()


def test_a_full_disk_is_one_sentence(path: Path) -> None:
    cache = EmbeddingCache(path)
    cache._connection.execute("PRAGMA max_page_count = 4")
    with pytest.raises(StoreError, match=r"embedding cache needs about 4 MB free"):
        cache.put("m", {hash_text(str(n)): VECTOR for n in range(1_000)})
    cache.put("m", {hash_text("a"): VECTOR})
    assert list(cache.get("m", [hash_text("a"), hash_text("0")])) == [hash_text("a")]


def test_a_read_only_folder_is_read(path: Path) -> None:
    cache = EmbeddingCache(path)
    cache.put("m", {hash_text("a"): VECTOR})
    cache.close()
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    path.parent.chmod(0o555)
    process = multiprocessing.get_context("fork").Process(target=_read_as_nobody, args=(path,))
    process.start()
    process.join()
    assert process.exitcode == 0


def _read_as_nobody(path: Path) -> None:
    for parent in list(path.parents)[1:-1]:
        if parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    if os.geteuid() == 0:
        os.seteuid(65_534)
    cache = EmbeddingCache(path)
    assert len(cache.get("m", [hash_text("a")])) == 1
    try:
        cache.put("m", {hash_text("b"): VECTOR})
    except StoreError:
        os._exit(0)
    os._exit(1)


def test_a_killed_writer_leaves_whole_batches(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_write_for_ever, args=(path, ready))
    process.start()
    assert ready.wait(60)
    process.kill()
    process.join()
    cache = EmbeddingCache(path)
    n_batches, rest = divmod(_count(path), 10)
    assert n_batches >= 3
    assert rest == 0
    assert cache.notices == []
    assert len(cache.get("m", [hash_text(f"0-{n}") for n in range(10)])) == 10


def test_two_processes_write_at_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert _count(path) == 400


def _write_for_ever(path: Path, ready: multiprocessing.synchronize.Event) -> None:
    cache = EmbeddingCache(path)
    batch = 0
    while True:
        cache.put("m", {hash_text(f"{batch}-{n}"): VECTOR for n in range(10)})
        batch += 1
        if batch == 3:
            ready.set()


def _write(path: Path, name: str) -> None:
    cache = EmbeddingCache(path)
    for batch in range(20):
        cache.put("m", {hash_text(f"{name}-{batch}-{n}"): VECTOR for n in range(10)})


def _count(path: Path) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    connection.close()
    return int(count)
