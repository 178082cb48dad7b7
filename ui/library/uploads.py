"""The files that a visitor uploaded: which of them are read, and their end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from assistant import Skipped

SUFFIXES = (
    ".txt", ".bib", ".ris", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".nbib", ".ciw", ".enw",
    ".xlsx", ".rss", ".atom", ".rdf", ".mods",
)  # fmt: skip
"""Names of files that are read, whatever the case of their letters."""

MAX_FILE_BYTES = 20 * 2**20
"""The largest file that is read: some 10,000 abstracts."""

MAX_FILES = 50
"""Files that are read together."""

_MAX_NAME = 200
_MAX_REFUSED = 1000
_UNNAMED = "a file without a name"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as its owner calls it, and where the server keeps it."""

    name: str
    path: Path


def uploads_from(files: object, folder: Path) -> tuple[list[Upload], list[Skipped]]:
    """Returns the files to read of ``[{"path", "name"}]``, and those that are not, with the reason.

    A browser may name any file of the server: only those below ``folder``, where uploads are kept,
    are taken.
    """
    folder = folder.resolve()
    taken: list[Upload] = []
    skipped: list[Skipped] = []
    for item in files if isinstance(files, list) else []:
        if not isinstance(item, dict):
            continue
        name = own_name(item.get("name", ""))
        path = _path_below(folder, item.get("path"))
        reason = _reason_against(name, path, len(taken))
        if path is not None and reason is None:
            taken.append(Upload(name, path))
        else:
            delete(path)
            skipped.append(Skipped(name, None, reason or ""))
    return taken, skipped


def read_refusals(files: object) -> list[Skipped]:
    """Returns the files that a browser did not send, ``[{"name", "reason"}]``."""
    return [
        Skipped(own_name(item.get("name", "")), None, str(item.get("reason", ""))[:_MAX_NAME])
        for item in (files[:_MAX_REFUSED] if isinstance(files, list) else [])
        if isinstance(item, dict)
    ]


@contextmanager
def keep_apart(uploads: Iterable[Upload]) -> Iterator[list[Upload]]:
    """Holds the files in a folder of their own, which is deleted with them in the end.

    Where uploads arrive, two visitors who send one file share it.
    """
    with tempfile.TemporaryDirectory(prefix="abstract-assistant-") as folder:
        kept = []
        for number, upload in enumerate(uploads):
            path = Path(folder) / str(number)
            with suppress(OSError):
                shutil.move(upload.path, path)
                delete(upload.path)
            kept.append(Upload(upload.name, path))
        yield kept


def delete(path: Path | None) -> None:
    """Deletes an upload, and its folder: each has one to itself."""
    if path is None:
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()


def own_name(name: object) -> str:
    """Returns a file's name without folders and without signs that do not print."""
    last = PureWindowsPath(str(name)).name[:_MAX_NAME]
    return "".join(sign for sign in last if sign.isprintable()).strip() or _UNNAMED


def _path_below(folder: Path, text: object) -> Path | None:
    if not isinstance(text, str):
        return None
    try:
        path = Path(text).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _reason_against(name: str, path: Path | None, n_taken: int) -> str | None:
    if path is None:
        return "did not arrive; upload it again"
    suffix = PureWindowsPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return f"is not one of {', '.join(SUFFIXES)}"
    n_bytes = path.stat().st_size
    if n_bytes > MAX_FILE_BYTES:
        return (
            f"has {n_bytes / 2**20:.0f} MB, the limit is {MAX_FILE_BYTES // 2**20} MB; "
            "divide it, or use `assistant ingest`"
        )
    if n_taken >= MAX_FILES:
        return f"is one of more than {MAX_FILES} files; upload it after these"
    return None
