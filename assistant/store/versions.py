"""A library's versions on disk: numbered folders, and a pointer flipped in one step.

    <library>/current            the number of the published version
    <library>/lock               held by the one writer
    <library>/versions/<n>/      one version; never changed once published. Its manifest is written
                                 last, and locked, shared, by everyone who reads the version

A version being built has a number that ``current`` has never named. Whatever stops the writer,
``current`` names a whole version: the old one before ``publish`` replaces it, the new one after.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from portalocker.exceptions import LockException

from assistant.errors import DamagedLibraryError
from assistant.files.private import close_to_others, make_folder, open_private
from assistant.store.locking import ReaderHold, is_held

MANIFEST_FILE = "manifest.json"
"""A version folder that has it was built to its end."""

_POINTER = "current"
_NOTHING = b"0\n"
_NUMBER = re.compile(r"[0-9]{1,18}")


class Versions:
    """The versions of one library folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._versions = folder / "versions"
        self._pointer = folder / _POINTER

    @property
    def lock_path(self) -> Path:
        """Where the writer's lock lives."""
        return self.folder / "lock"

    def current(self) -> int | None:
        """Returns the published version's number, or None where nothing was ever published.

        Raises:
            DamagedLibraryError: versions exist, but the pointer is missing or unreadable.
        """
        version = self._read_pointer()
        if version and not self.path(version).is_dir() and version == self._read_pointer():
            # Read twice: a writer may have published, and removed what was named before.
            raise DamagedLibraryError(
                f"{str(self._pointer)!r} names version {version}, which is not there"
            )
        return version or None

    def _read_pointer(self) -> int:
        """Returns the number that the pointer names, 0 where nothing was ever published."""
        try:
            text = self._pointer.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            if self.complete():
                raise DamagedLibraryError(f"{str(self._pointer)!r} is missing") from None
            return 0
        except OSError:
            if self._pointer.is_dir():
                raise DamagedLibraryError(f"{str(self._pointer)!r} is a folder") from None
            raise
        if not _NUMBER.fullmatch(text.strip()):
            raise DamagedLibraryError(f"{str(self._pointer)!r} names no version: {text[:40]!r}")
        version = int(text)
        # Before the first publication there is a first version at most.
        if not version and max(self.complete(), default=0) > 1:
            raise DamagedLibraryError(f"{str(self._pointer)!r} names no version: {text[:40]!r}")
        return version

    def is_published(self) -> bool:
        """Returns whether a version was ever published, even if its pointer is damaged now."""
        try:
            return self.current() is not None
        except DamagedLibraryError:
            return True

    def path(self, version: int) -> Path:
        """Returns the folder of ``version``, whether or not it exists."""
        return self._versions / str(version)

    def numbers(self) -> list[int]:
        """Returns the numbers of all version folders, half-built ones included, ascending."""
        if not self._versions.is_dir():
            return []
        return sorted(int(p.name) for p in self._versions.iterdir() if p.name.isdecimal())

    def complete(self) -> list[int]:
        """Returns the numbers of the versions whose building came to its end, ascending."""
        return [n for n in self.numbers() if (self.path(n) / MANIFEST_FILE).is_file()]

    def begin(self) -> int:
        """Makes an empty folder for the next version and returns its number."""
        if not self._pointer.exists():
            make_folder(self.folder)
            # So that a first version that was built and not published is not taken for a lost one.
            replace_durably(self._pointer, _NOTHING)
        version = max(self.numbers(), default=0) + 1
        make_folder(self.path(version))
        return version

    def publish(self, version: int) -> None:
        """Makes ``version`` the current one: afterwards every new reader sees it, and only it."""
        sync_tree(self.path(version))
        sync_folder(self._versions)
        replace_durably(self._pointer, f"{version}\n".encode("ascii"))

    def hold(self, version: int) -> ReaderHold | None:
        """Returns a hold on ``version``, or None if a writer has just replaced it."""
        try:
            return ReaderHold(self.path(version) / MANIFEST_FILE)
        except (FileNotFoundError, LockException):
            return None

    def discard(self, version: int) -> None:
        """Removes a version that was never published."""
        shutil.rmtree(self.path(version), ignore_errors=True)

    def clean(self) -> None:
        """Removes half-built leftovers and old versions that nobody reads; only for the writer."""
        current = self.current()
        for version in self.numbers():
            if version != current and not is_held(self.path(version) / MANIFEST_FILE):
                self.discard(version)
        _partial(self._pointer).unlink(missing_ok=True)


def replace_durably(path: Path, content: bytes) -> None:
    """Makes ``content`` the whole of ``path``: after a crash it is the old content or the new."""
    if path.is_dir():  # Not ours, and in the way; what is in it is kept.
        path.rename(Path(tempfile.mkdtemp(prefix="moved-away-", dir=path.parent), path.name))
    partial = _partial(path)
    with open_private(partial, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")


def sync_tree(folder: Path) -> None:
    """Brings every file and folder under ``folder``, and itself, to the disk, closed to others."""
    close_to_others(folder)
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            _sync(Path(parent, name), os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        sync_folder(Path(parent))


def sync_folder(folder: Path) -> None:
    """Brings the names in ``folder`` to the disk."""
    if os.name != "nt":  # Windows cannot open folders; its renames are journalled.
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
