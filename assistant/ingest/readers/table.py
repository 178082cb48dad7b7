"""Tables: CSV, TSV and their kin, with a header line that names a title and other fields."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.fields import has_paper_fields, record_from
from assistant.ingest.readers.cell_alignment import CellAligner
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record, Remark

DELIMITERS = ",\t;|"

READ_AGAIN = 4
"""Characters that are read a second time for each one of the file, at most; see ``_Lines``."""

SPARE_CHARS = 4_000_000
"""What is read a second time in any file: some cells whose marks are never closed."""

MAX_ROW_LINES = 10_000
"""A row of more lines is none: its quotation mark was never closed."""

_MAX_NAMED_ROWS = 5

HEADER_WITHIN = 5
"""Lines in which the header must come; some programs print a line or two above it."""


def delimiter_of(text: str) -> str | None:
    """Returns the delimiter that makes ``text`` a header of paper fields, or None if none does."""
    return next((d for d in DELIMITERS if has_paper_fields(_cells(text, d))), None)


def read_table(lines: Iterable[Line]) -> Iterator[Record | Fault | Remark]:
    """Yields a table's rows in order, and a fault for each that is broken.

    A cell too many or too few costs that cell; a remark at the end counts such rows.
    """
    source = _Lines(iter(lines))
    delimiter: str | None = None
    header: list[str] = []
    for line in source.first(HEADER_WITHIN):
        delimiter = delimiter_of(line.text)
        if delimiter:
            header = _cells(line.text, delimiter)
            break
    if delimiter is None:
        yield Fault(1, "no header line names a 'title' and at least one other field of papers")
        return
    aligner = CellAligner(header, delimiter)
    uneven: list[int] = []
    n_uneven = 0
    for number, cells in _rows(source, delimiter, len(header)):
        if isinstance(cells, csv.Error):
            yield Fault(number, f"the row is broken: {cells}")
        elif any(cell.strip() for cell in cells):
            if len(cells) < len(header) or any(cells[len(header) :]):
                n_uneven += 1
                uneven += [number] if len(uneven) < _MAX_NAMED_ROWS else []
                cells = aligner.align(cells)
            values: dict[str, str] = {}
            for name, cell in zip(header, cells, strict=False):
                values.setdefault(name, cell)
            yield record_from(values, number)
    if n_uneven:
        rows = "1 row has" if n_uneven == 1 else f"{n_uneven:,} rows have"
        places = ", ".join(map(str, uneven)) + (", ..." if n_uneven > len(uneven) else "")
        yield Remark(
            f"{rows} more or fewer cells than the header's {len(header)} (line {places}): the "
            "other cells were put where they fit; check these papers"
        )


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(
    source: _Lines, delimiter: str, n_cells: int
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        source.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            # A quotation mark that is never closed swallows the lines after it: read them again.
            source.give_back()
            first = source.taken[0]
            # Marks that come in pairs but were not meant to quote leave the number of cells right.
            by_tabs = delimiter == "\t"
            cells = first.text.split("\t") if by_tabs else _cells(first.text, delimiter)
            paired = first.text.count('"') % 2 == 0
            yield first.number, cells if paired and len(cells) == n_cells else exc
        else:
            yield source.taken[0].number, cells


class _Lines:
    """Lines for csv.reader that remembers those of the current row and can take them back.

    In a file whose marks are never closed each line may take all that follow it. So only so much
    is read again, by the length of what was read; beyond that, lines that were taken back are rows
    of their own. Work grows with the file and not with its square.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._spare = SPARE_CHARS
        self._held = 0
        self.taken: list[Line] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._held > MAX_RECORD_CHARS or len(self.taken) >= MAX_ROW_LINES:
            raise csv.Error("it does not end, for a quotation mark is not closed")
        if self._again:
            if self.taken and self._spare < 0:
                raise csv.Error("a quotation mark is not closed")
            line = self._again.popleft()
            self._spare -= len(line.text) + 1
        else:
            line = next(self._lines)
            self._spare += READ_AGAIN * len(line.text)
        self.taken.append(line)
        self._held += len(line.text)
        return f"{line.text}\n"

    def first(self, n_lines: int) -> Iterator[Line]:
        """Yields up to ``n_lines`` lines that are not blank."""
        while n_lines and next(self, None) is not None:
            if self.taken[-1].text.strip():
                n_lines -= 1
                yield self.taken[-1]

    def give_back(self) -> None:
        """Puts all lines of the current row but its first before those still to come."""
        self._again.extendleft(reversed(self.taken[1:]))

    def begin_row(self) -> None:
        """Forgets the lines of the last row."""
        self.taken.clear()
        self._held = 0
