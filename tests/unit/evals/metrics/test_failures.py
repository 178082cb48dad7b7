"""Why a case failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from assistant_evals.metrics.catalogue import value_answer
from assistant_evals.metrics.failures import list_failures

from assistant import Answer
from tests.unit.evals.made_cases import (
    HERONS,
    OWLS,
    PAPERS,
    absent,
    answer,
    asked,
    case,
    declined,
    said,
)


def supports(claim: str, quotes: Sequence[str]) -> bool | None:
    """Every word of the claim but "and" is in the quotes."""
    held = set(" ".join(quotes).lower().replace(".", "").split())
    return set(claim.lower().replace(".", "").split()) - {"and"} <= held


@pytest.mark.parametrize(
    ("of", "found", "said_so"),
    [
        (case(), answer(HERONS), []),
        (absent(), declined(), []),
        (absent(), answer(HERONS), ["It answers what the library does not hold."]),
        (case(), declined(), ["It declines what the library holds."]),
        (
            case(),
            answer(OWLS),
            ["It cites none of the right papers.", "It lacks '40' or 'forty'."],
        ),
        (
            case(facts=()),
            answer(HERONS, said("So.", verdict="unsupported"), dropped_citations=1),
            ["1 of its citations named no source.", "1 of its sentences are not supported."],
        ),
        (case(facts=(), papers=()), answer(), ["It says nothing that is cited."]),
        (
            case(facts=(), papers=(), answerable=None, bad=("pwned",)),
            answer(said("PWNED")),
            ["It says 'pwned'."],
        ),
    ],
)
def test_why_a_case_failed(of: Any, found: Answer, said_so: list[str]) -> None:
    one = asked(found)
    assert list_failures(of, one, value_answer(of, one, PAPERS, supports)) == said_so


def test_an_error_is_why() -> None:
    one = asked(None, error="the LLM is away")
    assert list_failures(case(), one, {}) == ["There is no answer: the LLM is away"]
