"""What happens to a library is noticed, said and mended: damage to any file, other releases."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assistant.store.manifest
import assistant.store.writer
from assistant.errors import DamagedLibraryError, LibraryError
from assistant.store.library import EmbeddedPassages, LibraryStore
from assistant.store.locking import WriterLock
from assistant.store.manifest import SCHEMA
from assistant.store.versions import MANIFEST_FILE
from assistant.types import Paper
from tests.made_library import (
    N_PAPERS,
    assert_whole,
    fill,
    passages_of,
    store_in,
    vector_of,
    version_folder,
    versions_of,
)

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


def unlink(path: Path) -> None:
    path.unlink()


DAMAGES = (garble, garble_all, truncate, unlink)


def test_every_file_of_a_version_is_damaged_below(made: LibraryStore) -> None:
    folder = version_folder(made)
    named = {path for pattern in PATTERNS for path in folder.glob(pattern)}
    assert named == {path for path in folder.rglob("*") if path.is_file()}


def test_any_damage_to_any_file_is_noticed(made: LibraryStore) -> None:
    for pattern in PATTERNS:
        (path,) = version_folder(made).glob(pattern)
        whole = path.read_bytes()
        for damage in DAMAGES:
            damage(path)
            (said,) = made.check()
            assert f"{str(path)!r} is not as published" in said, damage
            path.write_bytes(whole)
        assert made.check() == ()


# What is damaged is told by its hash, and how does not matter to what it is rebuilt from; but the
# manifest holds the hashes, and is damaged in every way.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        *((pattern, DAMAGES[n % len(DAMAGES)]) for n, pattern in enumerate(PATTERNS)),
        *(("manifest.json", damage) for damage in DAMAGES if damage is not truncate),
    ],
)
def test_damage_is_announced_and_rebuilt_without_embedding(
    made: LibraryStore, pattern: str, damage: Any
) -> None:
    digest = made.snapshot().digest
    made.close()
    (path,) = version_folder(made).glob(pattern)
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


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


WRONG_POINTERS = {
    "names a version that is not there": lambda path: path.write_text("7\n"),
    "is empty": lambda path: path.write_text(""),
    "is a folder": make_folder,
    "has another line": lambda path: path.write_text("1\n1\n"),
    "is missing": Path.unlink,
}


@pytest.mark.parametrize("fault", WRONG_POINTERS)
def test_a_wrong_pointer_is_mended_by_a_writer_for_good(made: LibraryStore, fault: str) -> None:
    WRONG_POINTERS[fault](made.folder / "current")
    fill(made, range(N_PAPERS + 1))
    assert (made.folder / "current").read_text() == "2\n"
    assert made.snapshot().n_papers == N_PAPERS + 1
    assert_whole(made.snapshot())
    assert made.check() == ()


@pytest.mark.parametrize("fault", WRONG_POINTERS)
def test_a_wrong_pointer_is_read_past_while_it_cannot_be_mended(
    made: LibraryStore, fault: str
) -> None:
    WRONG_POINTERS[fault](made.folder / "current")
    with WriterLock(made.folder / "lock", "made"), store_in(made.folder.parents[1]) as reader:
        assert_whole(reader.snapshot())
        (told,) = reader.snapshot().notices
    assert told == (
        "library 'made' had lost track of its version; it continues with version 1, the newest "
        "that is whole"
    )


def test_the_newest_whole_version_is_taken(made: LibraryStore, home: Path) -> None:
    with store_in(home) as reader:
        held = reader.snapshot()  # A version that is read stays.
        fill(made, range(N_PAPERS + 1))
        fill(made, range(N_PAPERS + 2))
        made.close()
        assert sorted(path.name for path in versions_of(made)) == ["1", "3"]
        assert held.version == 1
        for name in ("papers.sqlite", "chroma/chroma.sqlite3"):
            garble_all(made.folder / "versions" / "3" / name)
        snapshot = made.snapshot()
        assert snapshot.version == 1
        lost, beyond_repair = snapshot.notices
        assert "continues with version 1, the newest that is whole" in lost
        assert re.search("version 3 .*damaged beyond repair .*papers.sqlite", beyond_repair)


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


def test_old_versions_are_let_go(made: LibraryStore) -> None:
    counts = []
    for n in range(8):
        fill(made, range(N_PAPERS + n))
        made.snapshot().nearest(vector_of("x"), 1)
        counts.append(len(list(Path("/dev/fd").iterdir())))
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


def embedded(papers: Sequence[Paper]) -> list[EmbeddedPassages]:
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
