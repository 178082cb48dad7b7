"""The figures of a run: what is taken over all cases, with an interval for each.

A figure is a statistic over cases, resampled as a whole for its interval; so a share of sentences
is as sure as the number of answers that they come from, and not as that of the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from assistant_evals.case_values import Values
from assistant_evals.cases import Case
from numpy.typing import NDArray

Group = Literal[
    "retrieval", "citations", "groundedness", "facts", "abstention", "injection", "cost"
]
Array = NDArray[np.float64]
N_RESAMPLES = 1000
PLACES = 6
"""Places that figures are kept to: more is noise that differs between machines."""

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic over the cases to which it applies.

    ``rows`` gives what the statistic needs of one case, None where it does not apply; the
    statistic takes those rows as one array of shape (n, width), of which all have the same width,
    and returns None where it has no value.
    """

    name: str
    title: str
    group: Group
    rows: Callable[[Case, Values], tuple[float, ...] | None]
    statistic: Callable[[Array], float | None]
    higher_is_better: bool = True
    unit: str = "share"

    def of(self, cases: Sequence[Case], values: Sequence[Values]) -> dict[str, tuple[float, ...]]:
        """Returns the rows by case id; cases that came to no answer have none."""
        found = ((case.id, self.rows(case, own)) for case, own in zip(cases, values, strict=True))
        return {
            name: tuple(round(x, PLACES) for x in row) for name, row in found if row is not None
        }


def mean(rows: Array) -> float | None:
    """Returns the mean of the only column."""
    return float(rows[:, 0].mean()) if len(rows) else None


def ratio(rows: Array) -> float | None:
    """Returns the sum of the first column over that of the second; None where that is 0."""
    below = rows[:, 1].sum()
    return float(rows[:, 0].sum() / below) if below else None


def per_hundred(rows: Array) -> float | None:
    """Returns ``ratio`` times 100."""
    found = ratio(rows)
    return None if found is None else 100 * found


def total(rows: Array) -> float | None:
    """Returns the sum of the only column."""
    return float(rows[:, 0].sum())


def tenth_percentile(rows: Array) -> float | None:
    """Returns the value that a tenth lies below, interpolated between neighbours.

    Source: Hyndman & Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7.
    """
    return float(np.quantile(rows[:, 0], 0.1)) if len(rows) else None


def area_under_roc(rows: Array) -> float | None:
    """Returns how often a positive scores above a negative, ties as one half, by ranks.

    Columns: score, and 1 for a positive. None where one kind lacks.

    Source: Hanley & McNeil, "The Meaning and Use of the Area under a ROC Curve", 1982.
    """
    scores, labels = rows[:, 0], rows[:, 1] == 1
    n_positive, n_negative = int(labels.sum()), int((~labels).sum())
    if not n_positive or not n_negative:
        return None
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    above = ranks[labels].sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * n_negative))


def risk_coverage(rows: Array) -> Array:
    """Returns the risk among the k surest questions at each coverage k / n: shape (n, 2).

    Columns of ``rows``: confidence, and 1 where answering is a mistake. Equally sure questions
    share the mean risk of their block, so that their order does not matter.

    Source: El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", 2010,
    section 2; the curve over all thresholds as in Geifman & El-Yaniv, "Selective Classification
    for Deep Neural Networks", 2017.
    """
    n = len(rows)
    order = np.argsort(-rows[:, 0], kind="stable")
    confidence, losses = rows[order, 0], rows[order, 1]
    _, starts, counts = np.unique(-confidence, return_index=True, return_counts=True)
    means = np.add.reduceat(losses, starts) / counts if n else losses
    covered = np.arange(1, n + 1)
    return np.column_stack((covered / n, np.cumsum(np.repeat(means, counts)) / covered))


def area_under_risk_coverage(rows: Array) -> float | None:
    """Returns the mean risk over all coverages, [0, 1], lower is better.

    Source: Geifman et al., "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    2019, section 2 (AURC).
    """
    return float(risk_coverage(rows)[:, 1].mean()) if len(rows) else None


def _value(name: str) -> Callable[[Case, Values], tuple[float, ...] | None]:
    def row(_: Case, values: Values) -> tuple[float, ...] | None:
        value = values.get(name)
        return None if value is None or isinstance(value, list) else (value,)

    return row


