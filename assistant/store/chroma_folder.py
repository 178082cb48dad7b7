"""A version's vectors in a Chroma folder of its own: HNSW by cosine, written once, then sealed.

Two things make a Chroma folder change when it is only read, and both are prevented here:

- Vectors that were added after the last persisting of the HNSW graph are replayed from SQLite
  on opening, and the graph is written again. ``sync_threshold`` is therefore set to the number
  of records that will be written, so that the graph is persisted once, with the last of them.
- Every opening inserts a row into ``acquire_write``. A trigger drops that row.

So every file can be checked against its hash before Chroma, which may crash on a garbled graph,
ever sees it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import DamagedLibraryError, StoreError
from assistant.files.arrays import map_array
from assistant.files.disk_space import is_full
from assistant.store.changes import VECTORS_FILE, Merged
from assistant.store.chroma import ChromaError, Client, Collection, GivenSettings
from assistant.store.chroma_records import BATCH, HNSW, batches, read_collection
from assistant.store.dense import DenseIndex, StoredPaper
from assistant.store.manifest import Manifest
from assistant.store.records import RECORDS_FILE, open_records

CHROMA_FOLDER = "chroma"

_COLLECTION = "passages"
_DATABASE = "chroma.sqlite3"
_DISK_FULL = "database or disk is full"
"""SQLite's words for it, which Chroma passes on."""

_REBUILD_ABOVE = 0.2
"""Share of stale or changed vectors from which the graph is built anew: its recall and size
suffer from deleted nodes, and building costs no more than changing that many."""

_SEAL = """
CREATE TRIGGER sealed BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END
"""
_UNSEAL = "DROP TRIGGER sealed"

_WITHOUT_TEXT_INDEX = "DROP INDEX embedding_metadata_string_value"
"""Chroma's index of metadata by value would hold every paper's record a second time. Nothing here
searches by it; whoever opens the folder with Chroma and does so gets the same answers, later."""


class ChromaFolder:
    """Keeps each version's vectors inside the version's folder."""

    def write(
        self,
        folder: Path,
        draft: Manifest,
        new: Merged,
        base: Path | None,
        base_manifest: Manifest | None,
    ) -> Manifest:
        """Builds the vectors of the version in ``folder``; see ``DenseBackend``."""
        target = folder / CHROMA_FOLDER
        n_stale = 0
        if base is not None and base_manifest is not None:
            n_stale = base_manifest.n_stale + len(new.changed) + len(new.deleted)
        with _translate_write_errors(target):
            if base is None or base_manifest is None or n_stale > _REBUILD_ABOVE * new.n_passages:
                n_stale = 0
                _build(target, folder, new.n_passages)
            else:
                shutil.copytree(base / CHROMA_FOLDER, target)
                _change(target, folder, new)
        return replace(draft, collection=_COLLECTION, n_stale=n_stale)

    def open(self, folder: Path, manifest: Manifest) -> DenseIndex:
        """Opens the vectors of the version in ``folder``; see ``DenseBackend``."""
        if _may_be_written(folder):
            return ChromaIndex(folder / CHROMA_FOLDER, manifest.collection)
        return ExactIndex(folder)

    def notices(self, folder: Path, manifest: Manifest) -> tuple[str, ...]:
        """Returns what the person asking should know; see ``DenseBackend``."""
        if _may_be_written(folder):
            return ()
        return (
            f"library {manifest.library!r} may only be read by this user, and Chroma opens no "
            f"such folder, so every passage is compared with the question instead; the results "
            f"are exact, and a large library takes longer",
        )

    def papers(self, folder: Path, manifest: Manifest) -> Iterator[StoredPaper]:
        """Yields every paper as it is kept beside the vectors."""
        index = ChromaIndex(folder / CHROMA_FOLDER, manifest.collection)
        try:
            yield from read_collection(index.collection)
        finally:
            index.close()


