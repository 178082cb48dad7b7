"""What can be wrong with what a person gives the evals."""

from __future__ import annotations

from assistant import AssistantError


class GoldenError(AssistantError):
    """A golden file, or a suite that lists some, cannot be used as it stands."""


class PairsError(AssistantError):
    """A file of labelled pairs cannot be used; its text says where and what to do."""


def make_unwritable_error(what: str, error: OSError) -> GoldenError:
    """Returns the error of a file or folder, named in words, that cannot be written."""
    return GoldenError(f"{what} cannot be written: {error.strerror}; name another place")