def _pair(above: str, below: str) -> Callable[[Case, Values], tuple[float, ...] | None]:
    def row(_: Case, values: Values) -> tuple[float, ...] | None:
        first, second = values.get(above), values.get(below)
        # Where there is nothing to take a share of, the share does not apply.
        if not isinstance(first, float) or not isinstance(second, float) or not second:
            return None
        return first, second

    return row


def _declined(counted: Callable[[float, float], tuple[float, float]]) -> Any:
    """Returns rows of two counts of (declined, unanswerable); None for a case that adds nothing."""

    def row(_: Case, values: Values) -> tuple[float, ...] | None:
        declined, unanswerable = values.get("declined"), values.get("unanswerable")
        if not isinstance(declined, float) or not isinstance(unanswerable, float):
            return None
        found = counted(declined, unanswerable)
        return found if found[1] else None

    return row


def _confidence(case: Case, values: Values, *, positive: bool) -> tuple[float, ...] | None:
    confidence = values.get("answerability")
    if not isinstance(confidence, float) or case.answerable is None:
        return None
    return confidence, float(case.answerable == positive)


def _means(values: Values, name: str) -> tuple[float, ...] | None:
    own = values.get(name)
    return (sum(own) / len(own),) if isinstance(own, list) and own else None


FIGURES = (
    Figure("recall_at_5", "Recall@5", "retrieval", _value("recall_at_5"), mean),
    Figure("recall_at_10", "Recall@10", "retrieval", _value("recall_at_10"), mean),
    Figure("mrr_at_10", "MRR@10", "retrieval", _value("mrr_at_10"), mean),
    Figure("ndcg_at_10", "nDCG@10", "retrieval", _value("ndcg_at_10"), mean),
    Figure(
        "valid_ids",
        "Citations that name a source",
        "citations",
        _pair("n_cited", "n_labels"),
        ratio,
    ),
    Figure(
        "verbatim_quotes",
        "Quotes that are verbatim",
        "citations",
        _pair("n_verbatim", "n_cited"),
        ratio,
    ),
    Figure(
        "citation_recall", "Citation recall", "citations", _pair("n_recalled", "n_sentences"), ratio
    ),
    Figure(
        "citation_precision",
        "Citation precision",
        "citations",
        _pair("n_precise", "n_labels"),
        ratio,
    ),
    Figure(
        "sentence_coverage",
        "Sentences with a citation",
        "citations",
        _pair("n_with_citation", "n_sentences"),
        ratio,
    ),
    Figure(
        "right_paper", "Answers that cite a right paper", "citations", _value("right_paper"), mean
    ),
    Figure("must_cited", "Needed papers that are cited", "citations", _value("must_cited"), mean),
    Figure(
        "supported",
        "Sentences that are supported",
        "groundedness",
        _pair("n_supported", "n_judged"),
        ratio,
    ),
    Figure(
        "lexical_mean", "Lexical support", "groundedness", lambda _, v: _means(v, "lexical"), mean
    ),
    Figure(
        "lexical_p10",
        "Lexical support, 10th percentile of answers",
        "groundedness",
        lambda _, v: _means(v, "lexical"),
        tenth_percentile,
    ),
    Figure(
        "mismatches",
        "Mismatches",
        "groundedness",
        _pair("n_mismatches", "n_judged"),
        per_hundred,
        False,
        "per 100 sentences",
    ),
    Figure(
        "worst_sentence",
        "Score of an answer's worst sentence",
        "groundedness",
        _value("worst_sentence"),
        mean,
    ),
    Figure("facts_all", "Answers with all facts", "facts", _value("facts_all"), mean),
    Figure("facts_share", "Share of the facts", "facts", _value("facts_share"), mean),
    Figure(
        "declined_rightly",
        "Abstention precision",
        "abstention",
        _declined(lambda d, u: (d * u, d)),
        ratio,
    ),
    Figure(
        "unanswerable_declined",
        "Abstention recall",
        "abstention",
        _declined(lambda d, u: (d * u, u)),
        ratio,
    ),
    Figure(
        "abstention_f1",
        "Abstention F1",
        "abstention",
        _declined(lambda d, u: (2 * d * u, d + u)),
        ratio,
    ),
    Figure(
        "wrongly_declined",
        "Answerable questions declined",
        "abstention",
        _declined(lambda d, u: (d * (1 - u), 1 - u)),
        ratio,
        False,
    ),
    Figure(
        "answerability_auroc",
        "AUROC of answerability",
        "abstention",
        lambda c, v: _confidence(c, v, positive=True),
        area_under_roc,
    ),
    Figure(
        "aurc",
        "Area under the risk-coverage curve",
        "abstention",
        lambda c, v: _confidence(c, v, positive=False),
        area_under_risk_coverage,
        False,
    ),
    Figure(
        "attack_success", "Attacks that succeed", "injection", _value("attack_success"), mean, False
    ),
    Figure("tokens", "Tokens a question", "cost", _value("tokens"), mean, False, "tokens"),
    Figure("usd", "Price of the run", "cost", _value("usd"), total, False, "USD"),
)
"""Every figure of a report, but for those of the kinds at hand."""


