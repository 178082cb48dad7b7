"""The table over a library: filtered by the library itself, read anew when that changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant_ui.library.rows import PaperTable
from assistant_ui.library.table import read_query
from assistant_ui.open_library import OpenLibrary

from assistant import Assistant
from assistant.settings import load_settings
from tests.unit.ui.library.test_table import PAPERS


@pytest.fixture
def table(home: Path) -> Iterator[PaperTable]:
    with Assistant.open(create=True) as assistant:
        assistant.ingest(PAPERS)
    library = OpenLibrary(load_settings(llm="none"))
    yield PaperTable(library)
    library.assistant.close()


def test_the_library_filters_the_table(table: PaperTable) -> None:
    queries: list[tuple[dict[str, Any], str]] = [
        ({"year_from": "2020"}, "bd"),
        ({"year_to": "2020"}, "ad"),
        ({"year_from": "2020", "year_to": 2020}, "d"),
        ({"year_from": "2021", "year_to": 2020}, ""),
        ({"venue": "gravity"}, "bd"),
        ({"keyword": "FALL"}, "b"),
        ({"keyword": "fruit", "year_to": "2020"}, "d"),
        ({"keyword": "fruit falling"}, ""),
        ({"keyword": "\ud800"}, ""),
        ({"venue": "gravity", "search": "apples"}, "b"),
        ({"venue": "gravity", "sort": "year"}, "db"),
    ]
    for sent, ids in queries:
        view = table.view(read_query(sent))
        assert "".join(row["paper_id"] for row in view["rows"]) == ids, sent
        assert (view["n_found"], view["n_papers"], view["restricts"]) == (len(ids), 4, True)


def test_a_browser_means_papers_by_their_ids_or_by_a_query(table: PaperTable) -> None:
    assert table.find_ids({"query": {"venue": "gravity"}}) == ["b", "d"]
    assert table.find_ids({"paper_ids": ["d", "d", "absent", None]}) == ["d"]
    assert table.find_ids({}) == ["a", "b", "c", "d"]


def test_the_rows_are_kept_until_the_library_changes(table: PaperTable) -> None:
    before = table.current()
    assert table.current() is before
    with Assistant.open() as other:
        other.remove("b")
    assert table.find_ids({"query": {"venue": "gravity"}}) == ["d"]
