"""Answers of the library's records are neither quotations nor abstentions."""

from __future__ import annotations

from assistant_evals.metrics.abstention import value_abstention
from assistant_evals.metrics.facts import value_facts
from assistant_evals.metrics.failures import list_failures

from assistant import Answer
from tests.unit.evals.made_cases import absent, asked, case


def test_an_answer_to_a_greeting_is_right_where_an_abstention_is() -> None:
    greeted = Answer("Hi", "Hi", "I answer questions.", 0.0, mode="library")
    assert value_abstention(absent(), greeted)["declined"] == 1.0
    assert list_failures(absent(), asked(greeted), {}) == []


def test_what_the_records_say_counts_as_said() -> None:
    told = Answer("Q?", "Q?", "This library has 245 papers.", 1.0, mode="library")
    row = case(facts=(("245 papers",),))
    assert value_abstention(row, told)["declined"] == 0.0
    assert value_facts(row, told)["facts_all"] == 1.0
    assert list_failures(row, asked(told), {}) == []
