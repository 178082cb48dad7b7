"""Thoughts at the beginning of a reply are dropped, wherever its pieces are cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.thoughts import Thoughts


def spoken(pieces: list[str]) -> str:
    thoughts = Thoughts()
    return "".join(thoughts.strip(piece) for piece in pieces) + thoughts.rest()


def cuts(text: str, at: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in at)})
    return [text[a:b] for a, b in itertools.pairwise(places)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ""),
        ("Yes. [A1]", "Yes. [A1]"),
        ("<think>Hm.</think>Yes.", "Yes."),
        ("\n <think>\nHm.\n</think>\n\nYes.", "\n\nYes."),
        ("<think></think>", ""),
        ("<think>never ends", ""),
        ("<thin", "<thin"),
        ("<", "<"),
        ("<b>Yes</b>", "<b>Yes</b>"),
        ("a <think>b</think>", "a <think>b</think>"),
        ("<think>a</think>b</think>c", "b</think>c"),
        ("<think>思考 </thin</think>はい", "はい"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_what_is_said(text: str, says: str) -> None:
    assert spoken([text]) == says
    assert spoken(list(text)) == says


@given(
    st.text(alphabet="<>/think ab\n") | st.text().map(lambda t: f"<think>{t}</think>{t}"),
    st.lists(st.integers(0, 1000), max_size=6),
)
def test_where_the_pieces_are_cut_changes_nothing(text: str, at: list[int]) -> None:
    assert spoken(cuts(text, at)) == spoken([text])


def test_text_comes_as_soon_as_it_cannot_be_a_thought() -> None:
    thoughts = Thoughts()
    assert thoughts.strip("<") == ""
    assert thoughts.strip("b") == "<b"
    assert thoughts.strip("<think>") == "<think>"


def test_long_thoughts_are_not_kept() -> None:
    thoughts = Thoughts()
    for _ in range(1000):
        assert thoughts.strip("<think>" + "x" * 1000) == ""
    assert len(thoughts._held) < 100
