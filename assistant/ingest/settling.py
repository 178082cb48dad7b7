"""Files that change, until they are still: what is being copied or downloaded is not read yet."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

SETTLE_S = 1.0
"""A file is whole when neither its size nor its time has changed for so long; one that pauses
longer is read as it is, and again when it goes on."""


class _Look(NamedTuple):
    """What a file was like (its size and time; None: not there), and since when."""

    stamp: tuple[int, int] | None
    since_s: float


class SettlingFiles:
    """The files that have changed and are not known to be whole; times are the caller's."""

    def __init__(self) -> None:
        self._looks: dict[Path, _Look] = {}

    def note(self, path: Path, now_s: float) -> None:
        """Remembers that the file at ``path`` has changed, or has gone."""
        self._looks[path] = _Look(_stamp(path), now_s)

    def take(self, now_s: float) -> list[Path]:
        """Returns the files that are still by now, in order of their names, and forgets them."""
        still = []
        for path, look in list(self._looks.items()):
            stamp = _stamp(path)
            if stamp != look.stamp:
                self._looks[path] = _Look(stamp, now_s)
            elif now_s - look.since_s >= SETTLE_S:
                still.append(path)
                del self._looks[path]
        return sorted(still)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
