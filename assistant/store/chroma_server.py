"""Chroma served over HTTP: a collection for each version, and a pointer to the current one.

Chroma's own client sets no time limit and, when made, waits for the server without one. So the
calls go through its server interface with limits on the connection beneath.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from assistant.errors import LibraryError, LockedError, SettingsError, StoreError
from assistant.store.changes import Merged
from assistant.store.chroma import ChromaError, Collection, GivenSettings, NotFoundError, System
from assistant.store.chroma_faults import explain, is_reply_fault, split_password
from assistant.store.chroma_records import HNSW, batches, read_collection
from assistant.store.dense import DenseBackend, DenseIndex, StoredPaper
from assistant.store.last_seen import Pointer
from assistant.store.manifest import Manifest

# isort: split
from chromadb.api.fastapi import FastAPI  # After assistant.store.chroma, which says why.

_READ_LIMIT_S = 3.0
"""Seconds until a server that does not answer counts as unreachable: with the start of a command,
the person learns it within 5."""

_SEARCH_LIMIT_S = 4.5
"""Seconds for a search: the first one makes the server read the graph."""

_WRITE_LIMIT_S = 60.0
"""Seconds for a batch of records. The last one makes the server write the whole graph.

Source: measured: evals/lab/store_bench.py (recall 100000): 3.4 s, in a folder."""

_API = "chromadb.api.fastapi.FastAPI"
_IN_URL = 0
"""Chroma requires a port in its settings and does not use it where the host is a whole URL."""

_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections/"
_PAGE = 1000

Progress = Callable[[int, int], None]
"""Told how many passages of how many have been sent."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many passages a collection holds now, and what was published in it."""

    n_passages: int
    n_published: int
    digest: str


