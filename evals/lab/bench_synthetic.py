"""Retrieval from a large synthetic library: latency and peak memory, in a process of its own."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

from assistant import Assistant
from assistant.embeddings.minilm import MiniLM
from assistant.retrieval.search import PaperSearch
from assistant.settings import Settings, load_settings
from assistant.types import Paper

_WORDS_A_PAPER = 150
_VOCABULARY = 50_000
_N_QUERIES = 200
_DIM = 384
_N_CENTRES = 1_000
_LIMIT_MS = 150.0


@cache
def _centres() -> NDArray[np.float64]:
    return np.random.default_rng(2).standard_normal((_N_CENTRES, _DIM))


class HashEmbedding(BaseEmbedding):
    """Vectors by the text's hash around a thousand centres, as subjects cluster in a library.

    So a hundred thousand papers need no model. A query costs what MiniLM takes for it, although
    its vector is a hash too.
    """

    _model: MiniLM = PrivateAttr(default_factory=MiniLM)

    def _vector(self, text: str) -> list[float]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        random = np.random.default_rng(seed)
        centre = _centres()[seed % _N_CENTRES]
        vector: list[float] = (centre + random.standard_normal(_DIM)).tolist()
        return vector

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        self._model.embed_query(query)
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def papers(n: int) -> Iterator[Paper]:
    """Yields ``n`` papers of words drawn by Zipf's law, as the words of a language are."""
    random = np.random.default_rng(0)
    for number in range(n):
        words = [f"w{rank}" for rank in np.minimum(random.zipf(1.3, _WORDS_A_PAPER), _VOCABULARY)]
        yield Paper(f"p{number}", f"Paper {number} {' '.join(words[:6])}", " ".join(words) + ".")


def measure_synthetic(
    n: int, scratch: str
) -> Iterator[tuple[str, float, float, str, dict[str, float]]]:
    """Yields the fields of a BenchResult: p95 of retrieval in milliseconds over ``n`` papers."""
    values = _child("build", n, scratch) | _child("search", n, scratch)
    yield f"retrieval from {n:,} papers, p95", values["p95_ms"], _LIMIT_MS, "ms", values


def _child(step: str, n: int, scratch: str) -> dict[str, float]:
    """Runs a step in a process of its own, so that each has its own peak of memory."""
    command = [sys.executable, "-m", "assistant_evals.lab.bench_synthetic", step, str(n), scratch]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    values: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return values


def _build(n: int, settings: Settings) -> dict[str, float]:
    start = time.perf_counter()
    with Assistant.open(settings, embedding=HashEmbedding(), create=True) as assistant:
        assistant.ingest(papers(n))
    return {"build_s": time.perf_counter() - start, "build_peak_mb": _peak_mb()}


def _search(_n: int, settings: Settings) -> dict[str, float]:
    random = np.random.default_rng(1)
    times = []
    with Assistant.open(settings, embedding=HashEmbedding()) as assistant:
        search = PaperSearch(assistant.store.snapshot(), assistant.embedder)
        for _ in range(_N_QUERIES):
            query = " ".join(f"w{rank}" for rank in np.minimum(random.zipf(1.3, 12), _VOCABULARY))
            start = time.perf_counter()
            search.search(query, 10)
            times.append((time.perf_counter() - start) * 1000)
    return {
        "p50_ms": median(times),
        "p95_ms": quantiles(times, n=20)[-1],
        "first_ms": times[0],
        "search_peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Runs one step and prints its figures as one line of JSON."""
    step, n, scratch = sys.argv[1:]
    settings = load_settings(home=Path(scratch), library="synthetic")
    print(json.dumps({"build": _build, "search": _search}[step](int(n), settings)))


if __name__ == "__main__":
    main()
