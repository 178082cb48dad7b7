"""Retrieval from a large synthetic library: latency and peak memory, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant import Assistant
from assistant.settings import load_settings
from assistant.types import Paper

_WORDS_A_PAPER = 150
_VOCABULARY = 50_000
_N_QUERIES = 200
_DIM = 384
_LIMIT_S = 0.150


class HashEmbedding(BaseEmbedding):  # type: ignore[misc]
    """Vectors by the text's hash, so that a hundred thousand papers need no model."""

    def _vector(self, text: str) -> list[float]:
        seed = int.from_bytes(text.encode()[:8].ljust(8, b" ") + text.encode()[-8:], "big")
        return [float(x) for x in np.random.default_rng(seed).standard_normal(_DIM)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)


def papers(n: int) -> Iterator[Paper]:
    """Yields ``n`` papers of words drawn by Zipf's law, as the words of a language are."""
    random = np.random.default_rng(0)
    for number in range(n):
        words = [f"w{rank}" for rank in np.minimum(random.zipf(1.3, _WORDS_A_PAPER), _VOCABULARY)]
        yield Paper(f"p{number}", f"Paper {number} {' '.join(words[:6])}", " ".join(words) + ".")


def measure_synthetic(
    n: int, scratch: str
) -> Iterator[tuple[str, float, float, str, dict[str, float]]]:
    """Yields the fields of a Figure: p95 of retrieval in seconds over ``n`` papers."""
    command = [sys.executable, "-m", "assistant_evals.bench_synthetic", str(n), scratch]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    values = json.loads(found.stdout.splitlines()[-1])
    yield (
        f"retrieval from {n:,} papers, p95",
        values["p95_s"] * 1000,
        _LIMIT_S * 1000,
        "ms",
        values,
    )


def _measure(n: int, home: Path) -> dict[str, float]:
    import resource

    settings = load_settings(home=home, library="synthetic")
    embedding = HashEmbedding()
    start = time.perf_counter()
    with Assistant.open(settings, embedding=embedding, create=True) as assistant:
        assistant.ingest(papers(n))
    built_s = time.perf_counter() - start
    random = np.random.default_rng(1)
    times = []
    with Assistant.open(settings, embedding=embedding) as assistant:
        search = assistant.query_engine()
        for _ in range(_N_QUERIES):
            words = np.minimum(random.zipf(1.3, 12), _VOCABULARY)
            query = " ".join(f"w{rank}" for rank in words)
            start = time.perf_counter()
            search.retrieve_papers(query, 10)
            times.append(time.perf_counter() - start)
    return {
        "p50_s": median(times),
        "p95_s": quantiles(times, n=20)[-1],
        "build_s": built_s,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]), Path(sys.argv[2]))))
