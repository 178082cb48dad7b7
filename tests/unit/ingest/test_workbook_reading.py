"""Workbooks: which sheets and cells are read, what is named, and bombs that are not unpacked."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from assistant.errors import IngestError
from assistant.ingest import detect_format, read_papers
from assistant.ingest.readers import workbook as reader
from assistant.reports import Skipped
from assistant.types import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"
HEADER = ("Title", "Abstract", "Authors", "Year", "DOI")


def make(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(content: bytes) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(content)))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def make_shared(*rows: Sequence[str], strings: bytes = b"") -> bytes:
    """Returns a workbook as Excel writes it: its texts apart from its sheet."""
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = b"http://schemas.openxmlformats.org/package/2006/"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    texts = [text for row in rows for text in row]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts).encode()
    cells, number = b"", 0
    for row in rows:
        cells += b"<row>"
        for _ in row:
            cells += b'<c t="s"><v>%d</v></c>' % number
            number += 1
        cells += b"</row>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {
            "[Content_Types].xml": b'<Types xmlns="%scontent-types">' % package
            + b"".join(
                b'<Override PartName="/xl/%s.xml" ContentType="%s%s+xml"/>' % (place, kind, what)
                for place, what in (
                    (b"workbook", b"sheet.main"),
                    (b"worksheets/sheet1", b"worksheet"),
                    (b"sharedStrings", b"sharedStrings"),
                )
            )
            + b"</Types>",
            "_rels/.rels": b'<Relationships xmlns="%srelationships"><Relationship Id="r" Type="%s/'
            b'officeDocument" Target="xl/workbook.xml"/></Relationships>' % (package, related),
            "xl/workbook.xml": b'<workbook %s xmlns:r="%s"><sheets><sheet name="S" sheetId="1" '
            b'r:id="r1"/></sheets></workbook>' % (main, related),
            "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%srelationships"><Relationship '
            b'Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            % (package, related),
            "xl/sharedStrings.xml": strings or b"<sst %s>%s</sst>" % (main, shared),
            "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>"
            % (main, cells),
        }.items():
            archive.writestr(name, part)
    return held.getvalue()


def repack(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return held.getvalue()


def test_a_sheet_after_notes_with_a_line_above_its_header() -> None:
    papers, skipped = read((FIXTURES / "screened.xlsx").read_bytes())
    first, second = papers
    assert (first.title, first.year) == ("Hedges keep the wind", 2017)
    assert first.abstract == "We measured wind behind 12 hedges. It was slower."
    assert first.authors == ("Jane Doe", "Richard Roe")
    assert (first.doi, first.venue, first.volume) == ("10.1000/wind", "Hedge Letters", "4")
    assert (second.title, second.year, second.venue) == ('Hedges, and "walls"', 2019, None)
    assert not skipped


def test_every_sheet_with_a_header_is_read_and_rows_are_counted_as_they_stand() -> None:
    rows = [HEADER, ("One", "Text, of one", "Roe, Ann", 2001, None), (), ("Two", None)]
    more = [HEADER, ("Three", "Text of three", None, datetime.date(2003, 1, 2), "10.1000/3")]
    papers, skipped = read(make(rows, [["Name", "Count"], ["x", 1]], more))
    assert [(paper.title, paper.year) for paper in papers] == [("One", 2001), ("Three", 2003)]
    assert [(one.line, one.reason) for one in skipped] == [(4, "'Two' has no abstract")]


def test_texts_apart_from_the_sheet_are_read() -> None:
    papers, _ = read(make_shared(HEADER, ("A", "Text &amp; more", "Roe, Ann", "2001", "10.1000/a")))
    assert [(paper.abstract, paper.year, paper.doi) for paper in papers] == [
        ("Text & more", 2001, "10.1000/a")
    ]


def test_cells_that_hold_no_text() -> None:
    papers, _ = read(
        make([HEADER, ("A", "Text", "#N/A", "#REF!", True), (1984.0, "Text of it", "x", 7.5, 3)])
    )
    assert papers[0].authors == ()
    assert (papers[0].year, papers[0].doi) == (None, None)
    assert papers[1].title == "1984"


def test_a_workbook_without_a_table_of_papers_is_named() -> None:
    _, skipped = read(make([["Name", "Count"], ["x", 1]]))
    assert [one.reason for one in skipped] == [
        "no sheet has a header row that names a 'title' and at least one other field of papers"
    ]


def test_a_declared_size_is_not_believed() -> None:
    content = make([HEADER, ("A", "Text", "Ann Roe", 2001, None)])

    def grow(name: str, part: bytes) -> bytes:
        return part.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')

    papers, skipped = read(repack(content, grow))
    assert [paper.title for paper in papers] == ["A"]
    assert not skipped


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xls", "Excel wrote it until 2003"),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "papers.ods",
            "an OpenDocument spreadsheet; save it as .xlsx or CSV",
        ),
        (b"PK\x03\x04" + bytes(600), "papers.xlsx", "a workbook that is damaged or cut off"),
        (
            b"PK\x03\x04" + bytes(26) + b"word/document.xml",
            "paper.docx",
            "ZIP archive or an office",
        ),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "paper.doc", "an office document"),
    ],
)
def test_other_office_files_are_named(
    tmp_path: Path, content: bytes, name: str, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(IngestError, match=message):
        list(read_papers(path))


def test_a_workbook_is_told_by_content() -> None:
    assert detect_format(make([HEADER]), "export.txt") == "xlsx"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_what_unpacks_to_too_much_is_not_unpacked(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SPARE_BYTES", 100_000)
    content = make_shared(HEADER, ("A", "Text", "Ann Roe", "2001", ""))
    bomb = repack(content, lambda name, held: held + b" " * 20_000_000 if name == part else held)
    assert len(bomb) < 50_000
    with pytest.raises(IngestError, match=r"unpacks to 20,\d+,\d+ bytes, more than is read"):
        read(bomb)


def test_texts_held_at_once_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_STRINGS_BYTES", 10)
    with pytest.raises(IngestError, match="more than is read"):
        read(make([HEADER]))


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("xl/workbook.xml", b"<workbook"),
        ("xl/workbook.xml", None),
        ("xl/sharedStrings.xml", b"<sst>"),
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'><c><v>1</v></c></row>"),
    ],
)
def test_a_broken_part_ends_in_one_sentence(name: str, to: bytes | None) -> None:
    content = make_shared(HEADER, ("A", "Text", "Ann Roe", "2001", ""))
    broken = repack(content, lambda part, held: to if part == name else held)
    try:
        _, skipped = read(broken)
        message = skipped[0].reason
    except IngestError as error:
        message = str(error)
    assert "\n" not in message
    assert "workbook" in message or "sheet" in message


def test_a_row_that_names_a_far_column_does_not_grow() -> None:
    content = make([HEADER, ("A", "Text", "Ann Roe", 2001, None)])
    papers, _ = read(repack(content, lambda _, held: held.replace(b'r="E1"', b'r="XFD1"')))
    assert [paper.title for paper in papers] == ["A"]
