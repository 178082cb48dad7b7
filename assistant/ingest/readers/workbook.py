"""Workbooks (.xlsx), by openpyxl, row by row: their sheets are read as tables are.

A workbook is a ZIP archive, of which little can unpack to much: what it declares to unpack to is
bounded by its length before anything is unpacked, and no part unpacks to more than it declares.
"""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from assistant.errors import UnreadableError
from assistant.ingest.decoding import Line
from assistant.ingest.readers.table import HEADER_WITHIN, delimiter_of, read_table
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record, Remark

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

HELD_BYTES = 2**23
"""A longer workbook is put into a temporary file, for it is read from its end."""

MAX_COLUMNS = 500
"""Of a row no more cells are read; a sheet can have sixteen thousand."""

MAX_GROWTH = 200
"""How many times its length a workbook may unpack to; repeated rows make it twenty or thirty."""

SPARE_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 2**31
MAX_STRINGS_BYTES = 2**28
"""What the texts may unpack to that openpyxl holds at once, apart from the sheets."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOK = "Workbook".encode("utf-16-le")
_INSTEAD = "save it as .xlsx or CSV"


def find_workbook(head: bytes, file: str) -> bool:
    """Returns whether ``head`` begins a workbook that is read.

    Raises:
        UnreadableError: it begins a workbook of another kind, which is named.
    """
    if head.startswith(_OLE) and (_WORKBOOK in head or file.lower().endswith((".xls", ".xlt"))):
        raise UnreadableError(file, f"is a workbook as Excel wrote it until 2003; {_INSTEAD}")
    if not head.startswith(_ZIP):
        return False
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:200]:
        raise UnreadableError(file, f"is an OpenDocument spreadsheet; {_INSTEAD}")
    if b"xl/workbook.bin" in head or file.lower().endswith(".xlsb"):
        raise UnreadableError(file, f"is a binary workbook of Excel; {_INSTEAD}")
    return b"xl/w" in head or file.lower().endswith((".xlsx", ".xlsm"))


def read_workbook(chunks: Iterable[bytes], file: str) -> Iterator[Record | Fault | Remark]:
    """Yields the rows of every sheet that has a header of papers' fields, in order.

    Raises:
        UnreadableError: it is no workbook, or unpacks to too much.
    """
    with tempfile.SpooledTemporaryFile(max_size=HELD_BYTES) as held:
        for chunk in chunks:
            held.write(chunk)
        held.seek(0)
        _refuse_bombs(held, file)
        held.seek(0)
        yield from _read(held, file)


def _refuse_bombs(held: IO[bytes], file: str) -> None:
    try:
        with zipfile.ZipFile(held) as archive:
            parts = archive.infolist()
    # The last is zipfile's, for archives of a version that it does not read.
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as exc:
        raise UnreadableError(
            file, f"is a workbook that is damaged or cut off ({exc}); save it again"
        ) from exc
    packed = held.seek(0, io.SEEK_END)
    unpacked = sum(part.file_size for part in parts)
    at_once = sum(p.file_size for p in parts if "worksheets/" not in p.filename and _is_xml(p))
    allowed = min(packed * MAX_GROWTH + SPARE_BYTES, MAX_UNPACKED_BYTES)
    if unpacked > allowed or at_once > MAX_STRINGS_BYTES:
        raise UnreadableError(
            file,
            f"is a workbook that unpacks to {unpacked:,} bytes, more than is read; save it as CSV",
        )


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _read(held: IO[bytes], file: str) -> Iterator[Record | Fault | Remark]:
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(held, read_only=True, data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception as exc:
        raise UnreadableError(
            file, f"is no workbook that can be read ({_reason(exc)}); {_INSTEAD}"
        ) from exc
    with closing(workbook):
        found = False
        for sheet in workbook.worksheets:
            rows = _lines(sheet)
            begin: list[Line] = []
            try:
                for line in rows:
                    begin.append(line)
                    if len(begin) == HEADER_WITHIN or delimiter_of(line.text):
                        break
                if begin and delimiter_of(begin[-1].text):
                    found = True
                    yield from read_table(chain(begin, rows))
            except (MemoryError, UnreadableError):
                raise
            except Exception as exc:  # noqa: BLE001 - as above, in the midst of a sheet
                line_number = begin[-1].number if begin else 1
                reason = f"the sheet {sheet.title[:60]!r} is broken from here on ({_reason(exc)})"
                yield Fault(line_number, reason, None)
                found = True
        if not found:
            yield Fault(
                1,
                "no sheet has a header row that names a 'title' and at least one other field of "
                "papers",
            )


def _reason(exc: Exception) -> str:
    return " ".join(str(exc).split())[:100] or type(exc).__name__


def _lines(sheet: ReadOnlyWorksheet) -> Iterator[Line]:
    """Yields the rows that are not empty as lines of CSV, each with its number in the sheet."""
    sheet.reset_dimensions()  # Programs declare others than there are.
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
        values = [_text(cell) for cell in cells]
        while values and not values[-1]:
            values.pop()
        if values:
            written = io.StringIO()
            csv.writer(written).writerow(values)
            text = written.getvalue().removesuffix("\r\n")
            yield Line(number, text[:MAX_RECORD_CHARS], len(text) > MAX_RECORD_CHARS)


def _text(value: Any) -> str:
    from openpyxl.cell.cell import ERROR_CODES

    if value is None or isinstance(value, bool) or value in ERROR_CODES:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")
