from __future__ import annotations

import pytest

from assistant.answer.writing.shown import LLM_ABSTAIN_BELOW, is_worth_asking
from assistant.evidence.answerability import Assessment


@pytest.mark.parametrize(
    ("relevance", "found", "asked"),
    [
        (LLM_ABSTAIN_BELOW / 2, False, False),
        (LLM_ABSTAIN_BELOW, False, True),
        # A paper that the question names is shown to the LLM, however unlikely an answer is.
        (LLM_ABSTAIN_BELOW / 2, True, True),
    ],
)
def test_an_llm_is_asked_where_papers_may_tell_it(
    relevance: float, found: bool, asked: bool
) -> None:
    told = Assessment(0.1, relevance, found=found, confidence="uncertain")
    assert is_worth_asking(told) == asked
