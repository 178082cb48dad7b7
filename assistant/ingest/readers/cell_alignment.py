"""Rows with a cell too many or too few, put under the columns that their other cells fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.ingest.fields import SYNONYMS, plain_name
from assistant.ingest.identity import MAX_ID_CHARS, normal_doi, normal_url, year_in

MAX_COLUMNS = 200
"""A header of more columns is filled from the left: trying each place takes their square."""

MAX_SURPLUS = 20
"""A row of so many cells too many is not of the table, and is cut."""

_MAX_DATE_CHARS = 40
_DOI_BEGINS = re.compile(r"(?:https?://[\w.]{1,100}/|doi:)?\s{0,9}10\.", re.IGNORECASE)

_CHECKS: dict[str, Callable[[str], bool]] = {
    "year": lambda cell: len(cell) <= _MAX_DATE_CHARS and year_in(cell) is not None,
    "doi": lambda cell: _DOI_BEGINS.match(cell) is not None and normal_doi(cell) is not None,
    "url": lambda cell: normal_url(cell) is not None,
    "key": lambda cell: len(cell) <= MAX_ID_CHARS and not any(map(str.isspace, cell)),
}
"""What cells of a field look like; of other fields any text can be one."""


class CellAligner:
    """Finds where a row has a cell too many or too few, by columns whose cells have a known form.

    A surplus cell mostly comes of a delimiter in a text without quotation marks, so it is joined
    to that text; a missing one is left empty.
    """

    def __init__(self, header: Sequence[str], delimiter: str) -> None:
        self._n_columns = len(header)
        self._delimiter = delimiter
        fields = [(place, plain_name(name)) for place, name in enumerate(header)]
        self._checks = [
            (place, check)
            for place, name in fields
            for field, check in _CHECKS.items()
            if name in SYNONYMS[field]
        ]

    def align(self, cells: list[str]) -> list[str]:
        """Returns as many cells as the header has; where nothing shows the place, it is the end."""
        surplus = len(cells) - self._n_columns
        padded = cells + [""] * max(0, -surplus)
        best = padded[: self._n_columns]
        if self._n_columns > MAX_COLUMNS or surplus > MAX_SURPLUS:
            return best
        score = (self._score(best), False)
        for place in reversed(range(self._n_columns)):
            joined = cells[place + 1 : place + 1 + surplus]
            if surplus > 0:
                text = self._delimiter.join([cells[place], *joined])
                tried = [*cells[:place], text, *cells[place + 1 + surplus :]]
            else:
                tried = [*cells[:place], *[""] * -surplus, *cells[place:]]
            # A text goes on after a space, and programs put none between cells.
            runs_on = bool(joined) and all(cell.startswith(" ") for cell in joined)
            if len(tried) == self._n_columns:
                found = (self._score(tried, place if joined else None), runs_on)
                if found > score:
                    best, score = tried, found
        return best

    def _score(self, cells: list[str], joined: int | None = None) -> int:
        """Returns the cells that fit their columns less those that do not, as ``joined`` never."""
        filled = ((place, cells[place].strip(), check) for place, check in self._checks)
        return sum(
            1 if place != joined and check(cell) else -1 for place, cell, check in filled if cell
        )
