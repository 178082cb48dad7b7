"""What can go wrong, each with one sentence: what failed, the value, what to do.

AssistantError                 exit 2: the user's mistake
├── SettingsError              an unknown or unusable setting
│   └── PromptError            a prompt is missing, malformed or not fit for its task
├── IngestError                nothing could be read from what was given
│   ├── UnreadableError        a whole file cannot be read
│   └── ServiceError           exit 3: a service that papers are asked of cannot be reached
├── QuestionError              a question or option that cannot be asked
├── LibraryError               the library as it is does not allow this: no such paper ...
│   └── DamagedLibraryError    the library's files are not what was published
├── StoreError                 exit 3: the library's storage cannot be reached or written
│   └── LockedError            another process is writing
└── ModelError                 exit 3: an embedding model or LLM is missing or not reachable
    └── ContextOverflowError   what was sent does not fit the LLM's context window
"""

from __future__ import annotations

from assistant.servers.providers import mask_passwords


class AssistantError(Exception):
    """An error meant for the person at the keyboard; its text is one sentence with the remedy.

    Passwords in URLs are masked here, whoever wrote the sentence and whatever it quotes.
    """

    exit_code = 2

    def __init__(self, message: str = "") -> None:
        super().__init__(mask_passwords(message))


class SettingsError(AssistantError):
    """A setting is unknown or its value cannot be used."""


class PromptError(SettingsError):
    """A prompt is missing, malformed, or used with other variables than its task has."""


class IngestError(AssistantError):
    """Nothing could be read from what was given."""


class UnreadableError(IngestError):
    """A whole file cannot be read; ``reason`` is the sentence without the file's name."""

    def __init__(self, file: str, reason: str) -> None:
        name = "standard input" if file == "-" else repr(file)
        super().__init__(f"{name} {reason}")
        self.reason = reason


class ServiceError(IngestError):
    """A service that papers are asked of cannot be reached, or does not answer as it should."""

    exit_code = 3


class QuestionError(AssistantError):
    """A question, or an option of it, cannot be asked as it stands."""


class LibraryError(AssistantError):
    """The library, as it is, does not allow what was asked."""


class DamagedLibraryError(LibraryError):
    """The library's files are not the ones that were published."""


class StoreError(AssistantError):
    """The library's storage cannot be reached, read or written."""

    exit_code = 3


class LockedError(StoreError):
    """Another process is writing to the library."""


class ModelError(AssistantError):
    """An embedding model or LLM is missing, broken or not reachable.

    ``retryable`` says whether the same call may succeed later.
    """

    exit_code = 3

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class ContextOverflowError(ModelError):
    """The prompt and the reply together do not fit the LLM's context window."""
