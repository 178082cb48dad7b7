"""Whether a disk is full, of bytes or of files, and the words for what it lacks."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

_NO_BYTES_BELOW = 2**20
"""Bytes free below which a disk counts as full: SQLite and Chroma do not always say it."""

_NO_FILES_BELOW = 4
"""Files left below which a disk counts as full: a database is two, with its journal."""


def is_full(folder: Path, error: Exception) -> bool:
    """Returns whether ``error``, met while writing to ``folder``, comes of a full disk or quota."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return True
    existing = _find_existing(folder)
    return shutil.disk_usage(existing).free < _NO_BYTES_BELOW or _has_no_files_left(
        existing, _NO_FILES_BELOW
    )


def has_room(folder: Path, n_bytes: int, n_files: int) -> bool:
    """Returns whether the disk of ``folder`` takes that many bytes and new files."""
    existing = _find_existing(folder)
    free = shutil.disk_usage(existing).free
    return free >= n_bytes and not _has_no_files_left(existing, n_files)


def describe_need(folder: Path, n_bytes: int, n_files: int, error: Exception | None = None) -> str:
    """Returns 'needs about 9 MB free at ...', and what is there and what to do."""
    existing, megabytes = _find_existing(folder), f"{n_bytes / 2**20:.0f} MB"
    if _has_no_files_left(existing, n_files):
        return (
            f"needs about {n_files} new files at {str(folder)!r}, and that disk has room for "
            f"{_count_files_left(existing):,} more, whatever their size (its inodes are used up); "
            f"delete files that are not needed"
        )
    if isinstance(error, OSError) and error.errno == errno.EDQUOT:
        return (
            f"needs about {megabytes} at {str(folder)!r}, and this user's quota there is used up; "
            f"delete files that are not needed"
        )
    free = shutil.disk_usage(existing).free
    return (
        f"needs about {megabytes} free at {str(folder)!r} and {free / 2**20:.0f} MB are; free some"
    )


def _find_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _has_no_files_left(folder: Path, n_files: int) -> bool:
    left = _count_files_left(folder)
    return left is not None and left < n_files


def _count_files_left(folder: Path) -> int | None:
    """Returns how many files can still be made; None where the file system has no such limit."""
    if not hasattr(os, "statvfs"):
        return None
    system = os.statvfs(folder)
    return system.f_favail if system.f_files else None
