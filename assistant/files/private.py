"""Files and folders for their owner alone, whatever the umask allows others."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import IO, Any

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
"""Windows gives what lies in a user's own folders to that user as it is."""


def make_folder(folder: Path) -> None:
    """Makes ``folder`` and what is missing above it, each for its owner alone.

    A folder that is there stays as open as somebody made it.

    Raises:
        OSError: it cannot be made.
    """
    missing = takewhile(lambda path: not path.exists(), (folder, *folder.parents))
    for path in reversed(list(missing)):
        path.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    folder.mkdir(exist_ok=True)


def open_private(path: Path, mode: str, **options: Any) -> IO[Any]:
    """Returns what ``open`` does; a file that it makes is its owner's alone."""
    return open(path, mode, opener=_open_descriptor, **options)


def make_file(path: Path) -> None:
    """Makes an empty file where there is none: what others then write into is its owner's alone."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE))


def write_whole(path: Path, content: str | bytes) -> None:
    """Makes ``content`` the whole of ``path``: a reader finds the old content or the new one.

    Raises:
        OSError: it cannot be written; the old content stays, and nothing is left beside it.
    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def close_to_others(folder: Path) -> None:
    """Takes away what others may do with ``folder`` and all below it, whoever has made it."""
    for parent, _, names in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            close(path)


def close(path: Path) -> None:
    """Takes away what others may do with the file or folder at ``path``."""
    if is_open_to_others(path) and not path.is_symlink():
        path.chmod(path.stat().st_mode & 0o700)


def is_open_to_others(path: Path) -> bool:
    """Returns whether anybody but its owner may read or change what is at ``path``."""
    return os.name != "nt" and bool(path.lstat().st_mode & 0o077)


def _open_descriptor(path: str, flags: int) -> int:
    return os.open(path, flags, _FILE_MODE)
