"""How far the sources bear out what an answer says, by the verdicts that it carries."""

from __future__ import annotations

from assistant_evals.metrics.case_statistics import mean, per_hundred, ratio, tenth_percentile
from assistant_evals.metrics.metric import Metric, Values, take_mean, take_pair, take_value

from assistant import Answer

BORNE_OUT = ("verbatim", "supported")
"""Verdicts of a sentence that its sources support."""

MISMATCHES = ("number", "name", "negation", "direction", "addition")
"""Flags of something that a sentence says and its sources do not."""

METRICS = (
    Metric(
        "supported",
        "Sentences that are supported",
        "groundedness",
        take_pair("n_supported", "n_judged"),
        ratio,
    ),
    Metric("lexical_mean", "Lexical support", "groundedness", take_mean("lexical"), mean),
    Metric(
        "lexical_p10",
        "Lexical support, 10th percentile of answers",
        "groundedness",
        take_mean("lexical"),
        tenth_percentile,
    ),
    Metric(
        "mismatches",
        "Mismatches",
        "groundedness",
        take_pair("n_mismatches", "n_judged"),
        per_hundred,
        higher_is_better=False,
        unit="per 100 sentences",
    ),
    Metric(
        "worst_sentence",
        "Score of an answer's worst sentence",
        "groundedness",
        take_value("worst_sentence"),
        mean,
    ),
)


def value_groundedness(answer: Answer) -> Values:
    """Returns the verdicts that the answer carries, counted; {} where it has no sentence.

    Unchecked sentences were not judged: they count neither for nor against.
    """
    sentences = answer.sentences
    if not sentences:
        return {}
    lexical = [
        1.0 if sentence.verdict == "verbatim" else sentence.lexical
        for sentence in sentences
        if sentence.verdict == "verbatim" or sentence.lexical is not None
    ]
    return {
        "n_judged": float(sum(sentence.verdict != "unchecked" for sentence in sentences)),
        "n_supported": float(sum(sentence.verdict in BORNE_OUT for sentence in sentences)),
        "n_mismatches": float(
            sum(flag.kind in MISMATCHES for sentence in sentences for flag in sentence.flags)
        ),
        "lexical": [value for value in lexical if value is not None],
        "worst_sentence": min(sentence.score for sentence in sentences),
    }
