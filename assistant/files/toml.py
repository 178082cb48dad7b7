"""Settings files as bytes and as TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

_MAX_BYTES = 1_000_000
"""No settings file is this long; what a link leads to may have no end."""


def read_content(path: Path) -> bytes | None:
    """Returns what is in the settings file at ``path``; None where there is none.

    Raises:
        SettingsError: it cannot be read, or is too long for such a file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    if len(content) > _MAX_BYTES:
        raise SettingsError(f"{path}: is longer than {_MAX_BYTES:,} bytes, so no settings file")
    return content


def parse_toml(path: Path, content: bytes) -> dict[str, Any]:
    """Returns the table that ``content`` of the settings file at ``path`` is.

    Raises:
        SettingsError: it is no TOML.
    """
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as such") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
