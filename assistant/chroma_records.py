"""What is written into a Chroma collection, and how papers are read back out of it.

One record for each passage: its id, vector and text, and as metadata its paper and its place.
The first passage of a paper carries the whole paper besides, so that a collection alone is
enough to bring a library back.
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

from assistant.changes import VECTORS_FILE
from assistant.dense import StoredPaper
from assistant.records import (
    RECORDS_FILE,
    keys_of,
    open_records,
    paper_of,
    passages_of,
    spans_json,
    spans_of,
)
from assistant.types import Paper, Passage

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

BATCH = 500
"""Records a call. Chroma holds the interpreter's lock while it adds: 500 take about 0.5 s, so
other threads and Ctrl-C are never kept waiting for longer. Source: measured."""

HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 24,
    "ef_construction": 100,
    "ef_search": 500,
}
"""Source: measured on 20,000 clustered vectors of 384 dimensions, recall@100 against exact search:
Chroma's defaults .911, these .998 at about 4 ms a query."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one call to Chroma, parallel; ``vectors`` is (n, dim) float32."""

    ids: list[str]
    vectors: NDArray[np.float32]
    documents: list[str]
    metadatas: list[Any]


def batches(folder: Path, rows: Sequence[int] | NDArray[np.int64] | None) -> Iterator[Batch]:
    """Yields the records of the passages in ``rows`` of the version in ``folder``; None is all."""
    vectors = np.load(folder / VECTORS_FILE, mmap_mode="r")
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
    batch = Batch([], np.array(vectors[[row for row, _, _ in found]]), [], [])
    paper_row, first = -1, 0
    paper, passages = Paper("", "", ""), tuple[Passage, ...]()
    for row, of_paper, record in found:
        if of_paper != paper_row:
            paper_row, paper = of_paper, paper_of(record)
            passages = passages_of(records, paper_row, paper)
            query = "SELECT min(row) FROM passages WHERE paper = ?"
            first = records.execute(query, (paper_row,)).fetchone()[0]
        passage = passages[row - first]
        batch.ids.append(passage.passage_id)
        batch.documents.append(passage.text)
        batch.metadatas.append(_metadata(paper, passage))
        if row == first:
            batch.metadatas[-1]["record"] = _record(paper, passages, keys_of(records, paper_row))
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


def _record(paper: Paper, passages: Sequence[Passage], keys: Iterable[str]) -> str:
    record = paper.to_dict()
    if passages[0].text == paper.abstract:
        del record["abstract"]  # The document holds it, and Chroma indexes every text it stores.
    return json.dumps(
        {"paper": record, "keys": list(keys), "n_passages": len(passages)}, ensure_ascii=False
    )


def stored_papers(collection: Collection) -> Iterator[StoredPaper]:
    """Yields every paper of a collection with its passages, vectors and keys.

    A paper comes once its last passage has been read; the vectors are as Chroma normalised them.
    """
    waiting: dict[str, _Gathering] = {}
    offset = 0
    while True:
        page = collection.get(
            limit=BATCH, offset=offset, include=["embeddings", "documents", "metadatas"]
        )
        if not page["ids"]:
            return
        offset += len(page["ids"])
        rows = zip(
            page["ids"],
            np.asarray(page["embeddings"], dtype=np.float32),
            page["documents"] or [],
            page["metadatas"] or [],
            strict=True,
        )
        for passage_id, vector, text, metadata in rows:
            paper_id = str(metadata["paper_id"])
            gathering = waiting.setdefault(paper_id, _Gathering())
            gathering.add(passage_id, vector, text, dict(metadata))
            if gathering.is_complete():
                yield waiting.pop(paper_id).paper()


class _Gathering:
    """The passages of one paper read so far."""

    def __init__(self) -> None:
        self._passages: list[tuple[Passage, NDArray[np.float32]]] = []
        self._record: dict[str, Any] | None = None

    def add(
        self, passage_id: str, vector: NDArray[np.float32], text: str, metadata: dict[str, Any]
    ) -> None:
        passage = Passage(
            passage_id=passage_id,
            paper_id=metadata["paper_id"],
            text=text,
            start=metadata["start"],
            end=metadata["end"],
            sentences=spans_of(metadata["sentences"]),
            n_tokens=metadata["n_tokens"],
        )
        self._passages.append((passage, vector))
        if "record" in metadata:
            self._record = json.loads(metadata["record"])

    def is_complete(self) -> bool:
        return self._record is not None and len(self._passages) == self._record["n_passages"]

    def paper(self) -> StoredPaper:
        assert self._record is not None  # is_complete() said so.
        pairs = sorted(self._passages, key=lambda pair: pair[0].start)
        passages = tuple(passage for passage, _ in pairs)
        paper = Paper.from_dict({"abstract": passages[0].text, **self._record["paper"]})
        vectors = np.stack([vector for _, vector in pairs])
        return StoredPaper(paper, passages, vectors, tuple(self._record["keys"]))
