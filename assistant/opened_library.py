"""The library that the settings name, opened; the starter library where there is none yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from assistant.errors import LibraryError
from assistant.files.folders import close_home
from assistant.settings import Settings
from assistant.starter.papers import is_made, load_starter_vectors, make_starter
from assistant.starter.words import load_starter_words
from assistant.store.library import LibraryStore
from assistant.store.opening import libraries, open_store

if TYPE_CHECKING:
    from assistant.configured_models import ConfiguredModels
    from assistant.store.snapshot import Snapshot

STARTER = "starter"
"""The library that ships with the package, used until there is one of the user's own."""

_STARTER_NOTICE = (
    "you have no library yet, so this is the starter library of 245 papers on language models, "
    "with accounts of their abstracts; make your own with `assistant ingest FILE`"
)


class OpenedLibrary:
    """The store of one library, and what a person should know of it."""

    def __init__(self, settings: Settings, models: ConfiguredModels) -> None:
        close_home(settings.home)
        self._settings = settings
        self._models = models
        self._notices: list[str] = []
        self._store: LibraryStore | None = None
        self._is_stand_in = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of the library, each a sentence."""
        return tuple(self._notices)

    @property
    def store(self) -> LibraryStore:
        """The library on disk or on a Chroma server."""
        if self._store is None:
            self._store = self._open(self._settings.library)
        return self._store

    def snapshot(self) -> Snapshot:
        """Returns the newest version of the library, opened for reading."""
        snapshot = self.store.snapshot()
        for notice in snapshot.notices:
            if notice not in self._notices:
                self._notices.append(notice)
        return snapshot

    def require(self, make_starter_from: Callable[[], object]) -> None:
        """Sees to it that there is a library: of the settings, or the starter library.

        Raises:
            LibraryError: the settings name another library than these two, and it is not there.
        """
        with ExitStack() as opened:
            opened.callback(self.close)
            self._require(make_starter_from)
            opened.pop_all()

    def _require(self, make_starter_from: Callable[[], object]) -> None:
        name = self._settings.library
        if name != STARTER and self.store.exists():
            return
        if name not in (Settings.model_fields["library"].default, STARTER):
            known = ", ".join(libraries(self._settings.home)) or "none yet"
            raise LibraryError(
                f"there is no library {name!r} (there are: {known}); make it "
                f"with `assistant ingest FILE --library {name}`"
            )
        if name != STARTER:
            self._notices.append(_STARTER_NOTICE)
            self._is_stand_in = True
            self._turn_to(STARTER)
        if not is_made(self.store):
            load_starter_vectors(self._models.embedder.cache)
            load_starter_words(self._models.embedder.cache)
            make_starter(self.store, make_starter_from)

    def leave_starter(self) -> bool:
        """Turns to the library of the settings and returns whether the starter stood in for it.

        Papers of one's own never join the starter's.
        """
        if not self._is_stand_in:
            return False
        self._is_stand_in = False
        self._notices.remove(_STARTER_NOTICE)
        self._turn_to(self._settings.library)
        return True

    def close(self) -> None:
        """Closes the library's files."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _turn_to(self, name: str) -> None:
        self.close()
        self._store = self._open(name)

    def _open(self, name: str) -> LibraryStore:
        return open_store(
            self._settings.home,
            name,
            self._models.embedder.fingerprint,
            chroma_url=self._settings.chroma_url,
        )
