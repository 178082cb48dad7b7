"""The shipped starter library and its vectors."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.embeddings.embedder import open_embedder
from assistant.embeddings.minilm import MiniLM
from assistant.errors import ModelError
from assistant.ingest import read_papers
from assistant.starter import papers as starter
from assistant.starter.papers import list_paper_texts, load_starter_vectors, locate_starter
from assistant.types import Paper

REBUILD = "run 'python -m assistant_evals.lab.build_starter'"
N_SAMPLED = 40
MAX_COSINE_LOSS = 1e-3


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return [paper for paper in read_papers(locate_starter()) if isinstance(paper, Paper)]


@pytest.fixture(scope="module")
def texts(papers: list[Paper]) -> list[str]:
    return list(dict.fromkeys(text for paper in papers for text in list_paper_texts(paper)))


def test_the_library_is_read_whole(papers: list[Paper]) -> None:
    assert len(papers) == 245
    assert len({paper.paper_id for paper in papers}) == 245


def test_every_text_has_its_vector_and_no_other(texts: list[str]) -> None:
    with np.load(starter.VECTORS) as archive:
        shipped = {key.tobytes() for key in archive["text_sha256"]}
        assert str(archive["fingerprint"]) == MiniLM.fingerprint, REBUILD
    assert shipped == {hash_text(text) for text in texts}, REBUILD


def test_the_vectors_are_those_the_model_gives(texts: list[str]) -> None:
    cache = EmbeddingCache(None)
    load_starter_vectors(cache)
    sample = random.Random(0).sample(texts, N_SAMPLED)
    fresh = MiniLM().encode(sample)
    found = cache.get(MiniLM.fingerprint, [hash_text(text) for text in sample])
    shipped = np.stack([found[hash_text(text)] for text in sample])
    np.testing.assert_allclose(shipped @ shipped.T, fresh @ fresh.T, atol=MAX_COSINE_LOSS)
    np.testing.assert_allclose((shipped * fresh).sum(axis=1), 1.0, atol=MAX_COSINE_LOSS)


def test_nothing_is_left_to_embed(texts: list[str], tmp_path: Path) -> None:
    embedder = open_embedder(cache_path=tmp_path / "cache.sqlite")
    assert load_starter_vectors(embedder.cache) == len(texts)
    embedder._model = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        embedder.embed(["a text that is not in the library"])
    embedder._model = MiniLM()
    embedder._model.embed_texts = None  # type: ignore[assignment,method-assign]
    assert embedder.embed(texts).shape == (len(texts), 384)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"nothing like it"])
def test_damaged_vectors_are_named(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    monkeypatch.setattr(starter, "VECTORS", path)
    with pytest.raises(ModelError, match="reinstall the package"):
        load_starter_vectors(EmbeddingCache(None))
