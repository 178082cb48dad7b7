"""Facts in answers: by hand."""

import pytest
from assistant_evals.metrics.facts import share_of_facts


def test_facts_are_found_in_any_spelling_and_case() -> None:
    facts = [["75%", "75 percent"], ["NoPE"], ["absent"]]
    assert share_of_facts("It saves 75 PERCENT with nope.", facts) == pytest.approx(2 / 3)
    assert share_of_facts("anything", []) is None
