"""Where a library's vectors are searched: the seam between the store and Chroma's two forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.store.changes import Merged
from assistant.store.manifest import Manifest
from assistant.types import Paper, Passage


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper with everything that is kept of it; ``vectors`` is (n_passages, dim) float32."""

    paper: Paper
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32]
    keys: tuple[str, ...]


class DenseIndex(Protocol):
    """The vectors of one version, opened for searching."""

    def count(self) -> int:
        """Returns how many vectors it holds."""

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the passage ids nearest to ``vector`` and their cosines, best first."""

    def close(self) -> None:
        """Lets go of files and connections."""


class DenseBackend(Protocol):
    """Keeps the vectors of every version."""

    def write(
        self,
        folder: Path,
        draft: Manifest,
        new: Merged,
        base: Path | None,
        base_manifest: Manifest | None,
    ) -> Manifest:
        """Builds the vectors of the version in ``folder``, on those of ``base`` where cheaper.

        Returns ``draft`` with the collection and the number of stale vectors filled in.
        """
        ...

    def open(self, folder: Path, manifest: Manifest) -> DenseIndex:
        """Opens the vectors of the version in ``folder``."""
        ...

    def notices(self, folder: Path, manifest: Manifest) -> tuple[str, ...]:
        """Returns what the person asking should know of how the version is searched here."""
        ...

    def papers(self, folder: Path, manifest: Manifest) -> Iterator[StoredPaper]:
        """Yields every paper as it is kept beside the vectors."""
        ...
