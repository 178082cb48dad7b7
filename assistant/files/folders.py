"""The user's folders on this system: for libraries, and for settings."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import platformdirs

from assistant.files.private import close

_NAME = "abstract-assistant"


def find_home() -> Path:
    """Returns the home folder that is used where no setting names another."""
    return Path(platformdirs.user_data_dir(_NAME, False))


def find_settings_folder() -> Path:
    """Returns the folder of the user's own settings."""
    return Path(platformdirs.user_config_dir(_NAME, False))


def close_home(home: Path) -> None:
    """Closes ``home`` to others where it is the one that no setting names.

    Earlier releases left it as open as the umask. A folder that the user names may be shared.
    """
    if home == find_home() and home.is_dir():
        with suppress(OSError):
            close(home)
