"""Marks the starter library's texts as accounts, and computes the vectors that ship with them.

    python -m assistant_evals.lab.build_starter

To be run again whenever the library, the splitter, the chunker or the embedder changes: a test
fails until it was.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from assistant.accounts import ACCOUNT_NOTE
from assistant.embeddings.cache import hash_text
from assistant.embeddings.minilm import MiniLM
from assistant.starter.papers import VECTORS, list_paper_texts, locate_starter
from assistant.types import Paper


def starter_papers(path: Path | None = None) -> list[Paper]:
    """Returns the starter library's papers with what is embedded of them."""
    records = json.loads((path or locate_starter()).read_text(encoding="utf-8"))
    return [Paper(record["id"], record["title"], record["abstract"]) for record in records]


def mark_accounts(path: Path | None = None) -> None:
    """Writes into the library's file, by each paper, that its abstract is an account."""
    file = path or locate_starter()
    records = json.loads(file.read_text(encoding="utf-8"))
    marked = [{**record, "note": ACCOUNT_NOTE} for record in records]
    file.write_text(json.dumps(marked, indent=1, ensure_ascii=False), encoding="utf-8")


def build(path: Path = VECTORS) -> int:
    """Writes the vectors to ``path`` and returns their number."""
    model = MiniLM()
    texts = list(
        dict.fromkeys(text for paper in starter_papers() for text in list_paper_texts(paper))
    )
    keys = np.array([np.frombuffer(hash_text(text), dtype=np.uint8) for text in texts])
    np.savez(
        path,
        fingerprint=np.array(model.fingerprint),
        text_sha256=keys,
        vectors=model.encode(texts).astype(np.float16),
    )
    return len(texts)


def main() -> None:
    """Marks the library, builds the file of vectors and says how large it is."""
    mark_accounts()
    n_vectors = build()
    print(f"{VECTORS}: {n_vectors} vectors, {VECTORS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
