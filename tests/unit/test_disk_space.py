"""What is said of a disk that is full: of bytes, of files, or by a quota."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.embeddings.cache import EmbeddingCache
from assistant.errors import StoreError
from assistant.files.disk_space import describe_need, has_room, is_full
from assistant.store import locking
from assistant.store.locking import WriterLock

MB = 2**20


def make_disk(patch: pytest.MonkeyPatch, free: int, files_left: int, n_files: int = 1000) -> None:
    """Has every disk seem to have that much room; ``n_files`` 0 is one without a limit on files."""
    system: Any = SimpleNamespace(f_files=n_files, f_favail=files_left)
    patch.setattr(os, "statvfs", lambda _: system)
    patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def test_a_disk_that_has_room_is_not_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_disk(monkeypatch, 90 * MB, 500)
    assert has_room(tmp_path, 90 * MB, 500)
    assert not is_full(tmp_path, PermissionError(errno.EACCES, "no"))
    assert not is_full(tmp_path, sqlite3.OperationalError("locked"))
    make_disk(monkeypatch, 90 * MB, 0, 0)
    assert has_room(tmp_path, 90 * MB, 500)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "quota")])
def test_an_error_that_says_so_is_believed(tmp_path: Path, error: OSError) -> None:
    assert is_full(tmp_path, error)


def test_bytes_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_disk(monkeypatch, MB // 2, 500)
    assert not has_room(tmp_path, 9 * MB, 30)
    assert is_full(tmp_path, sqlite3.OperationalError("unable to open database file"))
    told = describe_need(tmp_path / "not" / "yet", 9 * MB, 30)
    assert told == f"needs about 9 MB free at '{tmp_path}/not/yet' and 0 MB are; free some"


def test_files_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_disk(monkeypatch, 900 * MB, 2)
    assert not has_room(tmp_path, 9 * MB, 30)
    assert is_full(tmp_path, sqlite3.OperationalError("unable to open database file"))
    told = describe_need(tmp_path, 9 * MB, 30)
    assert told.startswith(
        f"needs about 30 new files at '{tmp_path}', and that disk has room for 2"
    )
    assert "(its inodes are used up); delete files" in told


def test_a_quota_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_disk(monkeypatch, 900 * MB, 500)
    told = describe_need(tmp_path, 9 * MB, 30, OSError(errno.EDQUOT, "quota"))
    assert "needs about 9 MB at" in told
    assert "this user's quota there is used up" in told


def test_a_lock_that_finds_no_room_says_how_much_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(locking, "open_private", full)
    make_disk(monkeypatch, 900 * MB, 0)
    with pytest.raises(StoreError, match=r"library 'made' needs about \d+ new files at .*again"):
        WriterLock(tmp_path / "lock", "made").acquire()
    make_disk(monkeypatch, 0, 500)
    with pytest.raises(StoreError, match=r"library 'made' needs about 4 MB free at .*again"):
        WriterLock(tmp_path / "lock", "made").acquire()


def test_an_embedding_cache_that_finds_no_room_says_how_much_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.sqlite")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(cache, "_insert", full)
    make_disk(monkeypatch, 0, 500)
    with pytest.raises(StoreError, match=r"the embedding cache needs about 4 MB free at .*again"):
        cache.put("model", {})
    cache.close()
