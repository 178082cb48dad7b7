import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DamagedLibraryError
from assistant.store.lexical_index import K1, B, LexicalIndex
from assistant.text.terms import extract_terms

TEXTS = [
    "Cats chase mice. Cats sleep.",
    "Dogs chase cats and mice in the garden all day long",
    "A treatise on gardens",
    "",
]


def bm25(query: str, texts: list[str]) -> list[float]:
    """Lucene's BM25, straight from the formula."""
    documents = [extract_terms(text) for text in texts]
    mean_length = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        counts = Counter(document)
        score = 0.0
        for term in extract_terms(query):
            df = sum(term in d for d in documents)
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            norm = K1 * (1 - B + B * len(document) / mean_length)
            score += idf * counts[term] / (counts[term] + norm) if counts[term] else 0.0
        scores.append(score)
    return scores


@pytest.mark.parametrize("query", ["cats", "cats mice", "garden cats cats", "unknown words"])
def test_scores_are_those_of_the_formula(query: str) -> None:
    index = LexicalIndex.build(TEXTS)
    np.testing.assert_allclose(index.score(extract_terms(query)), bm25(query, TEXTS), rtol=1e-5)


def test_weights_multiply_a_terms_score() -> None:
    index = LexicalIndex.build(TEXTS)
    doubled = index.score_weighted({"cat": 2.0, "garden": 0.5})
    expected = 2 * index.score(["cat"]) + 0.5 * index.score(["garden"])
    np.testing.assert_allclose(doubled, expected, rtol=1e-6)


def test_terms_in_any_iterable_count_alike() -> None:
    index = LexicalIndex.build(TEXTS)
    as_keys = index.score(dict.fromkeys(["cat", "garden"]))
    np.testing.assert_array_equal(as_keys, index.score(["cat", "garden"]))


def test_a_rarer_term_weighs_more_and_an_unknown_one_most() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.document_frequency("cat") == 2
    assert index.idf("unknown") > index.idf("sleep") > index.idf("cat") > 0
    assert "cat" in index
    assert "unknown" not in index


def test_every_term_has_its_commonest_spelling() -> None:
    index = LexicalIndex.build(["networks networks network", "tokenizing"])
    assert list(index.list_words()) == ["networks", "tokenizing"]


def test_what_was_saved_is_loaded_and_memory_mapped(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25")
    rows, impacts = loaded.find_postings("cat")
    assert isinstance(rows.base, np.memmap) or isinstance(rows, np.memmap)
    assert rows.tolist() == index.find_postings("cat")[0].tolist() == [0, 1]
    np.testing.assert_array_equal(impacts, index.find_postings("cat")[1])
    assert list(loaded.list_words()) == list(index.list_words())


@pytest.mark.parametrize("texts", [[], [""], ["the of"]])
def test_a_library_without_words_can_be_searched(texts: list[str], tmp_path: Path) -> None:
    LexicalIndex.build(texts).save(tmp_path)
    assert LexicalIndex.load(tmp_path).score(["cat"]).tolist() == [0.0] * len(texts)


def test_a_missing_or_short_file_is_named_damage(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS).save(tmp_path)
    (tmp_path / "words.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedLibraryError, match="reindex"):
        LexicalIndex.load(tmp_path)
    (tmp_path / "words.json").unlink()
    with pytest.raises(DamagedLibraryError, match="cannot be read"):
        LexicalIndex.load(tmp_path)
