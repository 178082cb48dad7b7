"""Rows with a cell too many or too few: that cell is lost, and no other is misplaced."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest import read_papers
from assistant.ingest.readers.cell_alignment import CellAligner
from assistant.types import Paper

HEADER = ["Title", "Authors", "Year", "Abstract", "Notes", "DOI"]
ROW = ["Wet Moss", "Roe S.", "2012", "Moss grew 3 mm.", "seen", "10.1000/m8"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (ROW, ROW),
        ([*ROW, "surplus"], ROW),
        ([*ROW[:4], "seen", " twice", ROW[5]], [*ROW[:4], "seen, twice", ROW[5]]),
        (["Wet", " Moss", *ROW[1:]], ["Wet, Moss", *ROW[1:]]),
        (["Wet", "Moss", *ROW[1:]], ["Wet", "Moss,Roe S.", *ROW[2:]]),
        (ROW[:4], [*ROW[:4], "", ""]),
        ([*ROW[:4], ROW[5]], [*ROW[:4], "", ROW[5]]),
        ([ROW[0], *ROW[2:]], [ROW[0], "", *ROW[2:]]),
        (["only"], ["only", "", "", "", "", ""]),
    ],
)
def test_cells_go_where_they_fit(cells: list[str], expected: list[str]) -> None:
    assert CellAligner(HEADER, ",").align(cells) == expected


@given(st.lists(st.text(max_size=9), max_size=12), st.lists(st.sampled_from(HEADER), min_size=1))
def test_any_row_has_as_many_cells_as_its_header(cells: list[str], header: list[str]) -> None:
    assert len(CellAligner(header, ",").align(cells)) == len(header)


def test_uneven_rows_are_read_and_counted() -> None:
    rows = [
        ",".join(HEADER),
        ",".join(ROW),
        "Dry Moss,Poe A.,2013,Moss slept.,a,b,10.1000/m9",
        "Old Moss,Lee B.,2014,Moss died.",
    ]
    notices: list[str] = []
    stream = io.BytesIO("\n".join(rows).encode())
    papers = [p for p in read_papers(stream, notify=notices.append) if isinstance(p, Paper)]
    assert [(paper.title, paper.doi) for paper in papers] == [
        ("Wet Moss", "10.1000/m8"),
        ("Dry Moss", "10.1000/m9"),
        ("Old Moss", None),
    ]
    assert len(notices) == 1
    assert "2 rows have" in notices[0]
    assert "(line 3, 4)" in notices[0]
