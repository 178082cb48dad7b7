"""Changes to a library, gathered beside the version that they will become, and merged into it.

Papers arrive one by one and are kept on disk, so that memory does not grow with what is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.files.arrays import map_array
from assistant.store.manifest import SCHEMA
from assistant.store.records import (
    RECORDS_FILE,
    create_records,
    delete_paper,
    insert_paper,
    library_digest,
)
from assistant.types import Paper, Passage

VECTORS_FILE = "vectors.npy"

_STAGED_RECORDS = "changes.sqlite"
_STAGED_VECTORS = "changes.f32"
_BLOCK_ROWS = 8192

_PLANS = """
CREATE TEMP TABLE paper_plan (row INTEGER PRIMARY KEY, staged INTEGER, origin INTEGER);
INSERT INTO paper_plan
  SELECT row_number() OVER (ORDER BY added, position) - 1, staged, origin FROM (
    SELECT 0 AS added, b.row AS position, s.row IS NOT NULL AS staged,
           coalesce(s.row, b.row) AS origin
      FROM base.papers b LEFT JOIN staged.papers s USING (paper_id)
      WHERE b.paper_id NOT IN (SELECT paper_id FROM staged.removed)
    UNION ALL
    SELECT 1, s.row, 1, s.row FROM staged.papers s
      WHERE s.paper_id NOT IN (SELECT paper_id FROM base.papers));
CREATE TEMP TABLE passage_plan (
  row INTEGER PRIMARY KEY, paper INTEGER, staged INTEGER, origin INTEGER);
INSERT INTO passage_plan
  SELECT row_number() OVER (ORDER BY paper, origin) - 1, paper, staged, origin FROM (
    SELECT plan.row AS paper, 0 AS staged, p.row AS origin
      FROM paper_plan plan JOIN base.passages p ON p.paper = plan.origin WHERE plan.staged = 0
    UNION ALL
    SELECT plan.row, 1, p.row
      FROM paper_plan plan JOIN staged.passages p ON p.paper = plan.origin WHERE plan.staged = 1);
"""

_COPY = """
INSERT INTO main.papers
  SELECT plan.row, paper_id, content_hash, year, authors, venue, keywords, source, record
    FROM paper_plan plan JOIN {origin}.papers p ON p.row = plan.origin
    WHERE plan.staged = {staged} ORDER BY plan.row;
INSERT INTO main.passages
  SELECT plan.row, plan.paper, passage_id, start, "end", n_tokens, sentences
    FROM passage_plan plan JOIN {origin}.passages p ON p.row = plan.origin
    WHERE plan.staged = {staged} ORDER BY plan.row;
