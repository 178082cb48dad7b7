"""The engine of the newest version of a library, made once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from assistant.configured_models import ConfiguredModels
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answer.engine import Engine
    from assistant.store.snapshot import Snapshot


class CurrentEngine:
    """Makes an engine for a version of the library and keeps it until another one is asked for.

    Any thread may ask: two that ask first get the same one.
    """

    def __init__(self, settings: Settings, models: ConfiguredModels) -> None:
        self._settings = settings
        self._models = models
        self._making = threading.Lock()
        self._engine: Engine | None = None

    def get(self, snapshot: Snapshot) -> Engine:
        """Returns the engine over ``snapshot``.

        Raises:
            ModelError: a model is not usable.
            DamagedLibraryError: the lexical index cannot be read.
        """
        if self._engine is None:
            self._models.embedder.load_ahead()
        # What only lists papers needs neither search nor models.
        from assistant.answer.engine import Engine

        with self._making:
            if self._engine is None or self._engine.snapshot is not snapshot:
                idf = snapshot.lexical.idf
                writer = self._models.make_writer(idf)
                judge = self._models.make_paper_judge(idf)
                embedder = self._models.embedder
                self._engine = Engine(snapshot, embedder, self._settings, writer, judge)
            return self._engine

    def forget(self) -> None:
        """Lets go of the engine and of the version it holds open."""
        with self._making:
            self._engine = None