def figures_for(cases: Sequence[Case]) -> list[Figure]:
    """Returns ``FIGURES``, and one for each kind of unanswerable question and attack there is."""
    kinds = dict.fromkeys(case.kind for case in cases if case.answerable is False)
    attacks = dict.fromkeys(case.attack for case in cases if case.bad)
    return [
        *FIGURES,
        *(_declined_kind(kind) for kind in kinds),
        *(_succeeded(attack) for attack in attacks),
    ]


def _declined_kind(kind: str) -> Figure:
    def row(case: Case, values: Values) -> tuple[float, ...] | None:
        declined = values.get("declined")
        fits = case.kind == kind and case.answerable is False and isinstance(declined, float)
        return (declined,) if fits and isinstance(declined, float) else None

    return Figure(f"declined:{kind}", f"Declined: {kind}", "abstention", row, mean)


def _succeeded(attack: str) -> Figure:
    def row(case: Case, values: Values) -> tuple[float, ...] | None:
        succeeded = values.get("attack_success")
        return (succeeded,) if case.attack == attack and isinstance(succeeded, float) else None

    title = f"Attack succeeds: {attack}"
    return Figure(f"attack:{attack}", title, "injection", row, mean, higher_is_better=False)


def measured(
    figure: Figure, cases: Sequence[Case], values: Sequence[Values], seed: int = 0
) -> dict[str, Any]:
    """Returns a figure as the report holds it: its value, interval and counts.

    ``mean`` is the value of the statistic; cases that came to no answer are counted as errors.
    """
    rows = figure.of(cases, values)
    array = as_array(rows.values())
    n_errors = sum(not own for own in values)
    value = figure.statistic(array) if len(rows) else None
    low, high = interval(figure, array, seed) if value is not None else (None, None)
    return {
        "name": figure.name,
        "title": figure.title,
        "group": figure.group,
        "mean": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "n": len(rows),
        "n_inapplicable": len(cases) - len(rows) - n_errors,
        "n_errors": n_errors,
        "higher_is_better": figure.higher_is_better,
        "floor": None,
        "passed": None,
        "unit": figure.unit,
    }


def as_array(rows: Any) -> Array:
    """Returns rows as an array of shape (n, width)."""
    found = [tuple(row) for row in rows]
    return np.array(found, dtype=np.float64) if found else np.empty((0, 2))


def resamples(n: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yields ``N_RESAMPLES`` draws with replacement of n out of n indices, by ``seed``."""
    generator = np.random.default_rng(seed)
    for _ in range(N_RESAMPLES):
        yield generator.integers(0, n, n)


def interval(figure: Figure, rows: Array, seed: int) -> tuple[float | None, float | None]:
    """Returns the percentile bootstrap interval of a figure at ``LEVEL``.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    found = [figure.statistic(rows[chosen]) for chosen in resamples(len(rows), seed)]
    return quantiles(found, (1 - LEVEL) / 2, (1 + LEVEL) / 2)


def quantiles(found: Sequence[float | None], low: float, high: float) -> tuple[Any, Any]:
    """Returns two quantiles of those values that there are."""
    held = [value for value in found if value is not None]
    return tuple(np.quantile(held, [low, high]).tolist()) if held else (None, None)


def rounded(value: float | None) -> float | None:
    """Returns a figure to ``PLACES``."""
    return None if value is None else round(float(value), PLACES)


def by_kind(
    cases: Sequence[Case], passed: Sequence[bool], errors: Sequence[bool]
) -> Mapping[str, dict[str, int]]:
    """Returns how many cases of each kind there are, passed, and came to no answer."""
    counts: dict[str, dict[str, int]] = {}
    for case, is_passed, is_error in zip(cases, passed, errors, strict=True):
        own = counts.setdefault(case.kind, {"n": 0, "n_passed": 0, "n_errors": 0})
        own["n"] += 1
        own["n_passed"] += is_passed
        own["n_errors"] += is_error
    return counts
