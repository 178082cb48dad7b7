"""A library on disk: opened for reading as immutable snapshots, written by one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from assistant.errors import DamagedLibraryError, LibraryError, LockedError, StoreError
from assistant.files.disk_space import is_full
from assistant.files.private import make_folder
from assistant.store.dense import DenseBackend
from assistant.store.locking import Patience, WriterLock, make_unwritable_error
from assistant.store.manifest import SCHEMA, Manifest
from assistant.store.mending import damage, find_newest_whole, repair, restore_pointer
from assistant.store.records import RECORDS_FILE, open_records, read_all_papers, read_keys
from assistant.store.snapshot import Snapshot
from assistant.store.verification import verify
from assistant.store.versions import MANIFEST_FILE, Versions
from assistant.store.writer import Writer
from assistant.types import Paper, Passage

EmbeddedPassages = tuple[tuple[Passage, ...], NDArray[np.float32]]
"""The passages of a paper and their vectors, (n_passages, dim) float32, L2-normalised."""

_REINDEX_BATCH = 256


class LibraryStore:
    """One library; any thread may use it.

    ``embedder`` is the fingerprint of the configured embedder. ``dim`` is its dimension where
    that is known without asking it.
    """

    def __init__(
        self,
        folder: Path,
        embedder: str,
        dim: int | None = None,
        *,
        versions: Versions | None = None,
        dense: DenseBackend | None = None,
    ) -> None:
        self.name = folder.name
        self.folder = folder
        self._embedder = embedder
        self._dim = dim
        self._versions = versions or Versions(folder)
        self._given_dense = dense
        self._lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        self.patience = Patience()

    @property
    def _dense(self) -> DenseBackend:
        if self._given_dense is None:
            # Chroma takes seconds to import; what only lists papers never comes here.
            from assistant.store.chroma_folder import ChromaFolder

            self._given_dense = ChromaFolder()
        return self._given_dense

    def exists(self) -> bool:
        """Returns whether anything was ever ingested into the library."""
        return self._versions.is_published()

    def snapshot(self) -> Snapshot:
        """Returns the current version for reading; the same object while it is current.

        What is damaged is rebuilt first, without embedding; the snapshot's notices say so.

        Raises:
            LibraryError: there is no library, or another embedder or release wrote it.
            DamagedLibraryError: the library is damaged and cannot be rebuilt.
            StoreError: its files cannot be read.
        """
        with self._lock:
            notices: list[str] = []
            version = self._current(notices)
            if version is None:
                raise LibraryError(
                    f"there is no library {self.name!r} in {str(self.folder.parent)!r}; make it "
                    f"with `assistant ingest FILE`"
                )
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = self._open(notices)
            return self._snapshot

    def writer(self, *, replace: bool = False) -> Writer:
        """Returns the library's one writer, for use in a ``with`` block.

        With ``replace`` it starts from nothing: only what is upserted will be in the library.

        Raises:
            LockedError: another process is writing.
            LibraryError, DamagedLibraryError, StoreError: as for ``snapshot``.
        """
        with ExitStack() as resources:
            self._lock_for_writing(resources)
            notices: list[str] = []
            base = None
            if self._current(notices, locked=True) is not None and not replace:
                base = self._open(notices, locked=True)
            self._versions.clean()
            return Writer(self._versions, self._dense, self._embedder, base, resources.pop_all())

    def clear_leftovers(self) -> None:
        """Removes what a writer that was killed has left; nothing while another one writes.

        Raises:
            StoreError, DamagedLibraryError: as for ``writer``.
        """
        with suppress(LockedError), self._writer_lock():
            self._versions.clean()

    def reindex(
        self,
        embed: Callable[[Sequence[Paper]], Sequence[EmbeddedPassages]],
        progress: Callable[[int, int], None] | None = None,
    ) -> int | None:
        """Rebuilds the library from its papers, with the configured embedder.

        ``embed`` returns the passages and vectors of each paper it is given. ``progress`` is told
        how many papers of how many are done. Returns the new version's number.

        Raises:
            LibraryError: there is no library, or a newer release wrote it.
        """
        with self.writer(replace=True) as writer:
            version = self._versions.current()
            if version is None:
                raise LibraryError(
                    f"there is no library {self.name!r} to reindex; make it with "
                    f"`assistant ingest FILE`"
                )
            version = self._with_whole_records(version)
            self._refuse_newer(Manifest.read(self._versions.path(version)))
            done = 0
            for papers, keys, total in self._read_stored(version):
                for paper, key, (passages, vectors) in zip(
                    papers, keys, embed(papers), strict=True
                ):
                    writer.upsert(paper, passages, vectors, key)
                done += len(papers)
                if progress is not None:
                    progress(done, total)
            return writer.commit(rebuild=True)

    def check(self) -> tuple[str, ...]:
        """Returns what is wrong with the current version, having read every byte of it.

        Nothing is mended; the next ``snapshot`` does that.

        Raises:
            LibraryError: another embedder or release wrote it.
        """
        try:
            version = self._versions.current()
            if version is None:
                return ()
            self._fetch(version)
            folder = self._versions.path(version)
            damaged = damage(folder, full=True)
            if damaged:
                return tuple(f"{str(folder / name)!r} is not as published" for name in damaged)
            manifest = Manifest.read(folder)
            self._refuse_foreign(manifest)
            snapshot = Snapshot(folder, manifest, self._dense)
            try:
                verify(snapshot)
            finally:
                snapshot.close()
        except DamagedLibraryError as error:
            return (str(error),)
        return ()

    def close(self) -> None:
        """Closes the cached snapshot; the store may still be used."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
                self._snapshot = None

    def __enter__(self) -> LibraryStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _current(self, notices: list[str], *, locked: bool = False) -> int | None:
        """Returns the current version; mends a pointer that names none.

        Who may not write, or not now, goes on with the newest whole version all the same.
        """
        try:
            return self._versions.current()
        except DamagedLibraryError:
            with ExitStack() as lock:
                try:
                    if not locked:
                        lock.enter_context(self._writer_lock())
                except StoreError:
                    return self._find_version(notices)
                try:
                    return self._versions.current()  # Another process may have mended it.
                except DamagedLibraryError:
                    notices.append(restore_pointer(self._versions))
            return self._versions.current()
        except OSError as error:
            raise StoreError(
                f"cannot read library {self.name!r} in {str(self.folder)!r}: {error.strerror}; "
                f"make it readable for this user"
            ) from error

    def _find_version(self, notices: list[str]) -> int:
        """Returns the version that stands in for the one that the pointer fails to name."""
        if self._snapshot is not None:
            return self._snapshot.version
        version, notice = find_newest_whole(self._versions)
        if notice not in notices:
            notices.append(notice)
        return version

    def _open(self, notices: list[str], *, locked: bool = False) -> Snapshot:
        """Opens whatever version is current once it is held, so that no writer removes it."""
        while True:
            version = self._current(notices, locked=locked)
            assert version is not None  # Published once, a library never loses its pointer again.
            hold = self._versions.hold(version)
            try:
                if self._current(notices, locked=locked) != version:
                    continue
                folder = self._versions.path(version)
                damaged = self._damage(folder)
                if not damaged and hold is not None:
                    manifest = Manifest.read(folder)
                    self._refuse_foreign(manifest)
                    opened = Snapshot(folder, manifest, self._dense, hold, notices)
                    hold = None
                    return opened
            finally:
                if hold is not None:
                    hold.release()
            self._mend(version, damaged, notices, locked)

    def _mend(self, version: int, damaged: list[str], notices: list[str], locked: bool) -> None:
        with self._lock_for_mending(locked, ", ".join(damaged)):
            # Another process may have mended it, or written, before the lock was ours.
            folder = self._versions.path(version)
            if self._versions.current() != version or not self._damage(folder):
                return
            try:
                notices.append(repair(self._versions, self._dense, version, damaged))
            except DamagedLibraryError as beyond_repair:
                try:
                    notices.append(restore_pointer(self._versions))
                except DamagedLibraryError:
                    raise beyond_repair from beyond_repair.__cause__
                notices.append(
                    f"version {version} of library {self.name!r} is damaged beyond repair "
                    f"({', '.join(damaged)}); ingest again what it had added"
                )

    def _with_whole_records(self, version: int) -> int:
        """Returns the version to read papers from: this one, or the one that mends it."""
        self._fetch(version)
        damaged = self._damage(self._versions.path(version))
        if {RECORDS_FILE, MANIFEST_FILE}.isdisjoint(damaged):
            return version
        self._mend(version, damaged, [], locked=True)
        mended = self._versions.current()
        assert mended is not None  # Published once, a library never loses its pointer again.
        return mended

    def _fetch(self, version: int) -> None:
        """Sees to it that the version's records are on this machine."""

    def _damage(self, folder: Path) -> list[str]:
        return damage(folder)

    def _lock_for_mending(self, locked: bool, damaged: str) -> ExitStack:
        stack = ExitStack()
        if not locked:
            try:
                stack.enter_context(self._writer_lock())
            except LockedError:
                raise
            except StoreError as error:
                raise DamagedLibraryError(
                    f"library {self.name!r} is damaged ({damaged}) and {str(self.folder)!r} cannot "
                    f"be written to mend it; run `assistant doctor` as a user who may write there"
                ) from error
        return stack

    def _lock_for_writing(self, resources: ExitStack) -> None:
        self.patience.take(lambda: resources.enter_context(self._writer_lock()))

    def _writer_lock(self) -> AbstractContextManager[object]:
        try:
            make_folder(self.folder)
        except OSError as error:
            if is_full(self.folder, error):
                raise make_unwritable_error(self.folder, self.name, error) from error
            raise StoreError(
                f"cannot make {str(self.folder)!r}: {error.strerror}; make "
                f"{str(self.folder.parent)!r} writable for this user, or set ASSISTANT_HOME to "
                f"another folder"
            ) from error
        return WriterLock(self._versions.lock_path, self.name)

    def _refuse_foreign(self, manifest: Manifest) -> None:
        self._refuse_newer(manifest)
        if manifest.schema < SCHEMA:
            raise LibraryError(
                f"library {self.name!r} is in the older format {manifest.schema}; run "
                f"`assistant library reindex` to bring it to format {SCHEMA}"
            )
        if manifest.embedder != self._embedder or (
            manifest.dim and self._dim not in (None, manifest.dim)
        ):
            raise LibraryError(
                f"library {self.name!r} was built with {manifest.embedder!r} ({manifest.dim} "
                f"dimensions), but {self._embedder!r} ({self._dim or 'unknown'} dimensions) is "
                f"configured; set ASSISTANT_EMBEDDING to what it was built with, or run "
                f"`assistant library reindex`"
            )

    def _refuse_newer(self, manifest: Manifest) -> None:
        if manifest.schema > SCHEMA:
            raise LibraryError(
                f"library {self.name!r} is in format {manifest.schema}, written by a newer "
                f"release, and this one reads format {SCHEMA}; upgrade abstract-assistant"
            )

    def _read_stored(
        self, version: int
    ) -> Iterator[tuple[list[Paper], list[tuple[str, ...]], int]]:
        """Yields batches of papers and their keys, and the number of all, from the records."""
        records = open_records(self._versions.path(version) / RECORDS_FILE)
        try:
            (total,) = records.execute("SELECT count(*) FROM papers").fetchone()
            papers: list[Paper] = []
            keys: list[tuple[str, ...]] = []
            for row, paper in read_all_papers(records):
                papers.append(paper)
                keys.append(read_keys(records, row))
                if len(papers) == _REINDEX_BATCH:
                    yield papers, keys, total
                    papers, keys = [], []
            if papers:
                yield papers, keys, total
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            raise DamagedLibraryError(
                f"the papers of library {self.name!r} cannot be read ({error}); move "
                f"{str(self.folder)!r} away and ingest its sources again"
            ) from error
        finally:
            records.close()
