"""One version of a library, opened for reading; nothing that is written later changes it."""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import DamagedLibraryError, QuestionError
from assistant.files.arrays import map_array
from assistant.filters import FILTERS, FilterKind
from assistant.store.changes import VECTORS_FILE
from assistant.store.dense import DenseBackend, DenseIndex
from assistant.store.locking import ReaderHold
from assistant.store.manifest import Manifest
from assistant.store.recorded_fields import RecordedFields, read_recorded_fields
from assistant.store.records import RECORDS_FILE, open_records, read_keys, read_paper, read_passages
from assistant.text.half_characters import mend_all
from assistant.types import Filters, Paper, Passage, SentenceSpan

if TYPE_CHECKING:
    from assistant.store.lexical_index import LexicalIndex

Condition = tuple[list[str], list[str | int]]
"""Clauses of a WHERE that must all hold, and the values of their question marks."""


def _within_years(column: str, bounds: list[int | None]) -> Condition:
    pairs = zip((">=", "<="), bounds, strict=True)
    given = [(sign, bound) for sign, bound in pairs if bound is not None]
    return [f"{column} {sign} ?" for sign, _ in given], [bound for _, bound in given]


def _holds_one_text(column: str, given: list[tuple[str, ...]]) -> Condition:
    (texts,) = given
    if not texts:
        return [], []
    return [" OR ".join(f"instr({column}, ?)" for _ in texts)], [t.casefold() for t in texts]


def _is_one_of(column: str, given: list[tuple[str, ...]]) -> Condition:
    (ids,) = given
    if not ids:
        return [], []
    return [f"{column} IN (SELECT value FROM json_each(?))"], [json.dumps(ids)]


def _is_in_a_row_of(
    find_rows: Callable[[tuple[str, ...]], set[int]], given: list[tuple[str, ...]]
) -> Condition:
    # SQLite cannot fold a name; the rows of an author or a venue are found in memory.
    (names,) = given
    if not names:
        return [], []
    return ["row IN (SELECT value FROM json_each(?))"], [json.dumps(sorted(find_rows(names)))]


def _is_there(column: str, given: list[bool]) -> Condition:
    (wanted,) = given
    return [f"json_extract(record, '$.{column}') IS NOT NULL"] if wanted else [], []


_CONDITIONS: dict[FilterKind, Callable[[str, list[Any]], Condition]] = {
    "years": _within_years,
    "texts": _holds_one_text,
    "ids": _is_one_of,
    "flag": _is_there,
}

LEXICAL_FOLDER = "bm25"


