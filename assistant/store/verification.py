"""Whether a version answers as it must: counts, and passages that find themselves."""

from __future__ import annotations

import numpy as np

from assistant.errors import DamagedLibraryError
from assistant.store.snapshot import Snapshot

_SAMPLE = 64
_SELF_COSINE = 0.999
"""A passage's vector must find a vector this near to itself; two papers may share a text."""

_MISSES_ALLOWED = 0.02
"""Share of the sample: 1 of 64. Approximate search may overlook a vector.

Source: measured: evals/lab/store_bench.py (recall 20000): in a sound graph 1 of 4,000 miss
themselves."""


def verify(snapshot: Snapshot) -> None:
    """Checks a version through its own indexes.

    Raises:
        DamagedLibraryError: a count is not the manifest's, or passages miss themselves.
    """
    counts = {
        "papers": (len(snapshot.paper_ids), snapshot.n_papers),
        "passages": (len(snapshot.passage_papers), snapshot.n_passages),
        "vectors": (len(snapshot.vectors), snapshot.n_passages),
        "vectors in Chroma": (snapshot.score_dense.count(), snapshot.n_passages),
        "papers in the lexical index": (snapshot.lexical.n_papers, snapshot.n_papers),
    }
    for what, (found, wanted) in counts.items():
        if found != wanted:
            raise DamagedLibraryError(
                f"library {snapshot.manifest.library!r} holds {found} {what} where {wanted} "
                f"belong; rebuild it with `assistant library reindex`"
            )
    rows = np.linspace(0, snapshot.n_passages - 1, min(_SAMPLE, snapshot.n_passages)).astype(int)
    missed = [int(row) for row in rows if not _finds_itself(snapshot, int(row))]
    if len(missed) > _MISSES_ALLOWED * len(rows):
        raise DamagedLibraryError(
            f"{len(missed)} of {len(rows)} passages of library {snapshot.manifest.library!r} do "
            f"not find themselves; rebuild it with `assistant library reindex`"
        )


def _finds_itself(snapshot: Snapshot, row: int) -> bool:
    vector = np.array(snapshot.vectors[row])
    rows, cosines = snapshot.nearest(vector, 1)
    # The vector that was found is looked up, so that a wrong id is seen as well as a wrong score.
    exact = snapshot.cosines(vector, rows)
    return bool(min(cosines[0], exact[0]) >= _SELF_COSINE)
