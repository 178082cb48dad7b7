"""Papers as cards: their abstract in pieces, their authors in a line."""

from __future__ import annotations

import pytest
from assistant_ui.parts.paper_view import authors_line, cut_at_quotes, paper_view
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ui.made_answers import HERON


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70), st.integers(0, 4))),
)
def test_pieces_join_to_the_text_and_know_their_quotes(
    text: str, quotes: list[tuple[int, int, int]]
) -> None:
    pieces = cut_at_quotes(text, quotes)
    assert "".join(piece["text"] for piece in pieces) == text
    at = 0
    for piece in pieces:
        end = at + len(piece["text"])
        sound = {i for first, last, i in quotes if 0 <= first <= at and end <= last <= len(text)}
        assert set(piece["cited_by"]) == sound
        at = end


@pytest.mark.parametrize(
    ("authors", "line"),
    [
        ((), ""),
        (("A",), "A"),
        (("A", "B"), "A and B"),
        (("A", "B", "C"), "A, B and C"),
        (tuple("ABCDEFGH"), "A, B, C, D, E, F and 2 more"),
    ],
)
def test_authors_are_a_line(authors: tuple[str, ...], line: str) -> None:
    assert authors_line(authors) == line


def test_a_card_names_the_paper() -> None:
    view = paper_view(HERON)
    assert view["title"] == HERON.title
    assert view["abstract"] == [{"text": HERON.abstract, "cited_by": []}]
    assert view["link"] == "https://arxiv.org/abs/2101.00001"
    assert view["url"] is None
