"""The table of papers: what is found, in which order, and what a browser may ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from assistant_ui.library.table import (
    MAX_TEXT,
    PAGE_ROWS,
    TableQuery,
    TableRow,
    find_filled_columns,
    find_rows,
    read_query,
    short_authors,
    suggestions,
    table_row,
    table_view,
)

from assistant import Filters, Paper

PAPERS = (
    Paper("a", "Zebras at Night", "x", ("Ann Lee", "Bo Ümit"), 2019, "Zoology", ("stripes",)),
    Paper("b", "apples fall", "x", ("Cy Dee",), 2021, "Gravity Letters", ("fruit", "falling")),
    Paper("c", "Maps", "x", (), None, None),
    Paper("d", "Äpfel", "x", ("Ann Lee",), 2020, "Gravity Letters", ("fruit",)),
)
ROWS = [table_row(paper) for paper in PAPERS]


def ids(query: TableQuery) -> str:
    return "".join(row.paper_id for row in find_rows(ROWS, query))


def view_of(rows: list[TableRow], query: TableQuery) -> dict[str, Any]:
    return table_view(find_rows(rows, query), query, len(rows))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (TableQuery(), "abcd"),
        (TableQuery(search="gravity ANN"), "d"),
        (TableQuery(search="ümit"), "a"),
        (TableQuery(search="ÜMIT"), "a"),
        (TableQuery(search="2021"), "b"),
        (TableQuery(search="stripes zoo"), "a"),
        (TableQuery(search="absent"), ""),
    ],
)
def test_what_is_found(query: TableQuery, found: str) -> None:
    assert ids(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (TableQuery(descending=True), "dcba"),
        (TableQuery(sort="title"), "bcad"),
        (TableQuery(sort="title", descending=True), "dacb"),
        (TableQuery(sort="year"), "adbc"),
        (TableQuery(sort="year", descending=True), "bdac"),
        (TableQuery(sort="venue"), "bdac"),
        (TableQuery(sort="authors"), "dabc"),
    ],
)
def test_order_is_that_of_the_column_and_what_lacks_it_comes_last(
    query: TableQuery, found: str
) -> None:
    assert ids(query) == found


def test_a_restriction_is_told_from_an_order() -> None:
    assert not TableQuery(sort="year", descending=True, page=3).restricts
    assert TableQuery(search="x").restricts
    assert TableQuery(filters=Filters(year_to=0)).restricts


def test_a_page_and_its_counts() -> None:
    rows = [table_row(Paper(f"p{n}", f"Paper {n}", "x")) for n in range(PAGE_ROWS * 2 + 5)]
    view = view_of(rows, TableQuery(page=2))
    assert [row["paper_id"] for row in view["rows"]] == [
        f"p{n}" for n in range(PAGE_ROWS, PAGE_ROWS * 2)
    ]
    assert (view["first"], view["n_found"], view["n_papers"], view["n_pages"]) == (
        PAGE_ROWS + 1,
        len(rows),
        len(rows),
        3,
    )
    assert not view["restricts"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    rows = [table_row(Paper(f"p{n}", f"Paper {n}", "x")) for n in range(PAGE_ROWS + 1)]
    view = view_of(rows, TableQuery(page=99))
    assert view["query"]["page"] == 2
    assert [row["paper_id"] for row in view["rows"]] == [f"p{PAGE_ROWS}"]


def test_a_full_last_page_has_no_empty_one_after_it() -> None:
    rows = [table_row(Paper(f"p{n}", f"Paper {n}", "x")) for n in range(PAGE_ROWS)]
    assert view_of(rows, TableQuery(page=2))["n_pages"] == 1


def test_nothing_found_is_a_page_too() -> None:
    view = view_of(ROWS, TableQuery(search="absent"))
    assert view["rows"] == []
    assert (view["first"], view["n_found"], view["n_papers"], view["n_pages"]) == (0, 0, 4, 1)
    assert view_of([], TableQuery())["n_papers"] == 0


def test_the_view_is_json_and_holds_no_abstract() -> None:
    secret = "an abstract that is long"
    view = view_of([table_row(Paper("a", "A", secret, ("B",), 2020, "V"))], TableQuery())
    assert secret not in json.dumps(view)
    assert view["rows"] == [
        {"paper_id": "a", "title": "A", "authors": "B", "year": 2020, "venue": "V"}
    ]


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        (None, TableQuery()),
        ("text", TableQuery()),
        ([], TableQuery()),
        ({}, TableQuery()),
        ({"search": " two  words\n"}, TableQuery(search="two words")),
        ({"search": 5, "venue": ["x"], "keyword": None}, TableQuery()),
        (
            {"year_from": "2019", "year_to": " 2021 "},
            TableQuery(filters=Filters(year_from=2019, year_to=2021)),
        ),
        (
            {"venue": "On  Sleep", "keyword": "sheep "},
            TableQuery(filters=Filters(venues=("On Sleep",), keywords=("sheep",))),
        ),
        ({"venue": "\ud800"}, TableQuery(filters=Filters(venues=("?",)))),
        ({"year_from": "", "year_to": "soon"}, TableQuery()),
        ({"year_from": "20x1", "year_to": "-5"}, TableQuery()),
        ({"year_from": "²", "year_to": "٢٠"}, TableQuery()),
        ({"year_from": True, "year_to": 2020.5}, TableQuery()),
        ({"sort": "year", "descending": True}, TableQuery(sort="year", descending=True)),
        ({"sort": "searched", "descending": "yes"}, TableQuery()),
        ({"sort": ["year"], "page": "x"}, TableQuery()),
        ({"page": 3}, TableQuery(page=3)),
        ({"page": -3}, TableQuery()),
        ({"page": 0}, TableQuery()),
        ({"page": 10**30}, TableQuery()),
    ],
)
def test_what_a_browser_sends_is_read_or_does_not_restrict(sent: object, query: TableQuery) -> None:
    assert read_query(sent) == query


def test_a_search_without_end_is_cut() -> None:
    assert len(read_query({"search": "x" * 10**6}).search) == MAX_TEXT


def test_authors_are_shortened() -> None:
    assert short_authors(()) == ""
    assert short_authors(("A",)) == "A"
    assert short_authors(("A", "B")) == "A and B"
    assert short_authors(("A", "B", "C")) == "A et al."


def test_suggestions_are_the_most_frequent_in_order_of_the_alphabet() -> None:
    found = suggestions(ROWS)
    assert found["venues"] == ["Gravity Letters", "Zoology"]
    assert found["keywords"] == ["falling", "fruit", "stripes"]
    assert found["years"] == [2019, 2021]


def test_suggestions_are_few() -> None:
    rows = [
        table_row(Paper(f"p{n}", "T", "x", venue=f"V{n}" if n > 50 else "Often"))
        for n in range(500)
    ]
    found = suggestions(rows)
    assert len(found["venues"]) == 100
    assert "Often" in found["venues"]
    assert found["years"] is None


def test_columns_without_any_value_take_no_room() -> None:
    assert find_filled_columns(ROWS) == ("title", "authors", "year", "venue")
    assert find_filled_columns([ROWS[2]]) == ("title",)
    assert find_filled_columns([]) == ()
