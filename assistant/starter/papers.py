"""The starter library: papers that ship with the package, and the vectors of their texts.

The texts are accounts of the papers' abstracts, and the file says so of each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from assistant.embeddings.cache import EmbeddingCache
from assistant.errors import AssistantError, LockedError, ModelError
from assistant.files.arrays import READING
from assistant.text.passages import chunk_paper, list_embedded_texts
from assistant.types import Paper

if TYPE_CHECKING:
    from assistant.store.library import LibraryStore

_FOLDER = Path(__file__).parent
VECTORS = _FOLDER / "vectors.npz"
PATIENCE_S = 30.0
"""How long another process may take to make the library."""


def locate_starter() -> Path:
    """Returns the CSL-JSON file of the starter library."""
    return _FOLDER / "library.csl.json"


def list_paper_texts(paper: Paper) -> list[str]:
    """Returns every text of ``paper`` that is embedded: its passages', then its sentences'."""
    return list_embedded_texts(paper.title, chunk_paper(paper))


def load_starter_vectors(cache: EmbeddingCache) -> int:
    """Puts the shipped vectors into ``cache`` and returns their number.

    They are stored as float16, which moves a cosine by less than 0.001, and are of use to the
    embedder of the same fingerprint only.

    Raises:
        ModelError: the file is missing or damaged.
        StoreError: the cache cannot be written.
    """
    try:
        with READING, VECTORS.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            fingerprint = str(archive["fingerprint"])
            keys = [key.tobytes() for key in archive["text_sha256"]]
            vectors = archive["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile) as exc:
        raise ModelError(
            f"the starter library's vectors {str(VECTORS)!r} cannot be read; reinstall the package"
        ) from exc
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cache.put(fingerprint, dict(zip(keys, vectors, strict=True)))
    return len(keys)


def is_made(store: LibraryStore) -> bool:
    """Returns whether ``store`` holds the starter library, its texts marked as accounts.

    Those that were made before texts could be marked are not.
    """
    if not store.exists():
        return False
    try:
        first = next(store.snapshot().papers(), None)
    except AssistantError:
        # It can be opened no better by making it anew; who asks of it is told why.
        return True
    if first is None or Path(first.source or "").name != locate_starter().name:
        return True
    return first.text_kind == "account"


def make_starter(store: LibraryStore, ingest: Callable[[], object]) -> None:
    """Makes the starter library in ``store`` by ``ingest``, or waits for who is making it.

    Raises:
        LockedError: another process has been making it for longer than that takes.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not is_made(store):
        try:
            ingest()
            return
        except LockedError:
            # Another process is making it, which takes a second or two.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
