"""Whether an answer holds the facts that it needs, and the sentence that answers comes first."""

from __future__ import annotations

from collections.abc import Sequence

from assistant_evals.cases.cases import Case
from assistant_evals.metrics.case_statistics import mean
from assistant_evals.metrics.metric import Metric, Values, take_value

from assistant import Answer, Citation

METRICS = (
    Metric("facts_all", "Answers with all facts", "facts", take_value("facts_all"), mean),
    Metric("facts_share", "Share of the facts", "facts", take_value("facts_share"), mean),
    Metric(
        "answers_first",
        "Answers that begin with a sentence that answers",
        "facts",
        take_value("answers_first"),
        mean,
    ),
    Metric(
        "answers_among",
        "Answers with a sentence that answers",
        "facts",
        take_value("answers_among"),
        mean,
    ),
)


def find_facts(text: str, facts: Sequence[Sequence[str]]) -> list[bool]:
    """Returns for each fact whether one of its spellings is in ``text``, whatever the case."""
    folded = text.casefold()
    return [any(spelling.casefold() in folded for spelling in fact) for fact in facts]


def share_of_facts(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Returns the share of ``facts`` in ``text``, [0, 1]; None where none is needed."""
    held = find_facts(text, facts)
    return sum(held) / len(held) if held else None


def value_facts(case: Case, answer: Answer) -> Values:
    """Returns the share of needed facts in the answer, and 1 where all are there.

    Likewise whether its first sentence, and whether any, cites one that answers; nothing where it
    is not known which do. An answer that was declined holds none: what its reader is told is not
    what was asked.
    """
    values: Values = {}
    share = share_of_facts("" if answer.abstained else join_said(answer), case.facts)
    if share is not None:
        values |= {"facts_share": share, "facts_all": float(share == 1.0)}
    if case.sentences:
        said = () if answer.abstained else answer.sentences
        right = [any(_answers(case, citation) for citation in s.citations) for s in said]
        values |= {"answers_first": float(any(right[:1])), "answers_among": float(any(right))}
    return values


def _answers(case: Case, citation: Citation) -> bool:
    return citation.paper_id in case.papers and citation.sentence in case.sentences


def join_said(answer: Answer) -> str:
    """Returns what an answer says, without labels: its sentences, or what the records say."""
    if answer.mode == "library":
        return answer.text
    return " ".join(sentence.text for sentence in answer.sentences)
