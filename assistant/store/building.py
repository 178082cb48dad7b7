"""Building a version in its folder: merge, index, verify, and last of all the manifest."""

from __future__ import annotations

from pathlib import Path

from assistant.store.changes import Changes
from assistant.store.dense import DenseBackend
from assistant.store.manifest import SCHEMA, Manifest, record_files
from assistant.store.records import RECORDS_FILE, open_records, read_all_papers
from assistant.store.snapshot import LEXICAL_FOLDER, Snapshot
from assistant.store.verification import verify


def build_version(
    folder: Path,
    changes: Changes,
    dense: DenseBackend,
    *,
    library: str,
    version: int,
    embedder: str,
    base: Path | None,
    base_manifest: Manifest | None,
) -> Manifest:
    """Builds ``base`` with ``changes`` as a whole version in ``folder``; returns its manifest.

    Without ``base_manifest`` the vectors' graph is built anew and not changed from that of
    ``base``. ``changes`` are used up.

    Raises:
        DamagedLibraryError: what was built does not verify.
    """
    merged = changes.merge(base, folder, embedder)
    changes.close()
    _build_lexical(folder)
    draft = Manifest(
        schema=SCHEMA,
        library=library,
        version=version,
        embedder=embedder,
        dim=changes.dim,
        n_papers=merged.n_papers,
        n_passages=merged.n_passages,
        digest=merged.digest,
        collection="",
        n_stale=0,
        files={},
    )
    manifest = dense.write(folder, draft, merged, base, base_manifest)
    snapshot = Snapshot(folder, manifest, dense)
    try:
        verify(snapshot)
    finally:
        snapshot.close()
    manifest = manifest.with_files(record_files(folder))
    manifest.write(folder)
    return manifest


def _build_lexical(folder: Path) -> None:
    from assistant.store.lexical_index import LexicalIndex

    records = open_records(folder / RECORDS_FILE)
    try:
        texts = (f"{paper.title}\n{paper.abstract}" for _, paper in read_all_papers(records))
        LexicalIndex.build(texts).save(folder / LEXICAL_FOLDER)
    finally:
        records.close()
