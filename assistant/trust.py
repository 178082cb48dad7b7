"""Which settings files of folders the user trusts: those with this path and this content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from assistant.errors import SettingsError
from assistant.files.folders import find_settings_folder
from assistant.files.private import write_whole

_FILE = "trusted.json"


def locate(path: Path) -> Path:
    """Returns the one name of the file at ``path``.

    A link in a folder is not the file that it leads to: relative paths in a settings file mean
    the folder where it stands.
    """
    return path.parent.resolve() / path.name


def is_trusted(path: Path, content: bytes) -> bool:
    """Returns whether the user has trusted the file at ``path`` with just this ``content``.

    Raises:
        SettingsError: what the user trusts cannot be read.
    """
    return read_trusted().get(str(locate(path))) == _digest(content)


def trust(path: Path, content: bytes) -> None:
    """Remembers that the user trusts the file at ``path`` as long as it has this ``content``.

    Raises:
        SettingsError: it cannot be remembered.
    """
    _write(read_trusted() | {str(locate(path)): _digest(content)})


def revoke(path: Path) -> bool:
    """Forgets that the file at ``path`` is trusted; returns whether it was.

    Raises:
        SettingsError: it cannot be forgotten.
    """
    trusted = read_trusted()
    was = trusted.pop(str(locate(path)), None) is not None
    if was:
        _write(trusted)
    return was


def read_trusted() -> dict[str, str]:
    """Returns the paths that are trusted, each with the SHA-256 of the content it had then.

    Raises:
        SettingsError: the file that says so cannot be read.
    """
    file = find_settings_folder() / _FILE
    try:
        trusted = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: cannot be read; delete it and trust anew") from error
    if not isinstance(trusted, dict) or not all(isinstance(one, str) for one in trusted.values()):
        raise SettingsError(f"{file}: is no list of trusted files; delete it and trust anew")
    return trusted


def _write(trusted: dict[str, str]) -> None:
    file = find_settings_folder() / _FILE
    try:
        write_whole(file, json.dumps(trusted, indent=1) + "\n")
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written ({error.strerror})") from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
