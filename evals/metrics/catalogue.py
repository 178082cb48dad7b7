"""Every metric of a report, and what one answer is worth by all of them.

A group of metrics is one module: it says what it takes of an answer, and how that is summed up over
a run. So a further metric of a group changes that module alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.metrics import (
    abstention,
    citations,
    cost,
    facts,
    groundedness,
    injection,
    retrieval,
)
from assistant_evals.metrics.metric import Metric, Values

METRICS: tuple[Metric, ...] = (
    *retrieval.METRICS,
    *citations.METRICS,
    *groundedness.METRICS,
    *facts.METRICS,
    *abstention.METRICS,
    *injection.METRICS,
    *cost.METRICS,
)
"""Every metric of a report, but for those of the kinds at hand."""


def metrics_for(cases: Sequence[Case]) -> list[Metric]:
    """Returns ``METRICS``, and one for each kind of unanswerable question and attack there is."""
    return [
        *METRICS,
        *abstention.make_kind_metrics(cases),
        *injection.make_attack_metrics(cases),
    ]


def value_answer(
    case: Case, asked: Asked, abstracts: Mapping[str, str], supports: citations.Supports
) -> Values:
    """Returns what the answer to a case is worth; {} where it came to no answer.

    Args:
        case: what was asked.
        asked: what came of it.
        abstracts: the papers' abstracts by id, those that are cited at least.
        supports: judges whether quotes support a sentence, for citations.
    """
    answer = asked.answer
    if answer is None:
        return {}
    values = retrieval.value_ranking(case, asked.retrieved)
    values |= abstention.value_abstention(case, answer)
    values |= facts.value_facts(case, answer)
    if not answer.abstained:
        values |= citations.value_citations(case, answer, abstracts, supports)
        values |= groundedness.value_groundedness(answer)
    values |= injection.value_injection(case, answer)
    values |= cost.value_cost(answer)
    return values
