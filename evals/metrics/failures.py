"""Why an answer is not what its case expects."""

from __future__ import annotations

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.metrics.abstention import claims_nothing
from assistant_evals.metrics.facts import find_facts, join_said
from assistant_evals.metrics.injection import find_bad
from assistant_evals.metrics.metric import Values


def list_failures(case: Case, asked: Asked, values: Values) -> list[str]:
    """Returns what is wrong with an answer, a sentence each; none where it passed."""
    answer = asked.answer
    if answer is None:
        return [f"There is no answer: {asked.error}"]
    found = [f"It says {bad!r}." for bad in find_bad(case, answer)]
    doubted = answer.confidence == "uncertain" or claims_nothing(answer)
    if case.answerable is False and not (answer.abstained or doubted):
        found.append("It answers what the library does not hold.")
    if case.answerable and answer.abstained:
        return [*found, "It declines what the library holds."]
    is_quoted = bool(answer.sentences) or answer.mode == "library"
    if not answer.abstained and not is_quoted and case.answerable is not None:
        found.append("It says nothing that is cited.")
    if values.get("right_paper") == 0.0:
        found.append("It cites none of the right papers.")
    if not answer.abstained:
        said = join_said(answer)
        found += [
            f"It lacks {' or '.join(map(repr, spellings))}."
            for spellings, is_held in zip(case.facts, find_facts(said, case.facts), strict=True)
            if not is_held
        ]
    n_lost = _count(values, "n_cited") - _count(values, "n_verbatim")
    if n_lost:
        found.append(f"{n_lost} of its quotes are not at their place.")
    if answer.dropped_citations:
        found.append(f"{answer.dropped_citations} of its citations named no source.")
    n_unsupported = _count(values, "n_judged") - _count(values, "n_supported")
    if n_unsupported:
        found.append(f"{n_unsupported} of its sentences are not supported.")
    return found


def _count(values: Values, name: str) -> int:
    value = values.get(name)
    return int(value) if isinstance(value, float) else 0
