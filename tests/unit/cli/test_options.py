from __future__ import annotations

import pytest

from assistant.cli.options import make_filters, parse_years
from assistant.errors import QuestionError
from assistant.filters import FILTERS
from assistant.types import Filters


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ("2023", (2023, 2023)),
        ("2020..2024", (2020, 2024)),
        ("2020..", (2020, None)),
        ("..2024", (None, 2024)),
        (" 2021 ", (2021, 2021)),
    ],
)
def test_years(years: str, expected: tuple[int | None, int | None]) -> None:
    assert parse_years(years) == expected


@pytest.mark.parametrize("years", ["", "..", "20", "2024..2020", "2020-2024", "20202024", "x"])
def test_years_that_are_none(years: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse_years(years)
    assert repr(years) in str(caught.value)


def test_no_options_give_no_filters() -> None:
    assert not make_filters({})
    assert not make_filters(dict.fromkeys(one.name for one in FILTERS))


def test_each_filter_is_an_option() -> None:
    given = {
        "year": "2020..",
        "author": ["Ada"],
        "venue": ["ACL"],
        "keyword": ["nlp"],
        "paper": ["x"],
        "has_doi": True,
    }
    assert set(given) == {one.name for one in FILTERS}
    assert make_filters(given) == Filters(2020, None, ("Ada",), ("ACL",), ("nlp",), ("x",), True)