class ChromaIndex:
    """A sealed Chroma folder, opened for searching."""

    def __init__(self, folder: Path, collection: str) -> None:
        self._folder = folder
        self._client = _client(folder)
        try:
            self.collection = self._client.get_collection(collection, embedding_function=None)
        except BaseException:
            self._client.close()
            raise

    def count(self) -> int:
        """Returns how many vectors it holds."""
        return int(self.collection.count())

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the passage ids nearest to ``vector`` and their cosines, best first."""
        try:
            found = self.collection.query(
                query_embeddings=vector, n_results=top_k, include=["distances"]
            )
        except ChromaError as error:
            raise DamagedLibraryError(
                f"Chroma cannot search {str(self._folder)!r} ({error}); "
                f"rebuild the library with `assistant library reindex`"
            ) from error
        distances = np.asarray((found["distances"] or [[]])[0], dtype=np.float32)
        return found["ids"][0], np.float32(1) - distances

    def close(self) -> None:
        """Lets go of the folder's files."""
        self._client.close()


class ExactIndex:
    """Exact search, for a library that may only be read: Chroma cannot open its folder then."""

    def __init__(self, folder: Path) -> None:
        self._vectors = map_array(folder / VECTORS_FILE)
        self._records = open_records(folder / RECORDS_FILE)

    def count(self) -> int:
        """Returns how many vectors it holds."""
        return len(self._vectors)

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the passage ids nearest to ``vector`` and their cosines, best first."""
        cosines = self._vectors @ vector
        top_k = min(top_k, len(cosines))
        rows = np.argpartition(-cosines, top_k - 1)[:top_k] if top_k else np.zeros(0, np.int64)
        rows = rows[np.lexsort((rows, -cosines[rows]))]
        query = "SELECT passage_id FROM passages WHERE row = ?"
        return [self._records.execute(query, (int(r),)).fetchone()[0] for r in rows], cosines[rows]

    def close(self) -> None:
        """Lets go of the files."""
        self._records.close()


def _may_be_written(folder: Path) -> bool:
    target = folder / CHROMA_FOLDER
    return all(os.access(path, os.W_OK) for path in (target, target / _DATABASE))


@contextmanager
def _translate_write_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        if _DISK_FULL in str(error) or is_full(target, error):
            raise OSError(errno.ENOSPC, str(error), str(target)) from error
        raise StoreError(
            f"Chroma cannot write {str(target)!r} ({error}); the library is as it was"
        ) from error


def _client(folder: Path) -> Client:
    return Client(settings=GivenSettings(is_persistent=True, persist_directory=str(folder)))


@contextmanager
def create(target: Path, n_passages: int) -> Iterator[Collection]:
    """Makes a Chroma folder whose collection is filled in the block, and seals it afterwards.

    The graph is written once, with the last of ``n_passages`` records.
    """
    target.mkdir()
    client = _client(target)
    try:
        collection = client.create_collection(
            _COLLECTION,
            configuration={"hnsw": {**HNSW, "sync_threshold": max(n_passages, 1)}},
            embedding_function=None,
        )
        _execute(target, _WITHOUT_TEXT_INDEX)
        yield collection
    finally:
        client.close()
    _seal(target)


def _build(target: Path, version: Path, n_passages: int) -> None:
    with create(target, n_passages) as collection:
        for batch in batches(version, None):
            collection.add(batch.ids, batch.vectors, batch.metadatas)


def _change(target: Path, version: Path, new: Merged) -> None:
    _execute(target, _UNSEAL)
    client = _client(target)
    try:
        collection = client.get_collection(_COLLECTION, embedding_function=None)
        n_changes = len(new.changed) + len(new.deleted)
        with warnings.catch_warnings():
            # Chroma warns of its own way of writing that a collection has no embedding function.
            warnings.simplefilter("ignore", DeprecationWarning)
            collection.modify(configuration={"hnsw": {"sync_threshold": max(n_changes, 1)}})
        for start in range(0, len(new.deleted), BATCH):
            collection.delete(ids=list(new.deleted[start : start + BATCH]))
        for batch in batches(version, new.changed):
            collection.upsert(batch.ids, batch.vectors, batch.metadatas)
    finally:
        client.close()
    _seal(target)


def _seal(target: Path) -> None:
    """Leaves out the space that Chroma's log took until the graph was written, and seals."""
    compact = target / f"{_DATABASE}.compact"
    _execute(target, "VACUUM INTO ?", str(compact))
    compact.replace(target / _DATABASE)
    _execute(target, _SEAL)


def _execute(target: Path, statement: str, *values: str) -> None:
    database = sqlite3.connect(target / _DATABASE, isolation_level=None)
    try:
        database.execute(statement, values)
    finally:
        database.close()
