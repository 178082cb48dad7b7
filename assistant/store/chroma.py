"""Chroma, set by what is given to it here and by nothing else.

Chroma also takes settings from variables and from the working folder's ``.env``, by names that
other programs use too (``MIGRATIONS``). They could name a host for its traces or a class to import,
end the check of TLS, or keep Chroma from starting. Its import alone reads them, so this module is
imported before any of Chroma's.
"""

from __future__ import annotations

import sys
from types import ModuleType

import wrapt
from pydantic_settings import PydanticBaseSettingsSource


def _given_alone(
    *_: object, init_settings: PydanticBaseSettingsSource, **__: object
) -> tuple[PydanticBaseSettingsSource, ...]:
    """Returns where settings come from, in the place of pydantic-settings' own choice."""
    return (init_settings,)


def _read_nothing_else(config: ModuleType) -> None:
    config.Settings.settings_customise_sources = classmethod(_given_alone)


def _read_as_before(chroma: ModuleType) -> None:
    # A program that uses Chroma besides sets its own as it is used to.
    del chroma.config.Settings.settings_customise_sources


if "chromadb" not in sys.modules:
    wrapt.register_post_import_hook(_read_nothing_else, "chromadb.config")
    wrapt.register_post_import_hook(_read_as_before, "chromadb")

from chromadb import Collection  # noqa: E402
from chromadb.api.client import Client  # noqa: E402
from chromadb.config import Settings, System  # noqa: E402
from chromadb.errors import ChromaError, NotFoundError  # noqa: E402

__all__ = [
    "ChromaError",
    "Client",
    "Collection",
    "GivenSettings",
    "NotFoundError",
    "System",
]


class GivenSettings(Settings):
    """Settings of a Chroma client: what is given, and else Chroma's defaults."""

    anonymized_telemetry: bool = False
    settings_customise_sources = classmethod(_given_alone)  # type: ignore[assignment, var-annotated]
