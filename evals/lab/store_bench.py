"""Measures what the store's constants rest on: the graph's recall, bytes a passage, seconds a call.

python -m assistant_evals.lab.store_bench recall [N]        of the 100 nearest, over N vectors
python -m assistant_evals.lab.store_bench space [FEED | N]  bytes a passage, at the peak and after
python -m assistant_evals.lab.store_bench hashing           seconds to hash a version
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
from assistant_evals.lab.bench_synthetic import papers as synthetic_papers
from numpy.typing import NDArray

from assistant.ingest import read_papers
from assistant.store.chroma_folder import ChromaIndex, create
from assistant.store.chroma_records import BATCH
from assistant.store.library import LibraryStore
from assistant.store.manifest import HASH_ALWAYS_BELOW, record_files
from assistant.text.passages import chunk_paper
from assistant.types import Paper

_DIM = 384
_TOP_K = 100
_N_QUERIES = 200
_CLUSTER = 100
"""Vectors of one subject, as there are in a library of papers on a few hundred subjects."""

_NOISE = 0.04
"""Of each value, about a centre of length 1: neighbours then have cosines near .6."""


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    """Returns the rows of ``vectors`` at length 1, (n, dim) float32."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def clustered(n: int) -> NDArray[np.float32]:
    """Returns ``n`` vectors in clusters, (n, 384) float32, L2-normalised."""
    random = np.random.default_rng(0)
    centres = unit(random.normal(size=(max(n // _CLUSTER, 1), _DIM)))
    noise = random.normal(size=(n, _DIM)) * _NOISE
    return unit(centres[random.integers(len(centres), size=n)] + noise)


def recall(n: int) -> Iterator[str]:
    """Yields recall@100 against exact search, and how often a vector misses itself."""
    vectors = clustered(n + _N_QUERIES)
    queries, vectors = vectors[n:], vectors[:n]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "chroma"
        adding: list[float] = []
        with create(folder, n) as collection:
            for start in range(0, n, BATCH):
                block = vectors[start : start + BATCH]
                ids = [str(row) for row in range(start, start + len(block))]
                adding.append(_seconds(lambda i=ids, b=block: collection.add(i, b)))  # type: ignore[misc]
        index = ChromaIndex(folder, collection.name)
        found, times = [], []
        for query in queries:
            start_s = time.perf_counter()
            ids = index.nearest(query, _TOP_K)[0]
            times.append((time.perf_counter() - start_s) * 1000)
            exact = np.argpartition(-(vectors @ query), _TOP_K)[:_TOP_K]
            found.append(len({int(i) for i in ids} & set(exact.tolist())) / _TOP_K)
        rows = np.linspace(0, n - 1, 20 * _N_QUERIES).astype(int)
        missed = sum(index.nearest(vectors[row], 1)[0] != [str(row)] for row in rows)
        index.close()
    yield f"{n} vectors: recall@{_TOP_K} {np.mean(found):.4f}, least {min(found):.2f}"
    yield f"query p50 {median(times):.2f} ms, p95 {np.quantile(times, 0.95):.2f} ms"
    yield f"{missed} of {len(rows)} miss themselves"
    yield f"a call of {BATCH}: {median(adding):.2f} s, longest {max(adding):.2f} s"


def space(source: str) -> Iterator[str]:
    """Yields bytes a passage beside the vectors' own, at the peak of a build and after it."""
    read = synthetic_papers(int(source)) if source.isdigit() else read_papers(Path(source))
    random = np.random.default_rng(0)
    n_passages, peak, done = 0, [0], threading.Event()
    with tempfile.TemporaryDirectory() as scratch:

        def watch() -> None:
            while not done.wait(0.005):
                peak[0] = max(peak[0], _size(Path(scratch)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        store = LibraryStore(Path(scratch) / "library", "random", _DIM)
        with store.writer() as writer:
            for paper in (item for item in read if isinstance(item, Paper)):
                passages = chunk_paper(paper)
                writer.upsert(paper, passages, unit(random.normal(size=(len(passages), _DIM))))
                n_passages += len(passages)
            seconds = _seconds(writer.commit)
        done.set()
        watcher.join()
        after = _size(Path(scratch))
    copy = 4 * _DIM * n_passages
    yield f"{n_passages} passages, committed in {seconds:.2f} s"
    yield f"at the peak {(peak[0] - 3 * copy) / n_passages:.0f} bytes a passage and 3 vectors"
    yield f"afterwards {(after - 2 * copy) / n_passages:.0f} bytes a passage and 2 vectors"


def hashing(_: str) -> Iterator[str]:
    """Yields how long a version just small enough to be hashed at every opening takes."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "file").write_bytes(os.urandom(HASH_ALWAYS_BELOW))
        times = [_seconds(lambda: record_files(Path(scratch))) for _ in range(5)]
    yield f"{HASH_ALWAYS_BELOW / 2**20:.0f} MB hashed in {median(times):.3f} s"


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).stat().st_size
            except FileNotFoundError:  # A build deletes what it no longer needs.
                continue
    return total


def main() -> None:
    """Prints the figures of one measurement, and the load under which they were taken."""
    name, argument = sys.argv[1], (*sys.argv[2:], "")[0]
    found = {
        "recall": lambda: recall(int(argument or 20_000)),
        "space": lambda: space(argument or "5000"),
        "hashing": lambda: hashing(argument),
    }[name]()
    for line in found:
        print(line)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
