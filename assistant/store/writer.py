"""Writing to a library: changes are gathered, merged into a new version, verified, published."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import DamagedLibraryError, LibraryError, StoreError
from assistant.files.disk_space import describe_need, has_room, is_full
from assistant.store.building import build_version
from assistant.store.changes import Changes
from assistant.store.dense import DenseBackend
from assistant.store.locking import FILES_NEEDED, SPARE_BYTES
from assistant.store.records import content_hash, read_keys, read_paper
from assistant.store.snapshot import Snapshot
from assistant.store.versions import Versions
from assistant.types import Paper, Passage

Outcome = Literal["added", "updated", "unchanged"]

_logger = logging.getLogger(__name__)

_NORM_TOLERANCE = 1e-3
_BYTES_PER_PASSAGE = 12_000
"""What a passage takes besides its vectors while a version is built: records, Chroma's copy and
log, BM25. A third more than was measured, since it must not be too little.

Source: measured: evals/lab/store_bench.py (space): 8,900 on a scraped feed, 7,100 on made
papers."""

_VECTOR_COPIES = 3
"""Vectors on disk while a version is built: merged, in Chroma's log, and in its graph."""


class Writer:
    """The one writer of a library, from the taking of its lock to its release.

    What was not committed when the ``with`` block ends, for whatever reason, never happened.
    """

    def __init__(
        self,
        versions: Versions,
        dense: DenseBackend,
        embedder: str,
        base: Snapshot | None,
        resources: ExitStack,
    ) -> None:
        self._versions = versions
        self._dense = dense
        self._embedder = embedder
        self._base = base
        self._resources = resources
        self._version: int | None = None
        self._changes: Changes | None = None
        self._n_changes = 0

    def find_papers(self, key: str, limit: int = -1) -> tuple[str, ...]:
        """Returns the ids of the papers that have ``key``, as they would now be published.

        With ``limit`` of the first so many alone, those put last before the published ones.
        """
        found: list[str] = []
        if self._changes is not None:
            query = (
                "SELECT paper_id FROM keys JOIN papers ON papers.row = keys.paper WHERE key = ?"
                " ORDER BY papers.row DESC LIMIT ?"
            )
            found += [str(i) for (i,) in self._changes.records.execute(query, (key, limit))]
        if self._base is not None and (limit < 0 or len(found) < limit):
            published = self._base.ids_with_key(key, limit)
            found += [paper_id for paper_id in published if not self._is_changed(paper_id)]
        return tuple(found if limit < 0 else found[:limit])

    def keys(self, paper_id: str) -> tuple[str, ...]:
        """Returns the keys of a paper as it would now be published; none where there is none."""
        if self._changes is not None and (row := self._find_staged("row", paper_id)) is not None:
            return read_keys(self._changes.records, int(row))
        if self._base is None or self._is_changed(paper_id):
            return ()
        try:
            return self._base.keys(self._base.row(paper_id))
        except KeyError:
            return ()

    def keys_beginning(self, prefix: str) -> tuple[str, ...]:
        """Returns the published papers' keys that begin with ``prefix``, each once, sorted."""
        return self._base.keys_beginning(prefix) if self._base else ()

    def paper(self, paper_id: str) -> Paper | None:
        """Returns a paper as it would now be published, or None where there is none."""
        found = self._find_staged("record", paper_id)
        if found is not None:
            return read_paper(found)
        if self._base is None or self._is_changed(paper_id):
            return None
        try:
            return self._base.paper(self._base.row(paper_id))
        except KeyError:
            return None

    def is_unchanged(self, paper: Paper) -> bool:
        """Returns whether the library holds exactly this, wherever it was read from."""
        return self.content_hash(paper.paper_id) == content_hash(paper)

    def content_hash(self, paper_id: str) -> str | None:
        """Returns the content hash of a paper as it would now be published, or None.

        It equals ``records.content_hash`` of the same paper.
        """
        found = self._find_staged("content_hash", paper_id)
        if found is not None or self._base is None or self._is_changed(paper_id):
            return found
        return self._base.content_hash(paper_id)

    def sources(self) -> tuple[str, ...]:
        """Returns where the published papers were read from, each once, sorted."""
        return self._base.sources() if self._base else ()

    def papers_of_source(self, source: str) -> tuple[str, ...]:
        """Returns the ids of the papers that were read from ``source``, in row order."""
        query = "SELECT paper_id FROM papers WHERE source = ? ORDER BY row"
        staged: list[str] = []
        if self._changes is not None:
            staged = [str(i) for (i,) in self._changes.records.execute(query, (source,))]
        published = self._base.papers_of_source(source) if self._base else ()
        return (*(i for i in published if not self._is_changed(i)), *staged)

    def upsert(
        self,
        paper: Paper,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        keys: Iterable[str] = (),
        *,
        anew: bool = False,
    ) -> Outcome:
        """Puts a paper into the library, whole, in place of any of its id.

        ``vectors`` is (n_passages, dim) float32, L2-normalised. ``keys`` are what a duplicate
        would share, such as its DOI. A paper whose content is stored already costs nothing,
        unless ``anew``: then its source and keys are written too.

        Raises:
            IngestError: a text cannot be stored.
            LibraryError: there is no passage, or the vectors do not fit the library.
            StoreError: the disk is full or cannot be written.
        """
        known = self.content_hash(paper.paper_id)
        unchanged = known == content_hash(paper)
        if unchanged and not anew:
            return "unchanged"
        _check_vectors(paper, passages, vectors, self._dim(vectors))
        with self._storage():
            self._gather(vectors.shape[1]).put(paper, passages, vectors, keys)
        self._n_changes += 1
        return "added" if known is None else "unchanged" if unchanged else "updated"

    def remove(self, paper_id: str) -> bool:
        """Removes a paper; returns whether there was one."""
        if self.content_hash(paper_id) is None:
            return False
        with self._storage():
            self._gather(self._dim(None)).remove(paper_id)
        self._n_changes += 1
        return True

    def commit(self, *, rebuild: bool = False) -> int | None:
        """Publishes the changes; returns the number of the version that is then current.

        Where nothing has changed nothing is written, unless ``rebuild``, which builds every index
        anew from the papers and vectors of the base. None: the library has never been written.

        Raises:
            StoreError: the disk is full or cannot be written; the library is as it was.
            DamagedLibraryError: what was built does not verify; the library is as it was.
        """
        if not self._n_changes and not rebuild:
            return self._base.version if self._base else None
        with self._storage():
            changes = self._gather(self._dim(None))
            assert self._version is not None  # _gather() began it.
            folder = self._versions.path(self._version)
            self._require_space(folder, changes)
            base = self._base.folder if self._base else None
            build_version(
                folder,
                changes,
                self._dense,
                library=self._versions.folder.name,
                version=self._version,
                embedder=self._embedder,
                base=base,
                base_manifest=self._base.manifest if self._base and not rebuild else None,
            )
            self._versions.publish(self._version)
        published, self._version, self._changes, self._n_changes = self._version, None, None, 0
        _logger.info("published version %d of %r", published, str(self._versions.folder))
        return published

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._discard()
            if self._base is not None:
                self._base.close()
            self._versions.clean()
        finally:
            self._resources.close()

    def _gather(self, dim: int) -> Changes:
        if self._changes is None:
            self._version = self._versions.begin()
            self._changes = Changes(self._versions.path(self._version), dim)
        return self._changes

    def _discard(self) -> None:
        if self._changes is not None:
            self._changes.close()
            self._changes = None
        if self._version is not None:
            self._versions.discard(self._version)
            self._version = None

    def _dim(self, vectors: NDArray[np.float32] | None) -> int:
        if self._base is not None and self._base.manifest.dim:
            return self._base.manifest.dim
        if self._changes is not None:
            return self._changes.dim
        return 0 if vectors is None else int(vectors.shape[-1])

    def _find_staged(
        self, column: Literal["row", "record", "content_hash"], paper_id: str
    ) -> str | None:
        if self._changes is None:
            return None
        query = f"SELECT {column} FROM papers WHERE paper_id = ?"
        found = self._changes.records.execute(query, (paper_id,)).fetchone()
        return None if found is None else str(found[0])

    def _is_changed(self, paper_id: str) -> bool:
        if self._changes is None:
            return False
        return (
            self._changes.is_removed(paper_id) or self._find_staged("record", paper_id) is not None
        )

    def _require_space(self, folder: Path, changes: Changes) -> None:
        if not has_room(folder, self._bytes_needed(changes), FILES_NEEDED):
            raise OSError(errno.ENOSPC, "too little space")

    def _bytes_needed(self, changes: Changes | None) -> int:
        n_passages = self._base.n_passages if self._base else 0
        n_passages += changes.n_passages if changes else 0
        return SPARE_BYTES + n_passages * (
            _BYTES_PER_PASSAGE + _VECTOR_COPIES * 4 * (changes.dim if changes else 0)
        )

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, DamagedLibraryError) as error:
            folder = self._versions.folder
            # Chroma's graph does not notice a full disk; its verification then does.
            if is_full(folder, error):
                need = describe_need(folder, self._bytes_needed(self._changes), FILES_NEEDED, error)
                raise StoreError(
                    f"library {folder.name!r} {need} and run the command again (the library is as "
                    f"it was)"
                ) from error
            if isinstance(error, DamagedLibraryError):
                raise
            raise StoreError(
                f"cannot write to {str(folder)!r}: {error}; make it writable for this user, "
                f"or set ASSISTANT_HOME to another folder"
            ) from error


def _check_vectors(
    paper: Paper, passages: Sequence[Passage], vectors: NDArray[np.float32], dim: int
) -> None:
    if not passages:
        raise LibraryError(f"paper {paper.paper_id!r} has no passage; give it an abstract")
    if vectors.shape != (len(passages), dim):
        raise LibraryError(
            f"paper {paper.paper_id!r} came with vectors of shape {vectors.shape!r} where "
            f"{(len(passages), dim)!r} belongs; use the embedder that the library was built with"
        )
    norms = np.linalg.norm(vectors, axis=1)
    # Written so that a norm that is not a number fails too.
    if not (np.abs(norms - 1) < _NORM_TOLERANCE).all():
        raise LibraryError(
            f"paper {paper.paper_id!r} came with a vector that is not of length 1 "
            f"({norms.tolist()!r}); check the embedding model"
        )
