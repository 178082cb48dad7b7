"""The figures that a run is summed up by, each with the rows of a case that it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from assistant_evals.case_statistics import (
    area_under_risk_coverage,
    area_under_roc,
    mean,
    per_hundred,
    ratio,
    tenth_percentile,
    total,
)
from assistant_evals.case_values import Values
from assistant_evals.cases import Case
from assistant_evals.figure import Figure


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
