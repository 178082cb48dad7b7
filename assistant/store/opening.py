"""Which store a library of the settings is in, opened; and the libraries that there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.errors import LibraryError
from assistant.store.library import LibraryStore
from assistant.store.versions import Versions

_LIBRARIES = "libraries"


def open_store(
    home: Path, library: str, embedder: str, dim: int | None = None, *, chroma_url: str | None
) -> LibraryStore:
    """Returns the store of a library under ``home``, or on the Chroma server at ``chroma_url``."""
    if chroma_url is None:
        return LibraryStore(home / _LIBRARIES / library, embedder, dim)
    # The client of a server takes seconds to import.
    from assistant.store.server_library import ServerStore, mirror_folder

    return ServerStore(mirror_folder(home, chroma_url) / library, embedder, dim, url=chroma_url)


def restore_from_mirror(
    store: LibraryStore, *, replace: bool, progress: Callable[[int, int], None] | None
) -> int:
    """Puts this machine's copy of a library back on its Chroma server; returns its papers' number.

    Raises:
        LibraryError: the library is not on a server, or as for ``ServerStore.restore``.
    """
    from assistant.store.server_library import ServerStore

    if not isinstance(store, ServerStore):
        raise LibraryError(
            f"library {store.name!r} is kept on this machine and has no mirror; set "
            f"ASSISTANT_CHROMA_URL to the server that it is to be put back on"
        )
    return store.restore(replace=replace, progress=progress)


def libraries(home: Path) -> tuple[str, ...]:
    """Returns the names of the libraries under ``home``, sorted; not those on servers."""
    folder = home / _LIBRARIES
    if not folder.is_dir():
        return ()
    return tuple(sorted(p.name for p in folder.iterdir() if Versions(p).is_published()))