INSERT INTO main.keys
  SELECT key, plan.row FROM paper_plan plan JOIN {origin}.keys k ON k.paper = plan.origin
    WHERE plan.staged = {staged} ORDER BY key, plan.row;
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge wrote: counts and digest, and how its passages differ from the base's.

    ``changed`` are the new version's passage rows that the base lacks or holds differently,
    (n,) int64 ascending; ``deleted`` are the passage ids that only the base has.
    """

    n_papers: int
    n_passages: int
    digest: str
    changed: NDArray[np.int64]
    deleted: tuple[str, ...]


class Changes:
    """Papers to put into a library, with their vectors, and papers to remove from it."""

    def __init__(self, folder: Path, dim: int) -> None:
        self.dim = dim
        self._records_path = folder / _STAGED_RECORDS
        self._vectors_path = folder / _STAGED_VECTORS
        self.records = create_records(self._records_path)
        self.records.execute("CREATE TABLE removed (paper_id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._vectors = self._vectors_path.open("wb")
        self._next_paper = 0
        self.n_passages = 0

    def put(
        self,
        paper: Paper,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        keys: Iterable[str],
    ) -> None:
        """Takes a paper in place of any of its id; ``vectors`` is (n_passages, dim) float32."""
        self.records.execute("BEGIN")
        self.records.execute("DELETE FROM removed WHERE paper_id = ?", (paper.paper_id,))
        delete_paper(self.records, paper.paper_id)
        insert_paper(self.records, self._next_paper, paper, passages, self.n_passages, keys)
        self.records.execute("COMMIT")
        self._vectors.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
        self._next_paper += 1
        self.n_passages += len(passages)

    def remove(self, paper_id: str) -> None:
        """Removes a paper, whether it was put here or comes from the base."""
        delete_paper(self.records, paper_id)
        self.records.execute("INSERT OR IGNORE INTO removed VALUES (?)", (paper_id,))

    def is_removed(self, paper_id: str) -> bool:
        """Returns whether the paper is to be removed."""
        query = "SELECT 1 FROM removed WHERE paper_id = ?"
        return self.records.execute(query, (paper_id,)).fetchone() is not None

    def close(self) -> None:
        """Closes and deletes the files that held the changes."""
        self.records.close()
        self._vectors.close()
        self._records_path.unlink(missing_ok=True)
        self._vectors_path.unlink(missing_ok=True)

    def merge(self, base: Path | None, target: Path, embedder: str) -> Merged:
        """Writes the papers and vectors of ``base`` with these changes into ``target``.

        Papers keep their order; changed ones stay in place and added ones follow.
        """
        self._vectors.flush()
        records = create_records(target / RECORDS_FILE)
        try:
            records.execute("ATTACH ? AS staged", (str(self._records_path),))
            if base is None:
                records.execute("ATTACH ':memory:' AS base")
                for table in ("papers", "passages", "keys"):
                    records.execute(f"CREATE TABLE base.{table} AS SELECT * FROM main.{table}")
            else:
                uri = (base / RECORDS_FILE).absolute().as_uri()
                records.execute("ATTACH ? AS base", (f"{uri}?mode=ro&immutable=1",))
            records.executescript(
                f"BEGIN; {_PLANS} {_COPY.format(origin='base', staged=0)}"
                f" {_COPY.format(origin='staged', staged=1)} COMMIT;"
            )
            records.execute("INSERT INTO library VALUES (?, ?, ?)", (SCHEMA, embedder, self.dim))
            merged = _summarise_merge(records)
            self._merge_vectors(records, base, target / VECTORS_FILE, merged.n_passages)
        finally:
            records.close()
        return merged

    def _merge_vectors(
        self, records: sqlite3.Connection, base: Path | None, target: Path, n_rows: int
    ) -> None:
        origins = (
            None if base is None else map_array(base / VECTORS_FILE),
            np.memmap(self._vectors_path, np.float32, "r").reshape(-1, self.dim)
            if self.n_passages
            else None,
        )
        plan = records.execute("SELECT staged, origin FROM passage_plan ORDER BY row")
        header = {"descr": "<f4", "fortran_order": False, "shape": (n_rows, self.dim)}
        # Written, not memory-mapped: a full disk then is an error, and not the end of the process.
        with target.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            while block := plan.fetchmany(_BLOCK_ROWS):
                staged, rows = np.array(block, dtype=np.int64).T
                merged = np.empty((len(rows), self.dim), dtype="<f4")
                for side, vectors in enumerate(origins):
                    if vectors is not None:
                        merged[staged == side] = vectors[rows[staged == side]]
                file.write(merged.tobytes())


def _summarise_merge(records: sqlite3.Connection) -> Merged:
    def values(query: str) -> Iterable[str]:
        return (value for (value,) in records.execute(query))

    changed = values("SELECT row FROM passage_plan WHERE staged = 1 ORDER BY row")
    return Merged(
        n_papers=records.execute("SELECT count(*) FROM main.papers").fetchone()[0],
        n_passages=records.execute("SELECT count(*) FROM main.passages").fetchone()[0],
        digest=library_digest(values("SELECT content_hash FROM main.papers")),
        changed=np.fromiter(map(int, changed), dtype=np.int64),
        deleted=tuple(
            values(
                "SELECT passage_id FROM base.passages"
                " WHERE passage_id NOT IN (SELECT passage_id FROM main.passages)"
            )
        ),
    )
