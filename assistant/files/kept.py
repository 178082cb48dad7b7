"""What lies in the home folder beside libraries, how much it may take, and how old it may become.

Libraries are never touched. Chats and uploads go by whole files, ratings by rows, and the caches,
which can be made again, by the vectors and judgements that were written first.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from assistant.errors import StoreError
from assistant.files.caches import count_rows, delete_oldest, shrink, used_bytes
from assistant.files.private import write_whole

UPLOADS = "uploads"
CHATS = "chats"
RATINGS_FILE = "disputes.jsonl"
EMBEDDINGS_FILE = "embeddings.sqlite"
JUDGEMENTS_FILE = "judgements.sqlite"

UPLOAD_DAYS = 1
"""How old an upload becomes that nobody read into the library; those that are read go at once."""

_TABLES = {EMBEDDINGS_FILE: "vectors", JUDGEMENTS_FILE: "judgements"}
_DAY_S = 86_400
_MB = 10**6


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What there is of one kind, and what of it goes; ``n_bytes`` and the like count disk space."""

    kind: str
    n: int
    n_bytes: int
    n_going: int
    bytes_going: int

    def to_dict(self) -> dict[str, Any]:
        """Returns it as JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file or row, with the seconds since 1970 at which it was last written."""

    written_s: float
    n_bytes: int
    name: str


def clean_home(
    home: Path,
    *,
    days: int | None,
    megabytes: int,
    kinds: Iterable[str] = (),
    deletes: bool = False,
    now_s: float | None = None,
) -> list[Cleaning]:
    """Returns what goes of each kind, which is deleted only where ``deletes`` is set.

    Args:
        home: the home folder.
        days: how old a thing may be; None for any age, but for uploads.
        megabytes: how much each kind may take; what is oldest goes first.
        kinds: which of ``KINDS``; all where there are none.
        deletes: whether it is deleted, not only counted.
        now_s: seconds since 1970.

    Raises:
        StoreError: something cannot be read or deleted.
    """
    now_s = time.time() if now_s is None else now_s
    oldest_s = -1.0 if days is None else now_s - days * _DAY_S
    try:
        return [
            KINDS[kind](kind, home, oldest_s, megabytes * _MB, deletes, now_s)
            for kind in kinds or KINDS
        ]
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{str(home)!r} cannot be cleaned ({error}); see that you may write there, and that "
            "its disk is not full"
        ) from error


def shrink_caches(home: Path, kinds: Iterable[str] = ()) -> None:
    """Gives the system back what is no longer used of the caches' files.

    Raises:
        StoreError: a file is in use, or its disk is full.
    """
    files = {"embeddings": EMBEDDINGS_FILE, "judgements": JUDGEMENTS_FILE}
    for kind, file in files.items():
        if kind in (tuple(kinds) or files) and (home / file).is_file():
            try:
                shrink(home / file, _TABLES[file])
            except sqlite3.Error as error:
                raise StoreError(
                    f"{str(home / file)!r} cannot be made smaller ({error}); what was deleted of "
                    "it is used again, so nothing is lost"
                ) from error


def _clean_uploads(
    kind: str, home: Path, oldest_s: float, most: int, deletes: bool, now_s: float
) -> Cleaning:
    return _clean_folder(
        kind, home / UPLOADS, max(oldest_s, now_s - UPLOAD_DAYS * _DAY_S), most, deletes
    )


def _clean_chats(
    kind: str, home: Path, oldest_s: float, most: int, deletes: bool, _now_s: float
) -> Cleaning:
    return _clean_folder(kind, home / CHATS, oldest_s, most, deletes)


def _clean_folder(kind: str, folder: Path, oldest_s: float, most: int, deletes: bool) -> Cleaning:
    files = _files(folder)
    going = _going(files, oldest_s, most)
    for kept in going if deletes else ():
        path = Path(kept.name)
        # Another process may have deleted it, or put the next file beside it.
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()
    return _counted(kind, files, going)


def _clean_ratings(
    kind: str, home: Path, oldest_s: float, most: int, deletes: bool, _now_s: float
) -> Cleaning:
    path = home / RATINGS_FILE
    if not path.is_file():
        return Cleaning(kind, 0, 0, 0, 0)
    import portalocker

    with portalocker.Lock(path, "rb", timeout=5) as file:
        lines = [line for line in cast("Iterable[bytes]", file) if line.strip()]
        # A row that tells no time is as old as the one before it.
        rows, written_s = [], 0.0
        for number, line in enumerate(lines):
            written_s = _written_s(line) or written_s
            rows.append(_Kept(written_s, len(line), str(number)))
        going = _going(rows, oldest_s, most)
        if deletes and going:
            gone = {int(row.name) for row in going}
            kept = b"".join(line for number, line in enumerate(lines) if number not in gone)
            # Who waits for the lock of this file sees that another has taken its place.
            write_whole(path, kept)
    return _counted(kind, rows, going)


def _written_s(line: bytes) -> float | None:
    try:
        moment = datetime.fromisoformat(json.loads(line)["created"])
    except (ValueError, KeyError, TypeError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _clean_cache(
    kind: str, home: Path, oldest_s: float, most: int, deletes: bool, _now_s: float
) -> Cleaning:
    file = EMBEDDINGS_FILE if kind == "embeddings" else JUDGEMENTS_FILE
    path, table = home / file, _TABLES[file]
    if not path.is_file():
        return Cleaning(kind, 0, 0, 0, 0)
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        n, n_bytes = count_rows(connection, table), used_bytes(connection)
        n_over = -(-n * (n_bytes - most) // n_bytes) if n_bytes > most else 0
        n_going = delete_oldest(
            connection, table, int(oldest_s // _DAY_S), min(n, n_over), deletes=deletes
        )
        return Cleaning(kind, n, n_bytes, n_going, n_bytes * n_going // n if n else 0)


def _files(folder: Path) -> list[_Kept]:
    found = []
    for path in folder.rglob("*") if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                about = path.stat()
                found.append(_Kept(about.st_mtime, about.st_size, str(path)))
    return found


def _going(kept: list[_Kept], oldest_s: float, most: int) -> list[_Kept]:
    """Returns what is too old, and then the oldest of what is too much."""
    going, n_bytes = [], sum(one.n_bytes for one in kept)
    for one in sorted(kept, key=lambda one: one.written_s):
        if one.written_s >= oldest_s and n_bytes <= most:
            break
        going.append(one)
        n_bytes -= one.n_bytes
    return going


def _counted(kind: str, kept: list[_Kept], going: list[_Kept]) -> Cleaning:
    return Cleaning(
        kind,
        len(kept),
        sum(one.n_bytes for one in kept),
        len(going),
        sum(one.n_bytes for one in going),
    )


KINDS: dict[str, Callable[[str, Path, float, int, bool, float], Cleaning]] = {
    "uploads": _clean_uploads,
    "chats": _clean_chats,
    "ratings": _clean_ratings,
    "judgements": _clean_cache,
    "embeddings": _clean_cache,
}
"""What can be cleaned, by its name."""
