import numpy as np
import pytest

from assistant.text.word_vectors import (
    WORD_DIM,
    WordVectors,
    compute_soft_coverage,
    compute_word_vectors,
)


def unit(axis: int) -> np.ndarray:
    vector = np.zeros(WORD_DIM, dtype=np.int8)
    vector[axis] = 127
    return vector


def coverage(query: list[int], weights: list[float], *texts: list[int]) -> list[float]:
    words = [np.array([unit(a) for a in text]).reshape(-1, WORD_DIM) for text in texts]
    sizes = np.array([len(text) for text in texts])
    return compute_soft_coverage(
        np.array([unit(a) for a in query]).reshape(-1, WORD_DIM),
        np.array(weights, dtype=np.float32),
        np.concatenate(words).astype(np.int8),
        np.cumsum(sizes) - sizes,
    ).tolist()


def test_coverage_is_the_weighted_share_of_the_words_that_are_met() -> None:
    found = coverage([0, 1], [3.0, 1.0], [0, 1, 2], [0, 5], [1], [7])
    assert found == pytest.approx([1.0, 0.75, 0.25, 0.0])


def test_a_text_without_words_covers_nothing() -> None:
    assert coverage([0], [1.0], [], [0], []) == pytest.approx([0.0, 1.0, 0.0])


def test_a_question_without_words_is_covered_by_nothing() -> None:
    assert coverage([], [], [0], [1]) == [0.0, 0.0]


def test_opposite_words_do_not_count_against_a_text() -> None:
    query = unit(0)[np.newaxis]
    found = compute_soft_coverage(query, np.ones(1, np.float32), -query, np.array([0]))
    assert found.tolist() == [0.0]


def test_a_half_met_word_counts_by_the_square_of_its_cosine() -> None:
    halfway = np.zeros((1, WORD_DIM), dtype=np.int8)
    halfway[0, :2] = 90
    weights = np.ones(1, np.float32)
    (found,) = compute_soft_coverage(unit(0)[np.newaxis], weights, halfway, np.array([0]))
    assert found == pytest.approx((90 / 127) ** 2, rel=1e-4)


def test_pieces_are_joined_to_words_and_words_without_terms_left_out() -> None:
    text = "the tokenizer"
    states = np.random.default_rng(0).normal(size=(5, 384)).astype(np.float32)
    ids = [None, 0, 1, 1, None]
    offsets = [(0, 0), (0, 3), (4, 9), (9, 13), (0, 0)]
    found = compute_word_vectors(text, ids, offsets, states)
    assert [text[a:b] for a, b in found.spans.tolist()] == ["tokenizer"]
    norm = np.linalg.norm(found.vectors[0].astype(float))
    assert norm == pytest.approx(127, abs=3)


def test_a_text_of_function_words_has_no_vectors() -> None:
    found = compute_word_vectors("of the", [0, 1], [(0, 2), (3, 6)], np.ones((2, 384), np.float32))
    assert found.vectors.shape == (0, WORD_DIM)
    assert WordVectors.from_bytes(found.to_bytes()).spans.shape == (0, 2)


def test_bytes_give_the_same_vectors_back() -> None:
    words = WordVectors(
        np.array([[0, 3], [4, 9]], dtype=np.int32), np.array([unit(1), -unit(2)], dtype=np.int8)
    )
    again = WordVectors.from_bytes(words.to_bytes())
    assert again.spans.tolist() == words.spans.tolist()
    assert again.vectors.tolist() == words.vectors.tolist()


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        WordVectors.from_bytes(b"12345")
