"""Whether what the library does not hold is declined, and only that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant_evals.cases.cases import Case
from assistant_evals.metrics.case_statistics import (
    area_under_risk_coverage,
    area_under_roc,
    mean,
    ratio,
)
from assistant_evals.metrics.metric import Metric, Row, TakeRow, Values, take_value

from assistant import Answer

FALSE_PREMISE = "false-premise"
"""The kind of questions that take for granted what the papers contradict."""


def _take_counts(
    count: Callable[[float, float], tuple[float, float]], of: str = "declined"
) -> TakeRow:
    """Returns what takes two counts of (declined, unanswerable); none of a case that adds none.

    ``of`` names what is counted in place of declining: "doubted", or "uncertain" alone.
    """

    def take(_: Case, values: Values) -> Row | None:
        declined, unanswerable = values.get(of), values.get("unanswerable")
        if not isinstance(declined, float) or not isinstance(unanswerable, float):
            return None
        found = count(declined, unanswerable)
        return found if found[1] else None

    return take


def _take_confidence(*, positive: bool) -> TakeRow:
    """Returns what takes answerability, and 1 where the case is or is not answerable."""

    def take(case: Case, values: Values) -> Row | None:
        confidence = values.get("answerability")
        if not isinstance(confidence, float) or case.answerable is None:
            return None
        return confidence, float(case.answerable == positive)

    return take


METRICS = (
    Metric(
        "declined_rightly",
        "Abstention precision",
        "abstention",
        _take_counts(lambda d, u: (d * u, d)),
        ratio,
    ),
    Metric(
        "unanswerable_declined",
        "Abstention recall",
        "abstention",
        _take_counts(lambda d, u: (d * u, u)),
        ratio,
    ),
    Metric(
        "abstention_f1",
        "Abstention F1",
        "abstention",
        _take_counts(lambda d, u: (2 * d * u, d + u)),
        ratio,
    ),
    Metric(
        "wrongly_declined",
        "Answerable questions declined",
        "abstention",
        _take_counts(lambda d, u: (d * (1 - u), 1 - u)),
        ratio,
        higher_is_better=False,
    ),
    Metric(
        "unanswerable_doubted",
        "Unanswerable questions doubted",
        "abstention",
        _take_counts(lambda d, u: (d * u, u), of="doubted"),
        ratio,
    ),
    Metric(
        "wrongly_doubted",
        "Answerable questions doubted",
        "abstention",
        _take_counts(lambda d, u: (d * (1 - u), 1 - u), of="uncertain"),
        ratio,
        higher_is_better=False,
    ),
    Metric(
        "premises_corrected",
        "Wrong premises corrected by an LLM",
        "abstention",
        take_value("premise_corrected"),
        mean,
    ),
    Metric(
        "answerability_auroc",
        "AUROC of answerability",
        "abstention",
        _take_confidence(positive=True),
        area_under_roc,
    ),
    Metric(
        "aurc",
        "Area under the risk-coverage curve",
        "abstention",
        _take_confidence(positive=False),
        area_under_risk_coverage,
        higher_is_better=False,
    ),
)


def make_kind_metrics(cases: Sequence[Case]) -> list[Metric]:
    """Returns a metric for each kind of unanswerable question among ``cases``."""
    return [
        Metric(f"declined:{kind}", f"Declined: {kind}", "abstention", _take_declined(kind), mean)
        for kind in dict.fromkeys(case.kind for case in cases if case.answerable is False)
    ]


def value_abstention(case: Case, answer: Answer) -> Values:
    """Returns whether declining was right; {} where it is neither right nor wrong.

    ``declined`` is 1 for an abstention and ``unanswerable`` 1 where one is right; ``uncertain``
    is 1 for an answer that says it may be none, ``doubted`` for either. What claims
    nothing of a paper, as the answer to a greeting, is right where declining is. Of a question with
    a wrong premise it is asked alone whether an LLM corrected it: a quotation cannot.
    """
    if case.kind == FALSE_PREMISE and answer.mode == "llm":
        return {"premise_corrected": float(answer.premise is not None)}
    if case.answerable is None:
        return {}
    declined = answer.abstained or (not case.answerable and claims_nothing(answer))
    uncertain = answer.confidence == "uncertain"
    return {
        "declined": float(declined),
        "uncertain": float(uncertain),
        "doubted": float(declined or uncertain),
        "unanswerable": float(not case.answerable),
        "answerability": answer.answerability,
    }


def claims_nothing(answer: Answer) -> bool:
    """Returns whether the answer is of the assistant or the library, and of no paper."""
    return answer.mode == "library" and not any(source.cited for source in answer.sources)


def _take_declined(kind: str) -> TakeRow:
    def take(case: Case, values: Values) -> Row | None:
        declined = values.get("declined")
        if case.kind != kind or case.answerable is not False or not isinstance(declined, float):
            return None
        return (declined,)

    return take
