"""What an answer costs."""

from __future__ import annotations

from assistant_evals.metrics.case_statistics import mean, total
from assistant_evals.metrics.metric import Metric, Values, take_value

from assistant import Answer

METRICS = (
    Metric(
        "tokens",
        "Tokens a question",
        "cost",
        take_value("tokens"),
        mean,
        higher_is_better=False,
        unit="tokens",
    ),
    Metric(
        "usd",
        "Price of the run",
        "cost",
        take_value("usd"),
        total,
        higher_is_better=False,
        unit="USD",
    ),
)


def value_cost(answer: Answer) -> Values:
    """Returns the tokens that an answer took, and its price in USD where that is known."""
    usage = answer.usage
    return {
        "tokens": float(usage.prompt_tokens + usage.completion_tokens),
        "usd": usage.cost_usd,
    }
