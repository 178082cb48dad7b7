import ir_measures
import pytest
from assistant_evals.metrics.rankings import (
    ndcg_at_k,
    recall_at_k,
    reciprocal_rank_at_k,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

RANKING = ["d", "a", "x", "b", "y"]


def test_recall_by_hand() -> None:
    assert recall_at_k(RANKING, {"a", "b", "c"}, 3) == pytest.approx(1 / 3)
    assert recall_at_k(RANKING, {"a", "b", "c", "d"}, 2) == 1.0
    assert recall_at_k(RANKING, set(), 3) is None


def test_reciprocal_rank_by_hand() -> None:
    assert reciprocal_rank_at_k(RANKING, {"b", "x"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank_at_k(RANKING, {"b"}, 3) == 0.0
    assert reciprocal_rank_at_k(RANKING, set(), 3) is None


def test_ndcg_by_hand() -> None:
    # Gains 0, 3, 0 at ranks 1 to 3 against the best order 3, 1: (3 / log2 3) / (3 + 1 / log2 3).
    assert ndcg_at_k(RANKING, {"a": 3, "b": 1}, 3) == pytest.approx(1.892789 / 3.630930, rel=1e-5)
    assert ndcg_at_k(RANKING, {"a": 0}, 3) is None


def test_k_below_1_is_refused() -> None:
    for metric in (recall_at_k, reciprocal_rank_at_k):
        with pytest.raises(ValueError, match="not 0"):
            metric(RANKING, {"a"}, 0)
    with pytest.raises(ValueError, match="not -1"):
        ndcg_at_k(RANKING, {"a": 1}, -1)


@settings(deadline=None)
@given(
    st.permutations([f"p{i}" for i in range(12)]),
    st.dictionaries(st.sampled_from([f"p{i}" for i in range(14)]), st.integers(1, 3), min_size=1),
)
def test_metrics_agree_with_an_independent_implementation(
    ranking: list[str], gains: dict[str, int]
) -> None:
    k = 5
    run = {"q": {paper: float(-rank) for rank, paper in enumerate(ranking)}}
    expected = ir_measures.calc_aggregate([R @ k, RR @ k, nDCG @ k], {"q": gains}, run)
    capped = expected[R @ k] * len(gains) / min(len(gains), k)
    assert recall_at_k(ranking, gains, k) == pytest.approx(capped)
    assert reciprocal_rank_at_k(ranking, gains, k) == pytest.approx(expected[RR @ k])
    assert ndcg_at_k(ranking, gains, k) == pytest.approx(expected[nDCG @ k])
