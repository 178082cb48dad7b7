"""The two things of a comparison: read off the question, shown, or said to be missing."""

import pytest

from assistant.answer.survey.sides import Sides, find_sides, format_sides


@pytest.mark.parametrize(
    ("question", "sides", "explicit"),
    [
        ("aspirin vs placebo for headache", ("aspirin", "placebo"), True),
        ("Compare Sepsis-2 with Sepsis-3: who is found?", ("Sepsis-2", "Sepsis-3"), True),
        ("How does LayerSkip differ from Kangaroo?", ("LayerSkip", "Kangaroo"), True),
        ("what is the difference between UDC and DDC", ("UDC", "DDC"), True),
        ("is a short wing any better than a long one in gusts", ("short wing", "long one"), False),
        ("IL-4 or IL-13, which drives scarring?", ("IL-4", "IL-13"), False),
    ],
)
def test_sides_are_read(question: str, sides: tuple[str, str], explicit: bool) -> None:
    assert find_sides(question) == Sides(sides, explicit)


@pytest.mark.parametrize(
    "question",
    [
        "Which papers study tides?",
        "why does fat build up in obese or diabetic people?",
        "how many patients took part?",
        "is it better than it",
    ],
)
def test_other_questions_have_none(question: str) -> None:
    assert find_sides(question) is None


def test_the_line_above_says_which_side_is_missing() -> None:
    sides = Sides(("A1", "B2"), explicit=True)
    assert format_sides(sides, [], 2) == "“A1” and “B2”, in 2 papers:"
    assert format_sides(sides, ["B2"], 1) == "No sentence was found that names “B2”:"
    assert format_sides(None, [], 3) == "3 papers side by side:"
