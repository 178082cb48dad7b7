"""Search with the real embedder over the starter library: floors that no change may break."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from assistant_evals.lab.build_starter_words import starter_passages
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.lab.judged_collections import Collection, golden_collections
from assistant_evals.lab.retrieval import ListedLibrary, Scores, rankings_by, score

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.embeddings.embedder import Embedder
from assistant.embeddings.word_embedder import WORDS_FINGERPRINT, WordEmbedder, WordMiniLM
from assistant.errors import ModelError
from assistant.retrieval.search import PaperSearch
from assistant.starter.papers import load_starter_vectors, locate_starter
from assistant.starter.words import load_starter_words

PAPERS = papers_of(locate_starter())
COLLECTIONS = {c.name.split()[-1]: c for c in golden_collections("starter", PAPERS)}


@pytest.fixture(scope="module")
def words() -> WordEmbedder:
    cache = EmbeddingCache(None)
    load_starter_vectors(cache)
    load_starter_words(cache)
    return WordEmbedder(WordMiniLM(), cache)


@pytest.fixture(scope="module")
def search(words: WordEmbedder) -> PaperSearch:
    embedder = Embedder(words.model, words.cache)
    return PaperSearch(ListedLibrary(PAPERS, embedder, words), words, words)


def scored(search: PaperSearch, collection: Collection) -> Scores:
    return score(collection, rankings_by(search, collection))


def test_described_questions_find_their_paper(search: PaperSearch) -> None:
    scores = scored(search, COLLECTIONS["described"])
    assert scores.recall_at_5 >= 0.87
    assert scores.mrr_at_10 >= 0.77


def test_named_questions_find_their_paper_first(search: PaperSearch) -> None:
    assert scored(search, COLLECTIONS["named"]).recall_at_1 >= 0.98


def test_rough_questions_find_their_paper(search: PaperSearch) -> None:
    assert scored(search, COLLECTIONS["rough"]).recall_at_5 >= 0.93


def test_a_passages_vector_is_the_same_with_and_without_words(words: WordEmbedder) -> None:
    texts = ["Bees dance.", "A longer text about the dances of bees, tides and the moon."]
    alone = words.model.encode(texts)
    together = np.stack([vector for vector, _ in words.model.embed_with_words(texts)])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_word_vectors_depend_on_their_context(words: WordEmbedder) -> None:
    river, money = words.embed_words(["the bank of the river", "the bank lends money"])
    same_word = [w.vectors[0].astype(float) / 127 for w in (river, money)]
    assert same_word[0] @ same_word[1] < 0.95
    assert same_word[0] @ same_word[0] > 0.97


def test_a_question_of_50_000_characters_is_searched(search: PaperSearch) -> None:
    found = search.search("speculative decoding " + "x1y2 " * 10_000)
    assert found.papers
    assert "specul" in found.query.terms


def test_the_shipped_words_are_those_the_model_gives(words: WordEmbedder) -> None:
    texts = starter_passages()
    fresh = WordEmbedder(words.model, EmbeddingCache(None))
    sample = texts[::60]
    for shipped, made in zip(words.embed_words(sample), fresh.embed_words(sample), strict=True):
        assert shipped.spans.tolist() == made.spans.tolist()
        # One step of the quantisation: other CPUs round otherwise.
        assert np.abs(shipped.vectors.astype(int) - made.vectors).max() <= 1
    keys = [hash_text(text) for text in texts]
    assert words.cache.get(WORDS_FINGERPRINT, keys).keys() == set(keys)


def test_damaged_shipped_words_are_named(tmp_path: Path) -> None:
    (tmp_path / "words.npz").write_bytes(b"no archive")
    with pytest.raises(ModelError, match="reinstall"):
        load_starter_words(EmbeddingCache(None), tmp_path / "words.npz")
