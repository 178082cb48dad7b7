from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.quantities import find_numerals, find_value_kind, states_value
from assistant.evidence.question import analyse_question, find_names


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How many fish were counted in the bay?", {"number"}),
        ("Which enzyme opens the ring?", {"name"}),
        ("Why do the cells swell?", {"reason"}),
        ("How does the valve close?", {"method"}),
        ("Is the vaccine safe in infants?", {"yes_no"}),
    ],
)
def test_what_kind_of_answer_is_asked(question: str, asks: set[str]) -> None:
    assert asks <= analyse_question(question).asks


@pytest.mark.parametrize(
    ("question", "several", "n_papers"),
    [
        ("Which papers study coral bleaching, and where?", True, None),
        ("Compare the trials of statins and aspirin.", True, 2),
        ("Two papers measure the drift of the needle. Do they agree?", True, 2),
        ("What do the three older studies say about sleep?", True, 3),
        ("How large is the telescope's mirror?", False, None),
    ],
)
def test_questions_for_several_papers_are_told(
    question: str, several: bool, n_papers: int | None
) -> None:
    found = analyse_question(question)
    assert (found.several, found.n_papers) == (several, n_papers)


def test_focus_is_the_attribute_and_not_the_rest() -> None:
    focus = analyse_question("How many lattice sites did the simulation of iron use?").focus
    assert focus == ("lattic", "site")


def test_each_asking_part_is_a_clause() -> None:
    clauses = analyse_question("Which alloy is harder, and how much does it cost?").clauses
    assert len(clauses) == 2
    assert "alloy" in clauses[0]
    assert "cost" in clauses[1]


def test_names_have_inner_capitals_digits_or_stand_inside_a_sentence() -> None:
    assert find_names("Mice lack the BRCA2 gene, say DeepMap and Turing.") == (
        "BRCA2",
        "DeepMap",
        "Turing",
    )


def test_a_shouted_question_has_no_names_by_capitals() -> None:
    assert analyse_question("HOW OLD IS THE ROCK").names == ()


def test_corrections_are_read_and_the_typed_text_is_kept() -> None:
    found = analyse_question("Where do wahles sleep?", {"wahles": "whales"})
    assert found.text == "Where do wahles sleep?"
    assert "whale" in found.terms
    assert "wahl" not in found.terms


def test_numbers_of_the_question_are_known() -> None:
    assert analyse_question("What changed after 1,200 cycles at 3.5 volts?").numbers == {
        "1200",
        "3.5",
    }
    assert find_numerals("from 2.4 to 6.5") == ("2.4", "6.5")


@pytest.mark.parametrize(
    ("question", "kind", "stating", "other"),
    [
        ("How long did charging take?", "time", "It took 40 minutes.", "It used 40 volts."),
        ("How much faster is the new pump?", "factor", "It is 3 times faster.", "In May 1999."),
        ("What share of patients relapsed?", "share", "12% relapsed.", "12 relapsed."),
        ("How many birds were ringed?", "count", "We ringed nine birds.", "We ringed birds."),
    ],
)
def test_kind_of_value(question: str, kind: str, stating: str, other: str) -> None:
    found = find_value_kind(question)
    assert found == kind
    assert found is not None
    assert states_value(stating, found)
    assert not states_value(other, found)


@given(st.text(max_size=300))
def test_any_text_can_be_analysed(text: str) -> None:
    found = analyse_question(text)
    assert found.text == text
    assert all(found.clauses)


@pytest.mark.parametrize("odd", ["how many " * 1_100, "a" + " " * 9_000 + "b?", "which " * 1_600])
def test_odd_long_questions_are_read_like_their_beginning(odd: str) -> None:
    assert analyse_question(odd).terms == analyse_question(odd[:2_500]).terms
