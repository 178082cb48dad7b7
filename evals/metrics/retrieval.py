"""How high search ranks the right papers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant_evals.cases.cases import Case
from assistant_evals.metrics.case_statistics import mean
from assistant_evals.metrics.metric import Metric, Values, take_value
from assistant_evals.metrics.rankings import ndcg_at_k, recall_at_k, reciprocal_rank_at_k

METRICS = (
    Metric("recall_at_5", "Recall@5", "retrieval", take_value("recall_at_5"), mean),
    Metric("recall_at_10", "Recall@10", "retrieval", take_value("recall_at_10"), mean),
    Metric("mrr_at_10", "MRR@10", "retrieval", take_value("mrr_at_10"), mean),
    Metric("ndcg_at_10", "nDCG@10", "retrieval", take_value("ndcg_at_10"), mean),
)


def value_ranking(case: Case, ranking: Sequence[str]) -> Values:
    """Returns how high the right papers are ranked; {} where there is none."""
    if not case.papers:
        return {}
    return {
        "recall_at_5": recall_at_k(ranking, case.papers, 5),
        "recall_at_10": recall_at_k(ranking, case.papers, 10),
        "mrr_at_10": reciprocal_rank_at_k(ranking, case.papers, 10),
        "ndcg_at_10": ndcg_at_k(ranking, dict.fromkeys(case.papers, 1.0), 10),
    }
