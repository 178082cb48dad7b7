"""What the measurement of growth reads, and what it calls too much."""

from __future__ import annotations

import pytest
from assistant_evals.lab.growth import MAX_EXPONENT, MIN_S, Growth
from assistant_evals.lab.growth_functions import list_functions
from assistant_evals.lab.growth_strings import PIECES, list_texts

from assistant.types import Paper


@pytest.mark.parametrize("n_chars", [1, 7, 500])
def test_every_text_has_the_length_that_was_asked_for(n_chars: int) -> None:
    assert {len(make(n_chars)) for make in list_texts().values()} == {n_chars}


def test_a_longer_text_begins_as_a_shorter_one() -> None:
    for make in list_texts().values():
        assert make(900).startswith(make(90))


def test_texts_and_functions_have_names_of_their_own() -> None:
    assert len(set(PIECES)) == len(PIECES)
    names = [function.name for function in list_functions()]
    assert len(set(names)) == len(names)


def test_files_of_every_format_that_is_wrapped_are_read() -> None:
    readers = [one for one in list_functions() if one.name.startswith("read_papers ")]
    read = {one.name: one.call("Otters dive for long. They eat crabs.") for one in readers}
    told = {name: [type(paper) for paper in papers] for name, papers in read.items()}
    assert all(kinds == [Paper] for kinds in told.values()), told


@pytest.mark.parametrize(
    ("seconds", "exponent", "n_chars", "is_over"),
    [
        (MIN_S, MAX_EXPONENT + 0.1, 1_000, True),
        (MIN_S / 2, MAX_EXPONENT + 0.1, 1_000, False),
        (MIN_S, 1.1, 1_000, False),
        (0.5, 1.0, 100, True),  # 5 s at the limit
        (2.1, None, 1_000, True),
    ],
)
def test_what_is_over(seconds: float, exponent: float, n_chars: int, is_over: bool) -> None:
    assert Growth("f", "a", n_chars, 1_000, seconds, exponent).is_over(2.0) is is_over
