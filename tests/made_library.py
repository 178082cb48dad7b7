"""Papers made by counting, with vectors made by hashing: a library that needs no model."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.store.library import LibraryStore
from assistant.store.snapshot import Snapshot
from assistant.store.writer import Writer
from assistant.types import Paper, Passage, SentenceSpan

EMBEDDER = "hash:1"
DIM = 32


N_PAPERS = 20
"""Papers of the library that the fixture ``made`` gives."""


def vector_of(text: str) -> NDArray[np.float32]:
    """Returns a vector that depends on nothing but the text."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=DIM)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def paper_of(number: int, edition: int = 0, source: str = "made.bib") -> Paper:
    """Returns the paper of a number; another edition has another text under the same id."""
    abstract = f"We count to {number} in edition {edition}. It takes {number} steps. Nobody tires."
    return Paper(
        f"paper{number}",
        f"Counting to {number}",
        abstract,
        authors=(f"Ann Author{number}", "Bo Ümläut"),
        year=2000 + number % 25,
        venue="Journal of Counting",
        keywords=("numbers", "patience"),
        doi=f"10.1000/{number}",
        original_title="Counting  to" if number % 7 == 0 else None,
        source=source,
    )


def passages_of(paper: Paper) -> tuple[Passage, ...]:
    """Returns two passages: the first two sentences, and the last."""
    first = paper.abstract.index(". ") + 1
    second = paper.abstract.index(". ", first) + 1
    spans = (
        SentenceSpan(1, 0, first),
        SentenceSpan(2, first + 1, second),
        SentenceSpan(3, second + 1, len(paper.abstract)),
    )
    return tuple(
        Passage(
            f"{paper.paper_id}:{n}",
            paper.paper_id,
            paper.abstract[s[0].start : s[-1].end],
            s[0].start,
            s[-1].end,
            s,
            10,
        )
        for n, s in enumerate((spans[:2], spans[2:]), start=1)
    )


def put(writer: Writer, paper: Paper) -> str:
    """Puts a paper with its passages and vectors into the library."""
    passages = passages_of(paper)
    vectors = np.stack([vector_of(paper.title + passage.text) for passage in passages])
    return writer.upsert(paper, passages, vectors, [f"doi:{paper.doi}"])


def fill(store: LibraryStore, numbers: range, edition: int = 0) -> int | None:
    """Writes the papers of ``numbers`` and commits."""
    with store.writer() as writer:
        for number in numbers:
            put(writer, paper_of(number, edition))
        return writer.commit()


def store_in(home: Path, embedder: str = EMBEDDER, dim: int | None = DIM) -> LibraryStore:
    """Returns the store of the library ``made`` under ``home``."""
    return LibraryStore(home / "libraries" / "made", embedder, dim)


def assert_whole(snapshot: Snapshot) -> None:
    """Asserts that every paper comes back as it was put, and every passage finds itself."""
    for row in range(snapshot.n_papers):
        paper = snapshot.paper(row)
        edition = int(paper.abstract.split("edition ")[1].split(".")[0])
        assert paper == paper_of(int(paper.paper_id.removeprefix("paper")), edition)
        assert snapshot.passages(row) == passages_of(paper)
        assert snapshot.row(paper.paper_id) == row
    assert len(set(snapshot.paper_ids)) == snapshot.n_papers
    for row in range(snapshot.n_passages):
        rows, cosines = snapshot.nearest(np.array(snapshot.vectors[row]), 1)
        assert cosines[0] > 0.999
        passage = snapshot.passages(int(snapshot.passage_papers[row]))
        title = snapshot.paper(int(snapshot.passage_papers[row])).title
        texts = [title + p.text for p in passage]
        assert any(np.allclose(snapshot.vectors[row], vector_of(t), atol=1e-5) for t in texts)
        assert snapshot.passage_papers[int(rows[0])] == snapshot.passage_papers[row]
    assert snapshot.lexical.n_papers == snapshot.n_papers


def versions_of(store: LibraryStore) -> list[Path]:
    """Returns the folders of the versions that are on disk."""
    return list((store.folder / "versions").iterdir())


def version_folder(store: LibraryStore) -> Path:
    """Returns the folder of the only version."""
    (folder,) = versions_of(store)
    return folder
