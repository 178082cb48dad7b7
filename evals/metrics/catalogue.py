"""Every metric of a report, and what one answer is worth by all of them.

A group of metrics is one module: it says what it takes of an answer, and how that is summed up over
a run. So a further metric of a group changes that module alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
from assistant_evals.metrics.metric import Metric, Values, restrict

from assistant import Paper

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


def metrics_for(cases: Sequence[Case], asked_for: Iterable[str] = ()) -> list[Metric]:
    """Returns ``METRICS``, and one for each kind of unanswerable question and attack there is.

    Beside them those of ``asked_for`` that name a metric and a part of the cases, their kind or
    golden file, as "facts_all:rough".
    """
    found = [
        *METRICS,
        *abstention.make_kind_metrics(cases),
        *injection.make_attack_metrics(cases),
    ]
    whole = {metric.name: metric for metric in METRICS}
    known = {metric.name for metric in found}
    for name in dict.fromkeys(asked_for):
        metric, _, part = name.partition(":")
        if part and name not in known and metric in whole:
            found.append(restrict(whole[metric], part))
    return found


def value_answer(
    case: Case, asked: Asked, papers: Mapping[str, Paper], supports: citations.Supports
) -> Values:
    """Returns what the answer to a case is worth; {} where it came to no answer.

    Args:
        case: what was asked.
        asked: what came of it.
        papers: the papers by id, those that are cited at least.
        supports: judges whether quotes support a sentence, for citations.
    """
    answer = asked.answer
    if answer is None:
        return {}
    values = retrieval.value_ranking(case, asked.retrieved)
    values |= abstention.value_abstention(case, answer)
    values |= facts.value_facts(case, answer)
    if not answer.abstained:
        values |= citations.value_citations(case, answer, papers, supports)
        values |= groundedness.value_groundedness(answer)
    values |= injection.value_injection(case, answer)
    values |= cost.value_cost(answer)
    return values
