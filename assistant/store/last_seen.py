"""What was last seen of a library on a Chroma server, and whether the server still has that.

A server may come back over another folder. It answers then as one that is new, and what it lacks
can be told only by whoever remembers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.files.private import make_folder
from assistant.store.versions import replace_durably


@dataclass(frozen=True, slots=True)
class Pointer:
    """The current version of a library on a server, and the collection that holds it.

    ``lineage`` is a random name that a library keeps through all its versions; empty where an
    earlier release wrote the version.
    """

    version: int
    collection: str
    previous: str = ""
    lineage: str = ""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The newest version that this machine has read or written; version 0 is none yet.

    ``collection`` and ``lineage`` are empty where they are not known.
    """

    version: int
    n_papers: int = 0
    collection: str = ""
    lineage: str = ""

    def write(self, path: Path) -> None:
        """Writes it into ``path``, durably; does nothing where the folder cannot be written.

        What is remembered then is older, and as true.
        """
        if read_last_seen(path) != self:
            with suppress(OSError):
                make_folder(path.parent)
                replace_durably(path, json.dumps(asdict(self)).encode("ascii") + b"\n")


def read_last_seen(path: Path) -> LastSeen | None:
    """Returns what ``path`` remembers, or None where it is missing or damaged."""
    try:
        seen = LastSeen(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    numbers = isinstance(seen.version, int) and isinstance(seen.n_papers, int)
    names = isinstance(seen.collection, str) and isinstance(seen.lineage, str)
    return seen if numbers and names else None


def is_of_this_library(seen: LastSeen, pointer: Pointer) -> bool:
    """Returns whether ``pointer`` is to a version of the library that was seen."""
    if seen.lineage and pointer.lineage:
        return seen.lineage == pointer.lineage
    return seen.version != pointer.version or seen.collection in ("", pointer.collection)


def find_mismatch(seen: LastSeen | None, pointer: Pointer | None) -> str | None:
    """Returns what a server has in place of the library that was seen; None where it has that.

    Newer versions of the library are the work of other machines, and as good.
    """
    if seen is None or not seen.version:
        return None
    if pointer is None:
        return "has no such library"
    if not is_of_this_library(seen, pointer):
        return f"has another library of that name (version {pointer.version})"
    if pointer.version < seen.version:
        return f"has its older version {pointer.version}"
    if pointer.version == seen.version and seen.collection not in ("", pointer.collection):
        return f"has another version {pointer.version} of it"
    return None
