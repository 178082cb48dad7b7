"""The library that a home folder's owner has chosen to use where none is named."""

from __future__ import annotations

import os
import re
from pathlib import Path

from assistant.errors import SettingsError
from assistant.files.folders import find_home
from assistant.files.private import make_folder, write_whole
from assistant.files.toml import parse_toml, read_content

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
"""A folder name on every system, and with its version a valid Chroma collection name."""

_FILE = "library.toml"
_KEY = "library"


def read_chosen(home: object) -> dict[str, str]:
    """Returns the settings layer of ``home``: its library, or nothing where none was chosen.

    It is kept with the libraries, for their names are those of one home: where that is None, the
    one that is used then. A home that cannot be read is told of when its library is opened.

    Raises:
        SettingsError: the file there is not what ``choose`` writes.
    """
    if not isinstance(home, str | Path | None):
        return {}
    path = (find_home() if home is None else Path(home).expanduser()) / _FILE
    if not os.path.isfile(path):  # noqa: PTH113 - pathlib's raises where a folder is closed
        return {}
    values = parse_toml(path, read_content(path) or b"")
    name = values.get(_KEY)
    if values.keys() != {_KEY} or not isinstance(name, str) or not re.fullmatch(NAME_PATTERN, name):
        raise SettingsError(
            f"{path}: does not name a library; choose one anew with `assistant library use NAME`, "
            "or delete the file"
        )
    return {_KEY: name}


def choose(home: Path, library: str | None) -> None:
    """Has ``library`` used where none is named; None undoes that.

    Raises:
        SettingsError: it cannot be written.
    """
    path = home / _FILE
    try:
        if library is None:
            path.unlink(missing_ok=True)
            return
        make_folder(home)
        write_whole(path, f'{_KEY} = "{library}"\n')
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror})") from error
