"""The library that the page is over, shared by everybody who looks at it."""

from __future__ import annotations

import threading

from assistant_ui.chat.example_questions import ExampleQuestions

from assistant import Assistant, Settings


class OpenLibrary:
    """One ``Assistant`` for all threads; opened anew where an ingestion makes another library."""

    def __init__(self, settings: Settings) -> None:
        """Opens the library that ``settings`` name.

        Raises:
            SettingsError, LibraryError, StoreError: as ``Assistant.open``.
        """
        self.settings = settings
        self._lock = threading.Lock()
        self._assistant = Assistant.open(settings)
        self._examples = ExampleQuestions()

    @property
    def assistant(self) -> Assistant:
        """The assistant in use; changes of the library by other processes are seen by it."""
        return self._assistant

    def reopen(self) -> None:
        """Opens the library again: after the first ingestion it is no longer the starter one.

        The assistant before it stays open for those who are still being answered.
        """
        with self._lock:
            self._assistant = Assistant.open(self.settings)

    def examples(self) -> list[str]:
        """Returns questions that the library answers; the first call takes seconds."""
        return self._examples.of(self._assistant)

    def examples_found(self) -> list[str] | None:
        """Returns the questions of ``examples``; None where they are still to be found."""
        return self._examples.found(self._assistant)
