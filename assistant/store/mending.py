"""Mending a damaged version without embedding anything again.

A version holds everything twice: papers and vectors in files of their own, and again in Chroma.
Whichever side is whole brings the other back; BM25 follows from the papers.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from assistant.errors import DamagedLibraryError
from assistant.files.arrays import map_array
from assistant.store.changes import VECTORS_FILE
from assistant.store.dense import DenseBackend
from assistant.store.manifest import SCHEMA, Manifest, find_damaged_files
from assistant.store.records import (
    RECORDS_FILE,
    content_hash,
    library_digest,
    open_records,
    read_all_papers,
)
from assistant.store.snapshot import Snapshot
from assistant.store.versions import MANIFEST_FILE, Versions
from assistant.store.writer import Writer

_logger = logging.getLogger(__name__)

_TRUTH = {RECORDS_FILE, VECTORS_FILE}


def damage(folder: Path, *, full: bool = False) -> list[str]:
    """Returns what is damaged in a version's folder, as paths within it."""
    try:
        return find_damaged_files(folder, Manifest.read(folder), full=full)
    except DamagedLibraryError:
        return [MANIFEST_FILE]


def repair(versions: Versions, dense: DenseBackend, version: int, damaged: list[str]) -> str:
    """Publishes a whole version in place of a damaged one; returns what to tell the person.

    The caller holds the writer's lock.

    Raises:
        DamagedLibraryError: neither side is whole.
    """
    folder = versions.path(version)
    files = ", ".join(damaged)
    try:
        if damaged == [MANIFEST_FILE]:
            _rebuild(versions, dense, _manifest_of(folder, versions.folder.name, version))
        elif not _TRUTH.intersection(damaged):
            _rebuild(versions, dense, Manifest.read(folder))
        elif not any(name.startswith("chroma/") for name in damaged):
            _read_back(versions, dense, folder, Manifest.read(folder))
        else:
            raise DamagedLibraryError("both the papers and Chroma's copy of them are damaged")
    except (DamagedLibraryError, sqlite3.Error, OSError, ValueError) as error:
        raise DamagedLibraryError(
            f"library {versions.folder.name!r} is damaged beyond repair ({files}: {error}); move "
            f"{str(versions.folder)!r} away and ingest its sources again"
        ) from error
    notice = (
        f"library {versions.folder.name!r} was damaged ({files}); it has been rebuilt from what "
        f"was whole, nothing is lost"
    )
    _logger.warning("%s", notice)
    return notice


def find_newest_whole(versions: Versions) -> tuple[int, str]:
    """Returns the newest whole version, and what to tell the person who continues with it.

    Raises:
        DamagedLibraryError: no version is whole.
    """
    name = versions.folder.name
    for version in reversed(versions.complete()):
        if not damage(versions.path(version), full=True):
            notice = (
                f"library {name!r} had lost track of its version; it continues with version "
                f"{version}, the newest that is whole"
            )
            _logger.warning("%s", notice)
            return version, notice
    raise DamagedLibraryError(
        f"library {name!r} is damaged beyond repair (no version of it is whole); move "
        f"{str(versions.folder)!r} away and ingest its sources again"
    )


def restore_pointer(versions: Versions) -> str:
    """Points to the newest whole version; returns what to tell the person.

    The caller holds the writer's lock.

    Raises:
        DamagedLibraryError: no version is whole.
    """
    version, notice = find_newest_whole(versions)
    versions.publish(version)
    return notice


def _rebuild(versions: Versions, dense: DenseBackend, manifest: Manifest) -> None:
    base = Snapshot(versions.path(manifest.version), manifest, dense)
    with Writer(versions, dense, manifest.embedder, base, ExitStack()) as writer:
        writer.commit(rebuild=True)


def _read_back(versions: Versions, dense: DenseBackend, folder: Path, manifest: Manifest) -> None:
    with Writer(versions, dense, manifest.embedder, None, ExitStack()) as writer:
        for stored in dense.papers(folder, manifest):
            writer.upsert(stored.paper, stored.passages, stored.vectors, stored.keys)
        writer.commit(rebuild=True)


def _manifest_of(folder: Path, library: str, version: int) -> Manifest:
    """Returns a manifest for a version that has lost its own, if its truth proves whole."""
    vectors = map_array(folder / VECTORS_FILE)
    records = open_records(folder / RECORDS_FILE)
    try:
        for (verdict,) in records.execute("PRAGMA quick_check"):
            if verdict != "ok":
                raise DamagedLibraryError(str(verdict))
        schema, embedder, dim = records.execute("SELECT * FROM library").fetchone()
        hashes = [value for (value,) in records.execute("SELECT content_hash FROM papers")]
        if sorted(hashes) != sorted(content_hash(paper) for _, paper in read_all_papers(records)):
            raise DamagedLibraryError("papers are not as they were written")
        n_passages = records.execute("SELECT count(*) FROM passages").fetchone()[0]
    finally:
        records.close()
    norms = np.linalg.norm(vectors, axis=1)
    if schema != SCHEMA or vectors.shape != (n_passages, dim) or not np.allclose(norms, 1, 0, 1e-3):
        raise DamagedLibraryError("vectors are not as they were written")
    return Manifest(
        schema=schema,
        library=library,
        version=version,
        embedder=embedder,
        dim=dim,
        n_papers=len(hashes),
        n_passages=n_passages,
        digest=library_digest(hashes),
        collection="",
        n_stale=0,
        files={},
    )
