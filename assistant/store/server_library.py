"""A library on a Chroma server, with a mirror of its records on this machine.

The server's pointer says what is current. The mirror holds papers, vectors and BM25 of the
versions that were used here, and is fetched from the server where it lacks one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import portalocker
from portalocker.exceptions import LockException
from typing_extensions import override

from assistant.errors import DamagedLibraryError, LibraryError, LockedError, StoreError
from assistant.files.disk_space import is_full
from assistant.files.private import make_file, make_folder
from assistant.store.building import build_version
from assistant.store.changes import Changes, Merged
from assistant.store.chroma_faults import split_password
from assistant.store.chroma_server import ChromaServer, Progress
from assistant.store.dense import DenseBackend, DenseIndex, StoredPaper
from assistant.store.library import LibraryStore
from assistant.store.locking import (
    is_running,
    make_unwritable_error,
    place_of_this_process,
)
from assistant.store.manifest import SCHEMA, Manifest
from assistant.store.server_versions import ServerVersions
from assistant.store.snapshot import Snapshot
from assistant.store.versions import MANIFEST_FILE, sync_tree
from assistant.store.writer import Writer

_FETCH_PATIENCE_S = 120.0
"""Seconds to wait while another process of this machine fetches the same version."""


class ServerStore(LibraryStore):
    """One library on a Chroma server; any thread may use it.

    One writer at a time holds over all machines: besides the lock of this machine there is one
    on the server. Readers never see a mixture, because a version is a collection of its own.
    """

    def __init__(self, folder: Path, embedder: str, dim: int | None, *, url: str) -> None:
        self._server = ChromaServer(url, folder.name)
        self._mirror = ServerVersions(folder, self._server)
        super().__init__(folder, embedder, dim, versions=self._mirror, dense=self._server)

    def exists(self) -> bool:
        """Returns whether anything was ever ingested into the library."""
        return self._mirror.current() is not None

    def snapshot(self) -> Snapshot:
        """Returns the current version for reading; see ``LibraryStore``.

        Raises:
            StoreError: the server cannot be reached, or has not what was last seen there.
        """
        opened_before = self._snapshot
        snapshot = super().snapshot()
        if snapshot is opened_before:
            self._mirror.require_published(snapshot.manifest)
        return snapshot

    def writer(self, *, replace: bool = False) -> Writer:
        """Returns the library's one writer; see ``LibraryStore``."""
        self._mirror.current()  # Refuses before a lock is written to a server that is not ours.
        return super().writer(replace=replace)

    def restore(self, *, replace: bool = False, progress: Progress | None = None) -> int:
        """Puts the mirror's newest whole version on the server; returns its number of papers.

        It is verified there before anyone reads it, and whatever stops it, the server is as it
        was. Without ``replace`` nothing is put in the place of another library, or of newer papers.

        Raises:
            LibraryError: the mirror has no whole version, the server needs none, or ``replace``.
            LockedError, StoreError: as for ``writer``.
        """
        manifest = self._mirror.newest_whole()
        self._mirror.require_need(manifest, replace=replace)
        with ExitStack() as resources:
            self._lock_for_writing(resources)
            base = Snapshot(self._mirror.path(manifest.version), manifest, self._server)
            self._server.progress = progress
            resources.callback(setattr, self._server, "progress", None)
            args = (self._mirror, self._server, manifest.embedder, base)
            with Writer(*args, resources.pop_all()) as writer:
                writer.commit(rebuild=True)
        return manifest.n_papers

    def close(self) -> None:
        """Closes the cached snapshot and the connection."""
        super().close()
        self._server.close()

    def _damage(self, folder: Path) -> list[str]:
        pointer = self._server.pointer()
        with suppress(DamagedLibraryError):
            if pointer and Manifest.read(folder).collection != pointer.collection:
                return [MANIFEST_FILE]  # Another machine published under this number.
        return super()._damage(folder)

    @override
    def _open(self, notices: list[str], *, locked: bool = False) -> Snapshot:
        opened = super()._open(notices, locked=locked)
        try:
            self._mirror.require_published(opened.manifest)
            self._mirror.remember(opened.manifest)
        except BaseException:
            opened.close()
            raise
        return opened

    @override
    def _mend(self, version: int, damaged: list[str], notices: list[str], locked: bool) -> None:
        self._mirror_version(version)

    @override
    def _fetch(self, version: int) -> None:
        self._mirror_version(version)
        self._mirror.require_published(Manifest.read(self._mirror.path(version)))

    def _mirror_version(self, version: int) -> None:
        """Brings what is current on the server to this machine, where that lacks it."""
        pointer = self._server.pointer()
        folder = self._versions.path(version)
        with self._lock_for_fetching():
            if pointer is None or pointer.version != version or not self._damage(folder):
                return
            self._mirror.require_whole(pointer.collection)  # What is mirrored is removed below.
            published = self._server.metadata(pointer.collection)
            if published.get("schema") != SCHEMA:
                raise LibraryError(
                    f"library {self.name!r} on the server is in format {published.get('schema')}, "
                    f"and this release reads format {SCHEMA}; use one release on all machines"
                )
            if folder.exists():
                shutil.rmtree(folder)
            make_folder(folder)
            changes = Changes(folder, published["dim"])
            for stored in self._server.papers_in(pointer.collection):
                changes.put(stored.paper, stored.passages, stored.vectors, stored.keys)
            manifest = build_version(
                folder,
                changes,
                _Published(self._server, pointer.collection),
                library=self.name,
                version=version,
                embedder=published["embedder"],
                base=None,
                base_manifest=None,
            )
            if manifest.digest != published["digest"]:
                shutil.rmtree(folder)
                raise DamagedLibraryError(
                    f"collection {pointer.collection!r} at {self._server.url!r} is not what was "
                    f"published; run `assistant library reindex` on a machine that has a mirror"
                )
            sync_tree(folder)

    @contextmanager
    def _lock_for_fetching(self) -> Iterator[None]:
        path = self.folder / "fetching"
        try:
            make_folder(self.folder)
            make_file(path)
            with portalocker.Lock(path, "a", timeout=_FETCH_PATIENCE_S):
                yield
        except LockException as error:
            raise LockedError(
                f"another process has been fetching library {self.name!r} for more than "
                f"{_FETCH_PATIENCE_S:.0f} s; wait until it has finished, or stop it"
            ) from error
        except OSError as error:
            if is_full(self.folder, error):
                raise make_unwritable_error(self.folder, self.name, error) from error
            raise StoreError(
                f"cannot write the mirror {str(self.folder)!r}: {error}; make it writable for "
                f"this user, or set ASSISTANT_HOME to another folder"
            ) from error

    @contextmanager
    def _writer_lock(self) -> Iterator[None]:
        local: AbstractContextManager[object] = super()._writer_lock()
        with local:
            here = place_of_this_process()
            mirror = str(self.folder)
            theirs = self._server.holder()
            # The lock of this mirror is ours, so a holder with this very mirror was killed.
            if (
                theirs
                and here.items() <= theirs.items()
                and (theirs["mirror"] == mirror or not is_running(int(theirs["pid"])))
            ):
                self._server.release()
            since = datetime.now(UTC).isoformat(" ", "seconds")
            self._server.acquire({**here, "mirror": mirror, "pid": os.getpid(), "since": since})
            try:
                yield
            finally:
                # A server that is gone keeps the lock; the next writer of this machine takes it.
                with suppress(StoreError):
                    self._server.release()


