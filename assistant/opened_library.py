"""The library that the settings name, opened; the starter library where there is none yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

_STARTER_PAPERS = (
    "so this is the starter library of 245 papers on language models, with accounts of their "
    "abstracts"
)


class OpenedLibrary:
    """The store of one library, and what a person should know of it."""

    def __init__(self, settings: Settings, models: ConfiguredModels) -> None:
        close_home(settings.home)
        self._settings = settings
        self._models = models
        self._notices: list[str] = []
        self._store: LibraryStore | None = None
        self._stand_in_notice: str | None = None

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
            self._stand_in_notice = describe_stand_in(name, libraries(self._settings.home))
            self._notices.append(self._stand_in_notice)
            self._turn_to(STARTER)
        if not is_made(self.store):
            load_starter_vectors(self._models.embedder.cache)
            load_starter_words(self._models.embedder.cache)
            make_starter(self.store, make_starter_from)

    def leave_starter(self) -> bool:
        """Turns to the library of the settings and returns whether the starter stood in for it.

        Papers of one's own never join the starter's.
        """
        if self._stand_in_notice is None:
            return False
        self._notices.remove(self._stand_in_notice)
        self._stand_in_notice = None
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


def describe_stand_in(wanted: str, there: Sequence[str]) -> str:
    """Returns why the starter library is asked, and how another of those ``there`` are is."""
    own = [name for name in there if name != STARTER]
    if not own:
        return (
            f"you have no library yet, {_STARTER_PAPERS}; make your own with `assistant ingest "
            "FILE`"
        )
    return (
        f"there is no library {wanted!r}, {_STARTER_PAPERS}; you have {', '.join(own)}: ask one "
        f"with `--library {own[0]}`, or always with `assistant library use {own[0]}`"
    )
