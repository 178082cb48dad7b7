"""Figures: what counts as one, in which unit, and which two agree."""

from __future__ import annotations

import pytest

from assistant.grounding.quantities import Quantity, agrees, find_quantities


def only(text: str) -> Quantity:
    (figure,) = find_quantities(text)
    return figure


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1,000 pairs", "plain", 1000),
        ("50\\% of it", "percent", 50),
        ("50 percent", "percent", 50),
        ("50 per cent", "percent", 50),
        ("4.6 percentage points", "percent", 4.6),
        ("$1.5\\times$", "times", 1.5),
        ("1.73x faster", "times", 1.73),
        ("1.73 times", "times", 1.73),
        ("1.73×", "times", 1.73),
        ("a factor of 2", "times", 2),
        ("twice as fast", "times", 2),
        ("a threefold gain", "times", 3),
        ("half of it", "percent", 50),
        ("one third of it", "percent", 100 / 3),
        ("three quarters of it", "percent", 75),
        ("1/8th of it", "percent", 12.5),
        ("2B parameters", "plain", 2e9),
        ("2 billion parameters", "plain", 2e9),
        ("175 M tokens", "plain", 175),
        ("350 million words", "plain", 3.5e8),
        ("10^{-3}", "plain", 1e-3),
        ("1e-3", "plain", 1e-3),
        ("three stages", "plain", 3),
        ("twenty-one tasks", "plain", 21),
        ("two hundred tasks", "plain", 200),
        ("3 hours", "time", 10_800),
        ("40 ms", "time", 0.04),
        ("2MB", "bytes", 2e6),
        ("1.58-bit", "plain", 1.58),
        ("top-5", "plain", 5),
    ],
)
def test_one_figure(text: str, kind: str, value: float) -> None:
    figure = only(text)
    assert figure.kind == kind
    assert figure.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["GPT-4", "T5", "BERT2BERT", "a third stage", "no number", "", "(1) first", "1) first"],
)
def test_no_figure(text: str) -> None:
    assert find_quantities(text) == ()


def test_ranges_and_lists_give_each_figure() -> None:
    assert [f.raw for f in find_quantities("2X-3X and 2.4 to 6.5 times, 32/16-bit")] == [
        2,
        3,
        2.4,
        6.5,
        32,
        16,
    ]


def test_a_figure_that_ends_a_small_word_names_the_word() -> None:
    assert only("covid-19").compound == "covid-19"


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("1,000", "1000"),
        ("75 percent", "75%"),
        ("three stages", "3 stages"),
        ("2 billion", "2B"),
        ("twice", "2x"),
        ("halved", "50%"),
        ("180 minutes", "3 hours"),
        ("half", "0.5"),
        ("1.7x", "1.73x"),
        ("about 50%", "49.6%"),
        ("nearly 50%", "49.6%"),
        ("80.5", "80.5%"),
    ],
)
def test_agreement(claimed: str, stated: str) -> None:
    assert agrees(only(claimed), only(stated))


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("30x", "30%"),
        ("57%", "75%"),
        ("3 hours", "3 days"),
        ("2 million", "2 billion"),
        ("1.8x", "1.73x"),
        ("2x", "1.73x"),
        ("8,492", "8,192"),
        ("up to 8,492", "8,192"),
        ("about 60%", "49.6%"),
        ("-0", "7"),
        ("four", "three"),
    ],
)
def test_disagreement(claimed: str, stated: str) -> None:
    assert not agrees(only(claimed), only(stated))


def test_bounds() -> None:
    assert only("more than 3 tokens").bound == 1
    assert only("fewer than 3 tokens").bound == -1
    assert only("up to 3 tokens").bound == 0


def test_huge_exponents_do_not_overflow() -> None:
    assert only("10^{99999}").value > 0
    assert only("1e99999").value > 0
