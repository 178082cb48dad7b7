"""What is written into a Chroma collection, and how papers are read back out of it.

One record for each passage: its id and vector, and as metadata its paper and its place. The first
passage of a paper carries the whole paper besides, so that a collection alone is enough to bring a
library back: a passage is ``abstract[start:end]`` of its paper.

Texts are not Chroma documents, because Chroma keeps a document four times: twice as metadata and
twice in an index of its trigrams, which is never searched here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.files.arrays import map_array
from assistant.store.changes import VECTORS_FILE
from assistant.store.dense import StoredPaper
from assistant.store.records import (
    RECORDS_FILE,
    open_records,
    read_keys,
    read_paper,
    read_passages,
    spans_json,
    spans_of,
)
from assistant.types import Paper, Passage

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

BATCH = 500
"""Records a call. Chroma holds the interpreter's lock while it adds, so other threads and Ctrl-C
wait for one call at most.

Source: measured: evals/lab/store_bench.py (recall): 0.35 s a call over 20,000 vectors and 0.7 s the
last, which writes the graph; 1.1 and 3.4 s over 100,000, on two cores shared with others."""

HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 16,
    "ef_construction": 100,
    "ef_search": 200,
}
"""Source: measured: evals/lab/store_bench.py (recall), clustered vectors of 384 dimensions,
recall@100 against exact search and median time of a query: .998 and 2.2 ms over 20,000, .995 and
3.1 ms over 100,000. Chroma's own ``ef_search`` of 100 gives .986 there, and .981 over 6,000 real
sentences."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one call to Chroma, parallel; ``vectors`` is (n, dim) float32."""

    ids: list[str]
    vectors: NDArray[np.float32]
    metadatas: list[Any]


def batches(folder: Path, rows: Sequence[int] | NDArray[np.int64] | None) -> Iterator[Batch]:
    """Yields the records of the passages in ``rows`` of the version in ``folder``; None is all."""
    vectors = map_array(folder / VECTORS_FILE)
    wanted = range(len(vectors)) if rows is None else rows
    records = open_records(folder / RECORDS_FILE)
    try:
        for start in range(0, len(wanted), BATCH):
            block = [int(row) for row in wanted[start : start + BATCH]]
            yield _batch(records, vectors, block)
    finally:
        records.close()


def _batch(records: sqlite3.Connection, vectors: NDArray[np.float32], rows: list[int]) -> Batch:
    found = records.execute(
        "SELECT passages.row, passages.paper, record FROM passages"
        " JOIN papers ON papers.row = paper"
        " WHERE passages.row IN (SELECT value FROM json_each(?)) ORDER BY passages.row",
        (json.dumps(rows),),
    ).fetchall()
    batch = Batch([], np.array(vectors[[row for row, _, _ in found]]), [])
    paper_row, first = -1, 0
    paper, passages = Paper("", "", ""), tuple[Passage, ...]()
    for row, of_paper, record in found:
        if of_paper != paper_row:
            paper_row, paper = of_paper, read_paper(record)
            passages = read_passages(records, paper_row, paper)
            query = "SELECT min(row) FROM passages WHERE paper = ?"
            first = records.execute(query, (paper_row,)).fetchone()[0]
        passage = passages[row - first]
        batch.ids.append(passage.passage_id)
        batch.metadatas.append(_metadata(paper, passage))
        if row == first:
            batch.metadatas[-1]["record"] = _record(
                paper, len(passages), read_keys(records, paper_row)
            )
    return batch


def _metadata(paper: Paper, passage: Passage) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "paper_id": paper.paper_id,
        "title": paper.title,
        "start": passage.start,
        "end": passage.end,
        "n_tokens": passage.n_tokens,
        "sentences": spans_json(passage),
    }
    if paper.year is not None:
        metadata["year"] = paper.year
    return metadata


def _record(paper: Paper, n_passages: int, keys: Iterable[str]) -> str:
    return json.dumps(
        {"paper": paper.to_dict(), "keys": list(keys), "n_passages": n_passages},
        ensure_ascii=False,
    )


def read_collection(collection: Collection) -> Iterator[StoredPaper]:
    """Yields every paper of a collection with its passages, vectors and keys.

    A paper comes once its last passage has been read; the vectors are as Chroma normalised them.
    """
    waiting: dict[str, _Gathering] = {}
    offset = 0
    while True:
        page = collection.get(limit=BATCH, offset=offset, include=["embeddings", "metadatas"])
        if not page["ids"]:
            return
        offset += len(page["ids"])
        rows = zip(
            page["ids"],
            np.asarray(page["embeddings"], dtype=np.float32),
            page["metadatas"] or [],
            strict=True,
        )
        for passage_id, vector, metadata in rows:
            paper_id = str(metadata["paper_id"])
            gathering = waiting.setdefault(paper_id, _Gathering())
            gathering.add(passage_id, vector, dict(metadata))
            if gathering.is_complete():
                yield waiting.pop(paper_id).paper()


class _Gathering:
    """The passages of one paper read so far."""

    def __init__(self) -> None:
        self._passages: list[tuple[str, NDArray[np.float32], dict[str, Any]]] = []
        self._record: dict[str, Any] | None = None

    def add(self, passage_id: str, vector: NDArray[np.float32], metadata: dict[str, Any]) -> None:
        self._passages.append((passage_id, vector, metadata))
        if "record" in metadata:
            self._record = json.loads(metadata["record"])

    def is_complete(self) -> bool:
        return self._record is not None and len(self._passages) == self._record["n_passages"]

    def paper(self) -> StoredPaper:
        assert self._record is not None  # is_complete() said so.
        paper = Paper.from_dict(self._record["paper"])
        found = sorted(self._passages, key=lambda entry: int(entry[2]["start"]))
        passages = tuple(
            Passage(
                passage_id=passage_id,
                paper_id=paper.paper_id,
                text=paper.abstract[place["start"] : place["end"]],
                start=place["start"],
                end=place["end"],
                sentences=spans_of(place["sentences"]),
                n_tokens=place["n_tokens"],
            )
            for passage_id, _, place in found
        )
        vectors = np.stack([vector for _, vector, _ in found])
        return StoredPaper(paper, passages, vectors, tuple(self._record["keys"]))
