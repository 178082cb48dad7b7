"""Citation markers, in each form that models write, in pieces of any length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.writing.markers import Marker, MarkerFilter

LABELS = ("A1", "A2", "A3", "A12", "B1", "B2", "AB4")


def read(text: str, size: int = 1000, literal: str = "") -> tuple[str, list[str], int]:
    """Returns the text without markers, the labels in order, and the number of unknown ones."""
    found = MarkerFilter(LABELS, literal)
    items = [i for n in range(0, len(text), size) for i in found.feed(text[n : n + size])]
    items += found.finish()
    markers = [item for item in items if isinstance(item, Marker)]
    return (
        "".join(item for item in items if isinstance(item, str)),
        [label for marker in markers for label in marker.labels],
        sum(marker.n_unknown for marker in markers),
    )


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("[A2]", ["A2"]),
        ("[A2, B1]", ["A2", "B1"]),
        ("[A2; B1]", ["A2", "B1"]),
        ("[A2][B1]", ["A2", "B1"]),
        ("[A2] [B1]", ["A2", "B1"]),
        ("(A2)", ["A2"]),
        ("(A2, B1)", ["A2", "B1"]),
        ("\u3010A2\u3011", ["A2"]),
        ("\u3010A2\u2020\u3011", ["A2"]),
        ("[A1-A3]", ["A1", "A2", "A3"]),
        ("[A1\u20133]", ["A1", "A2", "A3"]),
        ("[A1 to A3]", ["A1", "A2", "A3"]),
        ("[A3-A1]", ["A1", "A2", "A3"]),
        ("[A2-A9]", ["A2", "A3"]),
        ("[A1 and B2]", ["A1", "B2"]),
        ("[A1, A2, and B1]", ["A1", "A2", "B1"]),
        ("[ A2 ]", ["A2"]),
        ("[A 2]", ["A2"]),
        ("[A02]", ["A2"]),
        ("[Source A2]", ["A2"]),
        ("[sources: A2, B1]", ["A2", "B1"]),
        ("[see A12]", ["A12"]),
        ("[AB4]", ["AB4"]),
        ("[A2.]", ["A2"]),
    ],
)
def test_each_form(written: str, labels: list[str]) -> None:
    assert read(f"Said {written}.") == (
        "Said  ." if written == "[A2] [B1]" else "Said .",
        labels,
        0,
    )


@pytest.mark.parametrize(
    ("written", "n_unknown"),
    [
        ("[Q7]", 1),
        ("[A2, Q7]", 1),
        ("[3]", 1),
        ("[1][2]", 2),
        ("[A]", 1),
        ("[A, B]", 2),
        ("[A9]", 1),
    ],
)
def test_unknown_labels_are_taken_out_and_counted(written: str, n_unknown: int) -> None:
    text, _, found = read(f"Said {written}.")
    assert text == "Said ."
    assert found == n_unknown


@pytest.mark.parametrize(
    "text",
    [
        "The [MASK] token and (as in T5) the F1 (F1) of C4 (2019).",
        "Scores of (3) or (A9) and an interval (0, 1).",
        "An open ( bracket.",
        "Nothing in it at all.",
        "A list: [alpha, beta, gamma].",
        f"[{'x' * 200}] is long.",
        "[[nested] text]",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    assert read(text) == (text, [], 0)


def test_figures_that_were_shown_in_brackets_stay() -> None:
    assert read("In [0, 1].", literal="a score in [0, 1] is") == ("In [0, 1].", [], 0)


@pytest.mark.parametrize("end", ["[A2", "[A", "[A2, ", "\u3010B1"])
def test_a_marker_that_the_reply_breaks_off_in_is_not_shown(end: str) -> None:
    text, _, _ = read(f"Said {end}")
    assert "A2" not in text
    assert "B1" not in text


@given(
    st.lists(
        st.sampled_from(
            [
                "word ",
                "[A2]",
                "(B1)",
                "[A1-A3]",
                "(a note)",
                "[",
                "]",
                "(",
                " ",
                "[Q9]",
                "\u3010A2\u3011",
            ]
        ),
        max_size=12,
    ),
    st.integers(1, 7),
)
def test_pieces_make_no_difference(parts: list[str], size: int) -> None:
    text = "".join(parts)
    assert read(text, size) == read(text)


@given(st.text("AB[]()\u3010\u3011123, -", max_size=40), st.integers(1, 5))
def test_no_label_that_exists_is_ever_shown_in_brackets(text: str, size: int) -> None:
    shown, _, _ = read(text, size)
    assert not any(f"[{label}]" in shown for label in LABELS)