class Snapshot:
    """Papers, passages, vectors and indexes of one version; any thread may use it.

    Paper rows and passage rows count from 0 and belong to this version only. ``notices`` are
    sentences that the person asking should see, such as that the library had to be rebuilt.
    Files stay open until ``close``, or until nothing refers to the snapshot any more.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        dense: DenseBackend,
        hold: ReaderHold | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        self.manifest = manifest
        self.n_papers = manifest.n_papers
        self.n_passages = manifest.n_passages
        self.notices = (*notices, *dense.notices(folder, manifest))
        self.folder = folder
        self._backend = dense
        self._lock = threading.RLock()
        # Callbacks run last first: the hold is given back when the files are closed.
        self._open = ExitStack()
        if hold is not None:
            self._open.callback(hold.release)
        self._records = open_records(folder / RECORDS_FILE)
        self._open.callback(self._records.close)
        self._close = weakref.finalize(self, self._open.close)

    @property
    def version(self) -> int:
        """The version's number; higher is newer."""
        return self.manifest.version

    @property
    def digest(self) -> str:
        """SHA-256 of the papers, whatever their order; equal libraries have equal digests."""
        return self.manifest.digest

    @cached_property
    def paper_ids(self) -> Sequence[str]:
        """Paper row -> id."""
        return self._strings("SELECT paper_id FROM papers ORDER BY row")

    @cached_property
    def passage_papers(self) -> NDArray[np.int32]:
        """Passage row -> paper row, (n_passages,) int32, ascending."""
        found = self._rows("SELECT paper FROM passages ORDER BY row")
        return np.fromiter((row for (row,) in found), dtype=np.int32, count=len(found))

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Passage row -> vector, (n_passages, dim) float32, L2-normalised, memory-mapped."""
        vectors: NDArray[np.float32] = map_array(self.folder / VECTORS_FILE)
        return vectors

    @cached_property
    def lexical(self) -> LexicalIndex:
        """BM25 over the papers' titles and abstracts."""
        from assistant.store.lexical_index import LexicalIndex

        return LexicalIndex.load(self.folder / LEXICAL_FOLDER)

    @cached_property
    def score_dense(self) -> DenseIndex:
        """The vectors as Chroma searches them; opened at the first use."""
        with self._lock:
            index = self._backend.open(self.folder, self.manifest)
            self._open.callback(index.close)
            return index

    @cached_property
    def fields(self) -> RecordedFields:
        """The authors, years and venues of the papers."""
        with self._lock:
            return read_recorded_fields(self._records)

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        return read_paper(self._row("SELECT record FROM papers WHERE row = ?", row)[0])

    def row(self, paper_id: str) -> int:
        """Returns the row of a paper.

        Raises:
            KeyError: the version has no such paper.
        """
        found = self._rows("SELECT row FROM papers WHERE paper_id = ?", paper_id)
        if not found:
            raise KeyError(paper_id)
        return int(found[0][0])

    def papers(self) -> Iterator[Paper]:
        """Yields every paper in row order."""
        for row in range(self.n_papers):
            yield self.paper(row)

    def content_hash(self, paper_id: str) -> str | None:
        """Returns the content hash of a paper, or None where there is no such paper."""
        found = self._rows("SELECT content_hash FROM papers WHERE paper_id = ?", paper_id)
        return str(found[0][0]) if found else None

    def ids_with_key(self, key: str, limit: int = -1) -> tuple[str, ...]:
        """Returns the ids of the papers that have ``key`` among their keys, in row order.

        At most ``limit`` of them where it is not negative.
        """
        return self._strings(
            "SELECT paper_id FROM keys JOIN papers ON papers.row = keys.paper"
            " WHERE key = ? ORDER BY papers.row LIMIT ?",
            key,
            limit,
        )

    def keys_beginning(self, prefix: str) -> tuple[str, ...]:
        """Returns the keys of any paper that begin with ``prefix``, each once, sorted."""
        return self._strings(
            "SELECT DISTINCT key FROM keys WHERE key >= ? AND key < ? ORDER BY key",
            prefix,
            prefix[:-1] + chr(ord(prefix[-1]) + 1),
        )

    def sources(self) -> tuple[str, ...]:
        """Returns where the papers were read from, each once, sorted."""
        return self._strings(
            "SELECT DISTINCT source FROM papers WHERE source IS NOT NULL ORDER BY source"
        )

    def papers_of_source(self, source: str) -> tuple[str, ...]:
        """Returns the ids of the papers that were read from ``source``, in row order."""
        return self._strings("SELECT paper_id FROM papers WHERE source = ? ORDER BY row", source)

    def keys(self, row: int) -> tuple[str, ...]:
        """Returns the keys by which a duplicate of the paper in ``row`` is recognised."""
        with self._lock:
            return read_keys(self._records, row)

    def passages(self, row: int) -> tuple[Passage, ...]:
        """Returns the passages of the paper in ``row``, in the order of its abstract."""
        with self._lock:
            return read_passages(self._records, row, self.paper(row))

    def sentences(self, row: int) -> tuple[SentenceSpan, ...]:
        """Returns the sentences of the paper in ``row``, over its whole abstract, in order."""
        spans = {span.number: span for p in self.passages(row) for span in p.sentences}
        return tuple(spans[number] for number in sorted(spans))

    def nearest(
        self, vector: NDArray[np.float32], top_k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Returns the rows and cosines of the passages nearest to ``vector``, best first.

        ``vector`` is (dim,) float32, L2-normalised. The search is Chroma's, approximate: measured
        recall@100 against exact search is stated at ``chroma_records.HNSW``.

        Raises:
            QuestionError: ``vector`` has another dimension or a value that is not finite.
        """
        if vector.shape != (self.manifest.dim,) or not np.isfinite(vector).all():
            raise QuestionError(
                f"a query vector of shape {vector.shape!r} cannot be searched for; "
                f"it must have {self.manifest.dim} finite values"
            )
        top_k = min(top_k, self.n_passages)
        if top_k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids, cosines = self.score_dense.nearest(vector, top_k)
        rows: dict[str, int] = dict(
            self._rows(
                "SELECT passage_id, row FROM passages"
                " WHERE passage_id IN (SELECT value FROM json_each(?))",
                json.dumps(ids),
            )
        )
        unknown = [passage_id for passage_id in ids if passage_id not in rows]
        if unknown:
            raise DamagedLibraryError(
                f"Chroma has passage {unknown[0]!r}, which library {self.manifest.library!r} has "
                f"not; rebuild it with `assistant library reindex`"
            )
        return np.array([rows[passage_id] for passage_id in ids], dtype=np.int64), cosines

    def cosines(
        self, vector: NDArray[np.float32], passage_rows: NDArray[np.integer] | None = None
    ) -> NDArray[np.float32]:
        """Returns the exact cosines of ``vector`` with all passages or with ``passage_rows``.

        (n,) float32 in [-1, 1], higher is nearer; ``vector`` is (dim,) float32, L2-normalised.
        """
        vectors = self.vectors if passage_rows is None else self.vectors[passage_rows]
        return np.asarray(vectors @ vector, dtype=np.float32)

    def matching(self, filters: Filters) -> NDArray[np.bool_]:
        """Returns which papers pass ``filters``, (n_papers,) bool."""
        clauses: list[str] = []
        values: list[str | int] = []
        for one in FILTERS:
            given = [getattr(filters, field) for field in one.fields]
            if one.kind == "names":
                clause, bound = _is_in_a_row_of(self.fields.find_rows_by, given)
            elif one.kind == "venues":
                clause, bound = _is_in_a_row_of(self.fields.find_rows_in, given)
            else:
                clause, bound = _CONDITIONS[one.kind](one.column, given)
            clauses += clause
            values += bound
        if not clauses:
            return np.ones(self.n_papers, dtype=np.bool_)
        matching = np.zeros(self.n_papers, dtype=np.bool_)
        where = " AND ".join(f"({clause})" for clause in clauses)
        for (row,) in self._rows(f"SELECT row FROM papers WHERE {where}", *values):
            matching[row] = True
        return matching

    def close(self) -> None:
        """Closes the version's files; the snapshot is of no use afterwards."""
        self._close()

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._records.execute(query, mend_all(values)).fetchall()

    def _strings(self, query: str, *values: str | int) -> tuple[str, ...]:
        return tuple(str(value) for (value,) in self._rows(query, *values))

    def _row(self, query: str, row: int) -> tuple[str, ...]:
        with self._lock:
            found: tuple[str, ...] | None = self._records.execute(query, (row,)).fetchone()
        if found is None:
            raise IndexError(f"paper row {row!r} is not in 0..{self.n_papers - 1}")
        return found
