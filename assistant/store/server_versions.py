"""The versions of a library on a Chroma server: the server's pointer, and this machine's mirror."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from assistant.errors import DamagedLibraryError, LibraryError, StoreError
from assistant.files.private import make_folder
from assistant.store.chroma_server import ChromaServer, Held
from assistant.store.last_seen import (
    LastSeen,
    find_mismatch,
    is_of_this_library,
    read_last_seen,
)
from assistant.store.manifest import SCHEMA, Manifest
from assistant.store.mending import damage
from assistant.store.versions import Versions, sync_tree


class ServerVersions(Versions):
    """Versions whose folders are a mirror and whose pointer is the server's.

    The mirror remembers what was last seen of the server, so that one that comes back empty, or
    with something else, is not taken for the library.
    """

    def __init__(self, folder: Path, server: ChromaServer) -> None:
        super().__init__(folder)
        self._server = server
        self._memory = folder / "last_seen.json"

    def current(self) -> int | None:
        """Returns the number of the version that the server points to.

        Raises:
            StoreError: the server no longer has the library that was seen there.
        """
        seen = self.last_seen()  # Read first: what is published meanwhile is newer than it.
        pointer = self._server.pointer()
        mismatch = find_mismatch(seen, pointer)
        if mismatch:
            raise self.refusal(mismatch)
        return pointer.version if pointer else None

    def last_seen(self) -> LastSeen | None:
        """Returns what was last seen of the library on the server; None where nothing ever was."""
        seen = read_last_seen(self._memory)
        if seen is None:
            # An earlier release has remembered nothing but what it mirrored.
            for version in self.complete():
                with suppress(DamagedLibraryError):
                    return LastSeen(version, Manifest.read(self.path(version)).n_papers)
        return seen

    def remember(self, manifest: Manifest) -> None:
        """Remembers the version of ``manifest`` as what the server has."""
        seen = self.last_seen()
        if seen and seen.collection and seen.version >= manifest.version:
            return
        pointer = self._server.pointer()
        if pointer and pointer.collection == manifest.collection:
            place = (manifest.collection, pointer.lineage)
            LastSeen(manifest.version, manifest.n_papers, *place).write(self._memory)

    def refusal(self, mismatch: str) -> StoreError:
        """Returns the error of a server that ``mismatch``, a verb and its object."""
        seen, name = self.last_seen(), self.folder.name
        if seen is None or not seen.version:
            return StoreError(
                f"the Chroma server at {self._server.url!r} {mismatch} (library {name!r}); start "
                f"the server over its own folder again, or run `assistant library restore "
                f"--from-mirror --library {name}` on a machine that has read the library before"
            )
        papers = f"{seen.n_papers:,} paper{'' if seen.n_papers == 1 else 's'}"
        return StoreError(
            f"the Chroma server at {self._server.url!r} {mismatch}, where version {seen.version} "
            f"of library {name!r} ({papers}) was last seen; start the server over its own folder "
            f"again, or put this machine's copy there with `assistant library restore "
            f"--from-mirror --library {name}`, or, to take what the server has, move "
            f"{str(self.folder)!r} away"
        )

    def require_published(self, manifest: Manifest) -> None:
        """Sees to it that the server has all of the version that ``manifest`` is of.

        Raises:
            StoreError: it lacks the collection, or some of it.
        """
        held = self._server.holding(manifest.collection)
        if held and (held.n_passages, held.digest) == (manifest.n_passages, manifest.digest):
            return
        pointer = self._server.pointer()
        if pointer is None or pointer.collection == manifest.collection:
            raise self.refusal(_say_held(held, manifest.n_passages))
        # Newer versions were published since it was opened; who reads again gets one of them.

    def require_whole(self, collection: str) -> None:
        """Sees to it that a collection has all that was published in it.

        Raises:
            StoreError: it lacks some of it.
        """
        held = self._server.holding(collection)
        if held is None or held.n_passages != held.n_published:
            raise self.refusal(_say_held(held, held.n_published if held else 0))

    def newest_whole(self) -> Manifest:
        """Returns the manifest of the mirrored version that was seen last, else the newest whole.

        Raises:
            LibraryError: there is none.
        """
        seen = self.last_seen()
        for version in (*([seen.version] if seen else []), *reversed(self.complete())):
            folder = self.path(version)
            if not damage(folder, full=True) and Manifest.read(folder).schema == SCHEMA:
                return Manifest.read(folder)
        raise LibraryError(
            f"this machine has no whole copy of library {self.folder.name!r} to restore (it would "
            f"be in {str(self.folder)!r}); ingest its sources again"
        )

    def require_need(self, manifest: Manifest, *, replace: bool) -> None:
        """Sees to it that the server needs the mirrored version, and loses nothing by it.

        Raises:
            LibraryError: it has it already; or it has another library or newer papers, and these
                are not to be replaced.
        """
        seen, pointer = self.last_seen(), self._server.pointer()
        if pointer is None:
            return
        name, url = self.folder.name, self._server.url
        is_ours = seen is None or is_of_this_library(seen, pointer)
        held = self._server.holding(pointer.collection)
        is_whole = held is not None and held.n_passages == held.n_published
        if is_whole and find_mismatch(seen, pointer) is None:
            raise LibraryError(
                f"nothing to restore: the Chroma server at {url!r} has library {name!r} whole "
                f"(version {pointer.version}); ask away"
            )
        if replace or (is_ours and pointer.version <= manifest.version):
            return
        theirs = "newer papers" if is_ours else "another library of that name"
        raise LibraryError(
            f"the Chroma server at {url!r} has {theirs} (version {pointer.version} of {name!r}); "
            f"to put this machine's {manifest.n_papers:,} papers in their place add --replace"
        )

    def begin(self) -> int:
        """Makes an empty folder for the next version and returns its number."""
        seen, pointer = self.last_seen(), self._server.pointer()
        if seen is None:
            # So that a first version that was built and not published is not taken for a lost one.
            LastSeen(0).write(self._memory)
        known = (seen.version if seen else 0, pointer.version if pointer else 0)
        version = max(*self.numbers(), self._server.newest(), *known) + 1
        make_folder(self.path(version))
        return version

    def publish(self, version: int) -> None:
        """Makes ``version`` the current one on the server."""
        sync_tree(self.path(version))
        manifest = Manifest.read(self.path(version))
        seen, pointer = self.last_seen(), self._server.pointer()
        known = (seen.lineage if seen else "") or (pointer.lineage if pointer else "")
        self._server.point_to(version, manifest.collection, known or secrets.token_hex(8))
        self.remember(manifest)

    def clean(self) -> None:
        """Removes leftovers and old versions, here and on the server."""
        # What is left over costs space only; the next writer tries again.
        with suppress(StoreError):
            super().clean()
            self._server.clean()


def _say_held(held: Held | None, n_passages: int) -> str:
    """Returns what of a collection the server has, as ``ServerVersions.refusal`` takes it."""
    if held is None:
        return "has lost the library's papers"
    return f"holds {held.n_passages:,} of {n_passages:,} passages"
