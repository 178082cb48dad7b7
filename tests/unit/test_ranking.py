import numpy as np
import pytest

from assistant.retrieval.ranking import find_top_rows, fuse, standardise


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_standardised_scores_have_mean_0_and_deviation_1() -> None:
    found = standardise(floats(1, 2, 3, 10))
    assert found.mean() == pytest.approx(0, abs=1e-6)
    assert found.std() == pytest.approx(1, abs=1e-6)
    assert found.argsort().tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("scores", [floats(), floats(7), floats(0.1, 0.1, 0.1), floats(0, 0)])
def test_equal_scores_carry_no_preference(scores: np.ndarray) -> None:
    assert standardise(scores).tolist() == [0.0] * len(scores)


def test_fusion_is_the_mean_of_standardised_sides() -> None:
    dense, lexical = floats(0.9, 0.1, 0.2), floats(0, 8, 1)
    expected = (standardise(dense) + standardise(lexical)) / 2
    np.testing.assert_allclose(fuse(dense, lexical), expected)


def test_a_sides_scale_and_offset_do_not_matter() -> None:
    dense, lexical = floats(0.9, 0.1, 0.2), floats(0, 8, 1)
    np.testing.assert_allclose(
        fuse(dense, lexical), fuse(100 * dense + 5, lexical / 3 - 1), rtol=1e-4, atol=1e-5
    )


def test_a_side_without_opinion_leaves_the_others_order() -> None:
    dense = floats(0.9, 0.1, 0.2)
    assert fuse(dense, floats(4, 4, 4)).argsort().tolist() == dense.argsort().tolist()


def test_top_rows_are_best_first_and_earlier_first_when_equal() -> None:
    assert find_top_rows(floats(1, 3, 2, 3, 3), 2).tolist() == [1, 3]
    assert find_top_rows(floats(1, 3, 2), 10).tolist() == [1, 2, 0]
    assert find_top_rows(floats(), 5).tolist() == []
