"""The word vectors of the starter library's passages, which ship with the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.word_embedder import WORDS_FINGERPRINT, view_as_floats
from assistant.errors import ModelError
from assistant.files.arrays import READING
from assistant.text.word_vectors import WORD_DIM, WordVectors

STARTER_WORDS = Path(__file__).parent / "words.npz"


def save_starter_words(words: Mapping[bytes, WordVectors], path: Path = STARTER_WORDS) -> None:
    """Writes the word vectors of texts, by text key, to ``path``."""
    none = WordVectors(np.zeros((0, 2), np.int32), np.zeros((0, WORD_DIM), np.int8))
    listed = [none, *words.values()]
    np.savez_compressed(
        path,
        fingerprint=np.array(WORDS_FINGERPRINT),
        text_sha256=np.array([np.frombuffer(key, np.uint8) for key in words]),
        n_words=np.array([len(found.vectors) for found in words.values()]),
        spans=np.concatenate([found.spans for found in listed]),
        vectors=np.concatenate([found.vectors for found in listed]),
    )


def load_starter_words(cache: EmbeddingCache, path: Path = STARTER_WORDS) -> int:
    """Puts the shipped word vectors into ``cache`` and returns the number of their texts.

    Raises:
        ModelError: the file is missing or damaged.
        StoreError: the cache cannot be written.
    """
    try:
        with READING, np.load(path, allow_pickle=False) as archive:
            fingerprint = str(archive["fingerprint"])
            keys = [key.tobytes() for key in archive["text_sha256"]]
            ends = np.cumsum(archive["n_words"])[:-1]
            spans = np.split(archive["spans"], ends)
            vectors = np.split(archive["vectors"], ends)
    except (OSError, ValueError, KeyError, EOFError) as exc:
        raise ModelError(
            f"the starter library's word vectors {str(path)!r} cannot be read; "
            "reinstall the package"
        ) from exc
    words = map(WordVectors, spans, vectors)
    cache.put(fingerprint, {key: view_as_floats(own) for key, own in zip(keys, words, strict=True)})
    return len(keys)