class _Published(DenseBackend):
    """The vectors of a collection that is on the server already, as a backend to build with."""

    def __init__(self, server: ChromaServer, collection: str) -> None:
        self._server = server
        self._collection = collection

    @override
    def write(
        self,
        folder: Path,
        draft: Manifest,
        new: Merged,
        base: Path | None,
        base_manifest: Manifest | None,
    ) -> Manifest:
        """Writes nothing; see ``DenseBackend``."""
        return replace(draft, collection=self._collection)

    @override
    def open(self, folder: Path, manifest: Manifest) -> DenseIndex:
        """Opens the collection; see ``DenseBackend``."""
        return self._server.open(folder, manifest)

    @override
    def notices(self, folder: Path, manifest: Manifest) -> tuple[str, ...]:
        """Returns nothing; see ``DenseBackend``."""
        return ()

    @override
    def papers(self, folder: Path, manifest: Manifest) -> Iterator[StoredPaper]:
        """Yields the collection's papers; see ``DenseBackend``."""
        return self._server.papers(folder, manifest)


def mirror_folder(home: Path, url: str) -> Path:
    """Returns where the mirrors of the libraries at ``url`` belong; its password is not in it."""
    address, _ = split_password(url.rstrip("/"))
    return home / "mirrors" / re.sub(r"[^A-Za-z0-9.-]+", "_", address)