class ChromaServer(DenseBackend):
    """One library on a Chroma server; keeps the vectors of its versions.

    Collections are called ``<library>-v<n>-<random>``. ``<library>-current`` has the pointer as
    its metadata, which the server replaces in one transaction. ``<library>-lock`` exists while
    the library is being written: the server makes a collection of one name only once.
    """

    def __init__(self, url: str, library: str) -> None:
        """Connects nothing yet.

        Raises:
            SettingsError: Chroma allows no collection of the library's name.
        """
        if ".." in library:
            raise SettingsError(
                f"library {library!r} cannot be kept on a Chroma server, which allows no '..' in "
                f"a name; choose another name"
            )
        self.url, self._headers = split_password(url.rstrip("/"))
        self.library = library
        self.progress: Progress | None = None
        system = System(
            GivenSettings(
                chroma_api_impl=_API,
                chroma_server_host=self.url,
                chroma_server_http_port=_IN_URL,
                chroma_server_headers={**self._headers},
            )
        )
        self._token = ""
        self._system = system
        self._api: FastAPI = system.instance(FastAPI)
        self._api._session.timeout = httpx.Timeout(_READ_LIMIT_S)
        # Chroma's parts refer to each other: forgotten, they would keep the connection open.
        weakref.finalize(self, self._api._session.close).atexit = False
        system.start()

    def pointer(self) -> Pointer | None:
        """Returns the current version, or None where the library was never published.

        Raises:
            StoreError: the server cannot be reached.
        """
        with self._translate_errors():
            try:
                model = self._api.get_collection(self._name("current"))
            except NotFoundError:
                return None
        metadata: dict[str, Any] = dict(model.metadata or {})
        if not metadata:
            return None  # The collection is made first and pointed with afterwards.
        try:
            return Pointer(
                int(metadata["version"]),
                str(metadata["collection"]),
                str(metadata["previous"]),
                str(metadata.get("lineage", "")),
            )
        except (KeyError, ValueError) as error:
            raise StoreError(
                f"collection {self._name('current')!r} at {self.url!r} was not written by "
                f"abstract-assistant; rename it, or choose another library"
            ) from error

    def point_to(self, version: int, collection: str, lineage: str) -> None:
        """Makes ``version`` the current one for everyone.

        Raises:
            LockedError: the lock that ``acquire`` took has been taken away.
        """
        theirs = self.holder()
        if theirs is None or theirs.get("token") != self._token:
            raise LockedError(
                f"library {self.library!r} at {self.url!r} was taken over by another writer "
                f"({theirs!r}); run the command again"
            )
        now = self.pointer()
        with self._translate_errors():
            model = self._api.create_collection(self._name("current"), get_or_create=True)
            pointer = {
                "version": version,
                "collection": collection,
                "previous": now.collection if now else "",
                "lineage": lineage,
            }
            Collection(self._api, model, embedding_function=None).modify(metadata=pointer)

    def clean(self) -> None:
        """Deletes what no reader can need: all but the current collection and the one before."""
        pointer = self.pointer()
        kept = {pointer.collection, pointer.previous} if pointer else set()
        with self._translate_errors():
            for name in self._collections():
                if name not in kept:
                    self._api.delete_collection(name)

    def newest(self) -> int:
        """Returns the highest version number that any collection bears; 0 where there is none."""
        with self._translate_errors():
            names = self._collections()
        return max((int(name.rsplit("-", 2)[1].removeprefix("v")) for name in names), default=0)

    def metadata(self, collection: str) -> dict[str, Any]:
        """Returns what was published with a collection: schema, embedder, dim, counts, digest."""
        with self._translate_errors():
            return dict(self._collection(collection).metadata or {})

    def holding(self, collection: str) -> Held | None:
        """Returns what a collection holds, or None where there is no such collection."""
        with self._translate_errors():
            try:
                found = self._collection(collection)
                published = found.metadata or {}
                return Held(
                    int(found.count()),
                    int(published.get("n_passages", 0)),
                    str(published.get("digest", "")),
                )
            except NotFoundError:
                return None

    def acquire(self, holder: dict[str, str | int]) -> None:
        """Takes the server's lock on the library; ``holder`` is what others are told.

        Raises:
            LockedError: someone else holds it.
        """
        self._token = secrets.token_hex(8)
        with self._translate_errors():
            try:
                self._api.create_collection(
                    self._name("lock"), metadata={**holder, "token": self._token}
                )
            except ChromaError as error:
                theirs = self.holder()
                if theirs is None:
                    raise StoreError(
                        f"Chroma at {self.url!r} refuses to lock library {self.library!r} "
                        f"({error}); try again"
                    ) from error
                raise LockedError(
                    f"library {self.library!r} is being written by PID {theirs.get('pid')} on "
                    f"{theirs.get('host')!r} since {theirs.get('since')}; wait until it has "
                    f"finished, or, if that process is gone, run "
                    f"`curl {'-u USER ' if self._headers else ''}-X DELETE "
                    f"{self.url}{_COLLECTIONS}{self._name('lock')}`"
                ) from error

    def holder(self) -> dict[str, Any] | None:
        """Returns what the holder of the server's lock said of itself, or None."""
        with self._translate_errors():
            try:
                return dict(self._api.get_collection(self._name("lock")).metadata or {})
            except NotFoundError:
                return None

    def release(self) -> None:
        """Gives the server's lock back, whoever took it."""
        with self._translate_errors(), contextlib.suppress(NotFoundError):
            self._api.delete_collection(self._name("lock"))

    @override
    def write(
        self,
        folder: Path,
        draft: Manifest,
        new: Merged,
        base: Path | None,
        base_manifest: Manifest | None,
    ) -> Manifest:
        """Uploads the version in ``folder`` as a new collection; see ``DenseBackend``."""
        name = self._name(f"v{draft.version}-{secrets.token_hex(4)}")
        with self._translate_errors():
            model = self._api.create_collection(
                name,
                configuration={"hnsw": {**HNSW, "sync_threshold": max(new.n_passages, 1)}},
                metadata={
                    "schema": draft.schema,
                    "embedder": draft.embedder,
                    "dim": draft.dim,
                    "n_papers": draft.n_papers,
                    "n_passages": draft.n_passages,
                    "digest": draft.digest,
                },
            )
            collection = Collection(self._api, model, embedding_function=None)
            done = 0
            for batch in batches(folder, None):
                self._api.heartbeat()  # Notices a frozen server sooner than a batch may take.
                with self._patience(_WRITE_LIMIT_S):
                    collection.add(batch.ids, batch.vectors, batch.metadatas)
                done += len(batch.ids)
                if self.progress is not None:
                    self.progress(done, new.n_passages)
        return replace(draft, collection=name)

    @override
    def open(self, folder: Path, manifest: Manifest) -> DenseIndex:
        """Opens the vectors of a version; see ``DenseBackend``."""
        with self._translate_errors():
            return ServerIndex(self, self._collection(manifest.collection))

    @override
    def notices(self, folder: Path, manifest: Manifest) -> tuple[str, ...]:
        """Returns nothing: a server searches for everyone alike; see ``DenseBackend``."""
        return ()

    @override
    def papers(self, folder: Path, manifest: Manifest) -> Iterator[StoredPaper]:
        """Yields every paper as it is kept beside the vectors."""
        return self.papers_in(manifest.collection)

    def papers_in(self, collection: str) -> Iterator[StoredPaper]:
        """Yields every paper of a collection."""
        with self._translate_errors():
            yield from read_collection(self._collection(collection))

    def count(self, collection: Collection) -> int:
        """Returns how many vectors a collection holds."""
        with self._translate_errors():
            return int(collection.count())

    def nearest(
        self, collection: Collection, vector: NDArray[np.float32], top_k: int
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the passage ids nearest to ``vector`` and their cosines, best first."""
        with self._translate_errors(), self._patience(_SEARCH_LIMIT_S):
            found = collection.query(
                query_embeddings=vector, n_results=top_k, include=["distances"]
            )
        distances = np.asarray((found["distances"] or [[]])[0], dtype=np.float32)
        return found["ids"][0], np.float32(1) - distances

    def close(self) -> None:
        """Closes the connection."""
        self._system.stop()
        self._api._session.close()

    def _name(self, part: str) -> str:
        return f"{self.library}-{part}"

    def _collections(self) -> list[str]:
        """Returns the names of the collections that hold versions of this library."""
        names: list[str] = []
        # Whole names: a library may be called as another one's collections begin ("a", "a-v1").
        own = re.compile(rf"{re.escape(self._name('v'))}\d+-[0-9a-f]{{8}}")
        while True:
            page = self._api.list_collections(limit=_PAGE, offset=len(names))
            names += [model.name for model in page]
            if len(page) < _PAGE:
                break
        return [name for name in names if own.fullmatch(name)]

    def _collection(self, name: str) -> Collection:
        return Collection(self._api, self._api.get_collection(name), embedding_function=None)

    @contextmanager
    def _patience(self, limit_s: float) -> Iterator[None]:
        session = self._api._session
        session.timeout = httpx.Timeout(limit_s)
        try:
            yield
        finally:
            session.timeout = httpx.Timeout(_READ_LIMIT_S)

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except NotFoundError as error:
            raise LibraryError(
                f"library {self.library!r} at {self.url!r} has been written twice since it was "
                f"opened; ask again"
            ) from error
        except Exception as error:
            if not is_reply_fault(error):
                raise
            raise explain(self.url, self._headers, error, _READ_LIMIT_S) from error


class ServerIndex:
    """The collection of one version, ready for searching."""

    def __init__(self, server: ChromaServer, collection: Collection) -> None:
        self._server = server
        self._collection = collection

    def count(self) -> int:
        """Returns how many vectors it holds."""
        return self._server.count(self._collection)

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the passage ids nearest to ``vector`` and their cosines, best first."""
        return self._server.nearest(self._collection, vector, top_k)

    def close(self) -> None:
        """Does nothing: the connection is the server's."""
