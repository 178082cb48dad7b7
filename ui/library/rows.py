"""The rows of the library's table, read once for each version of the library."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant_ui.library.table import (
    TableQuery,
    TableRow,
    find_filled_columns,
    find_rows,
    read_query,
    suggestions,
    table_row,
    table_view,
)
from assistant_ui.open_library import OpenLibrary

from assistant import STARTER


@dataclass(frozen=True)
class LibraryRows:
    """The rows of one version of a library, in the order of its papers."""

    version: tuple[str, int]
    rows: tuple[TableRow, ...]
    suggestions: Mapping[str, Any]
    columns: tuple[str, ...]
    titles: Mapping[str, str]

    @property
    def is_starter(self) -> bool:
        """Whether they are of the library that ships with the package, which is never changed."""
        return self.version[0] == STARTER

    def title(self, paper_id: str) -> str:
        """Returns the title of a paper, and its id where the library has it no longer."""
        return self.titles.get(paper_id, paper_id)

    def keep_known(self, paper_ids: object) -> list[str]:
        """Returns those ids that the library has, each once; they came from a browser."""
        if not isinstance(paper_ids, list):
            return []
        texts = [paper_id for paper_id in paper_ids if isinstance(paper_id, str)]
        return [paper_id for paper_id in dict.fromkeys(texts) if paper_id in self.titles]


class PaperTable:
    """The table of the papers of the library that is open; any thread may ask.

    A library of 100,000 papers takes seconds to read, so the rows are kept until it changes.
    """

    def __init__(self, library: OpenLibrary) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._rows: LibraryRows | None = None

    def current(self) -> LibraryRows:
        """Returns the rows of the library as it is now.

        Raises:
            LibraryError, StoreError: the library cannot be read.
        """
        assistant = self._library.assistant
        with self._lock:
            stats = assistant.stats()
            version = (stats.library, stats.version)
            if self._rows is None or self._rows.version != version:
                rows = tuple(table_row(paper) for paper in assistant.papers())
                self._rows = LibraryRows(
                    version,
                    rows,
                    suggestions(rows),
                    find_filled_columns(rows),
                    {row.paper_id: row.title for row in rows},
                )
            return self._rows

    def view(self, query: TableQuery) -> dict[str, Any]:
        """Returns one page of the table as JSON types: what ``static/library_table.js`` draws."""
        current = self.current()
        return {
            **table_view(self._find(current, query), query, len(current.rows)),
            "suggestions": current.suggestions,
            "columns": list(current.columns),
            "is_starter": current.is_starter,
        }

    def find_ids(self, target: Mapping[str, Any]) -> list[str]:
        """Returns the ids that a browser means: its ``paper_ids``, or those its ``query`` finds."""
        current = self.current()
        if "paper_ids" in target:
            return current.keep_known(target["paper_ids"])
        return [row.paper_id for row in self._find(current, read_query(target.get("query")))]

    def _find(self, current: LibraryRows, query: TableQuery) -> list[TableRow]:
        if not query.filters:
            return find_rows(current.rows, query)
        passing = set(self._library.assistant.paper_ids(query.filters))
        return find_rows((row for row in current.rows if row.paper_id in passing), query)
