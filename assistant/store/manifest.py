"""The manifest of a version: what it holds, and the size and SHA-256 of every file of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import DamagedLibraryError
from assistant.store.versions import MANIFEST_FILE

SCHEMA = 1
"""The format of a version folder; raised whenever an older reader would misread it."""

HASH_ALWAYS_BELOW = 64 * 2**20
"""Bytes. A version smaller than this is hashed whole at every opening.

Source: measured: evals/lab/store_bench.py (hashing): 64 MB take 0.06 s."""

_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file as it was published; ``mtime_ns`` only decides whether a large file is hashed."""

    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds.

    ``digest`` is the SHA-256 over the content hashes of its papers in sorted order: equal for
    equal papers, in whatever order and from whatever files they came. ``collection`` is where
    Chroma keeps the vectors; ``n_stale`` counts the
    vectors that later changes have deleted or replaced in the HNSW graph since it was built.
    """

    schema: int
    library: str
    version: int
    embedder: str
    dim: int
    n_papers: int
    n_passages: int
    digest: str
    collection: str
    n_stale: int
    files: dict[str, FileRecord]

    def write(self, folder: Path) -> None:
        """Writes the manifest into ``folder``."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")

    def with_files(self, files: dict[str, FileRecord]) -> Manifest:
        """Returns this manifest with ``files`` in it."""
        return replace(self, files=files)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Returns the manifest of the version in ``folder``; only ``schema`` if it is another one.

        Raises:
            DamagedLibraryError: the manifest is missing or is not one.
        """
        path = folder / MANIFEST_FILE
        try:
            values: dict[str, Any] = json.loads(path.read_bytes())
            if values["schema"] != SCHEMA:
                return _of_another_schema(values)
            files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
            return cls(files=files, **values)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedLibraryError(f"{str(path)!r} cannot be read ({error})") from error


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Returns every file of a version by its path within ``folder``, the manifest aside."""
    records = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST_FILE:
            stat = path.stat()
            records[name] = FileRecord(stat.st_size, _sha256(path), stat.st_mtime_ns)
    return records


def find_damaged_files(folder: Path, manifest: Manifest, *, full: bool = False) -> list[str]:
    """Returns the files that are not as published, sorted.

    A small version is hashed whole; of a large one, only files whose size or time of change
    differs, unless ``full``.
    """
    every = full or sum(file.size for file in manifest.files.values()) < HASH_ALWAYS_BELOW
    return sorted(
        name for name, file in manifest.files.items() if not _intact(folder / name, file, every)
    )


def _intact(path: Path, published: FileRecord, hashed: bool) -> bool:
    try:
        stat = path.stat()
        if stat.st_size != published.size:
            return False
        if not hashed and stat.st_mtime_ns == published.mtime_ns:
            return True
        return _sha256(path) == published.sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _of_another_schema(values: dict[str, Any]) -> Manifest:
    return Manifest(
        schema=int(values["schema"]),
        library=str(values.get("library", "")),
        version=int(values.get("version", 0)),
        embedder="",
        dim=0,
        n_papers=0,
        n_passages=0,
        digest="",
        collection="",
        n_stale=0,
        files={},
    )
