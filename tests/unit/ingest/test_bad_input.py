"""Whatever is handed in: it is read, or named in one sentence, and nothing good is lost."""

from __future__ import annotations

import contextlib
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest import FORMATS, Format, read_papers
from assistant.ingest.formats import FILE_FORMATS
from assistant.ingest.papers import MAX_ABSTRACT_CHARS
from assistant.ingest.record import MAX_RECORD_CHARS
from assistant.reports import Skipped
from assistant.types import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"
GOOD = {"title": "A Title", "abstract": "An abstract."}


def read(content: bytes, format: Format | None = None) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(content), format))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def rows(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is a ZIP archive or an office document"),
        (b"\x1f\x8b\x08\x00abc", "is compressed with gzip"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (bytes(range(256)) * 20, "is not text but binary"),
        (b"{\\rtf1 Title}", "is a rich text document"),
        ("Модели языка\nМы изучаем модели языка и их ошибки.".encode("cp1251"), "save it as UTF-8"),
        (b"just some words", "is in no format that can be told"),
    ],
)
def test_a_file_that_holds_no_text_of_papers_is_named(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(content)
    with pytest.raises(IngestError, match=message) as raised:
        list(read_papers(path))
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_path_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"there is no file or folder '.*nowhere\.bib'"):
        read_papers(tmp_path / "nowhere.bib")
    with pytest.raises(IngestError, match=r"cannot be opened|no file or folder"):
        read_papers("a\0b")


def test_a_stream_opened_as_text_is_named() -> None:
    with pytest.raises(IngestError, match="open it in binary mode"):
        list(read_papers(cast(BinaryIO, io.StringIO("@misc{a}"))))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(rows(GOOD)))
    monkeypatch.setattr("sys.stdin", stdin)
    [paper] = read_papers("-")
    assert isinstance(paper, Paper)
    assert paper.source == "-"


def test_a_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name, key in (("b.jsonl", "2"), ("a.jsonl", "1"), ("sub/c.jsonl", "3"), (".d.jsonl", "4"),
                      (".git/e.jsonl", "5")):  # fmt: skip
        (tmp_path / name).write_bytes(rows({"id": key, "title": f"T{key}", "abstract": "A"}))
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "empty.bib").touch()
    (tmp_path / "README").write_text("Hello\n\n- a\n- b\n- c\nIt does things. And more of them.\n")
    (tmp_path / "code.py").write_text("@given(a, b)\ndef f(): ...\n")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = list(read_papers(tmp_path))
    assert [item.paper_id for item in found if isinstance(item, Paper)] == ["1", "2", "3"]
    assert {item.source for item in found if isinstance(item, Paper)} >= {str(tmp_path / "a.jsonl")}
    skipped = {Path(item.file).name: item.reason for item in found if isinstance(item, Skipped)}
    assert set(skipped) == {"paper.pdf", "empty.bib", "README", "code.py"}
    assert skipped["code.py"].startswith("is left alone")
    assert skipped["README"].startswith("is in no format")


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(IngestError, match="is a folder without files"):
        list(read_papers(folder))


BIBTEX = "@article{k, title={Größe der Gärten}, abstract={Überall, naïve façade.}}\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_encodings_are_read(encoding: str) -> None:
    papers, skipped = read(BIBTEX.encode(encoding))
    assert [(paper.title, paper.abstract) for paper in papers] == [
        ("Größe der Gärten", "Überall, naïve façade.")
    ]
    assert not skipped


def test_latin_1_after_a_long_beginning_in_ascii_is_read() -> None:
    ascii_entries = b"".join(
        b"@misc{k%d, title={T %d}, abstract={Some words to fill.}}\n" % (i, i) for i in range(3000)
    )
    papers, _ = read(ascii_entries + BIBTEX.encode("latin-1"))
    assert papers[-1].title == "Größe der Gärten"


def test_one_record_in_another_encoding_is_named_and_the_others_kept() -> None:
    lines = [
        '{"id": "a", "title": "Größe eins", "abstract": "Über alles."}\n'.encode(),
        '{"id": "b", "title": "Größe zwei", "abstract": "x"}\n'.encode("latin-1"),
        '{"id": "c", "title": "Größe drei", "abstract": "Über nichts."}\n'.encode(),
    ]
    papers, skipped = read(b"".join(lines))
    assert [paper.paper_id for paper in papers] == ["a", "c"]
    assert [(item.line, "'b'" in item.reason, "UTF-8" in item.reason) for item in skipped] == [
        (2, True, True)
    ]


def test_half_characters_are_mended_and_nul_bytes_taken_out() -> None:
    text = b'{"id": "a", "title": "T", "abstract": "half \\ud800 a sign"}\n'
    text += b'{"id": "b", "title": "T\\u0000itle", "abstract": "NUL\\u0000 inside"}\n'
    papers, skipped = read(text)
    assert [(paper.title, paper.abstract) for paper in papers] == [
        ("T", "half \ufffd a sign"),
        ("Title", "NUL inside"),
    ]
    assert not skipped


def test_raw_nul_bytes_in_a_line_do_not_end_it() -> None:
    papers, _ = read(b"@misc{a, title={Ti\x00tle}, abstract={Some text}}" + b" " * 100)
    assert papers[0].title == "Title"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"id": "x", "title": "T"}, "'x' has no abstract"),
        ({"id": "x"}, "'x' has no title and no abstract"),
        ({"id": "x", "title": " \u200b", "abstract": "\u200b"}, "'x' has no title and no abstract"),
        (
            {"id": "x", "title": "T", "abstract": "a" * (MAX_ABSTRACT_CHARS + 1)},
            "'x': the abstract has 100,001 characters, the limit is 100,000",
        ),
        (
            {"id": "x", "title": "T", "abstract": "a" * 10_000_000},
            "'x': the abstract has 10,000,000 characters, the limit is 100,000",
        ),
        ({"id": "x", "title": "t" * 2001, "abstract": "A"},
         "'x': the title has 2,001 characters, the limit is 2,000"),
    ],
)  # fmt: skip
def test_a_record_that_is_no_paper_is_skipped_with_its_reason(
    record: dict[str, str], reason: str
) -> None:
    papers, skipped = read(rows({**GOOD, "id": "good"}, record, {**GOOD, "id": "too"}))
    assert [paper.paper_id for paper in papers] == ["good", "too"]
    (found,) = skipped
    assert (found.file, found.line, found.reason) == ("-", 2, reason)


def test_a_line_of_five_megabytes() -> None:
    papers, skipped = read(b"x " * 2_500_000 + b"\n" + (FIXTURES / "newsletter.txt").read_bytes())
    assert len(papers) == 2
    papers, skipped = read(rows({**GOOD, "full_text": "x " * 2_500_000}))
    assert len(papers) == 1
    assert not skipped


def test_a_line_longer_than_the_limit_is_named_and_reading_goes_on() -> None:
    long = b'{"title": "' + b"x" * MAX_RECORD_CHARS + b'"}\n'
    papers, skipped = read(rows(GOOD) + long + rows({**GOOD, "title": "Another"}))
    assert len(papers) == 2
    assert skipped == [Skipped("-", 2, "the line is longer than 16,000,000 characters")]


def test_a_half_written_last_record_is_named() -> None:
    papers, skipped = read(rows(GOOD) + b'{"title": "Half", "abstr')
    assert len(papers) == 1
    assert skipped[0].line == 2
    assert "not valid JSON" in skipped[0].reason


@pytest.mark.parametrize("ending", ['K,"half an abstr', 'K,"half an abstr\n'])
def test_a_half_written_last_row_is_named(ending: str) -> None:
    papers, skipped = read(b"title,abstract\nT,A\n" + ending.encode())
    assert len(papers) == 1
    assert [item.line for item in skipped] == [3]


def test_two_papers_under_one_key_are_both_kept_and_the_user_told() -> None:
    text = b"".join(
        b"@misc{doe, title={%s}, abstract={Text}}\n" % title
        for title in (b"First", b"Second", b"{F}irst", b"Third")
    )
    notices: list[str] = []
    papers = [
        item
        for item in read_papers(io.BytesIO(text), notify=notices.append)
        if isinstance(item, Paper)
    ]
    assert [paper.paper_id for paper in papers] == ["doe", "doe-2", "doe", "doe-3"]
    assert notices[0] == (
        "-:2: the key 'doe' already belongs to another paper; 'Second' is kept as 'doe-2'"
    )
    assert len(notices) == 2


CONTENT = {
    "bibtex": "library.bib",
    "ris": "export.ris",
    "json": "items.json",
    "csl": "items.json",
    "jsonl": "corpus.jsonl",
    "csv": "zotero.csv",
    "arxiv": "arxiv.xml",
    "medline": "pubmed.nbib",
    "wos": "wos.txt",
    "refer": "endnote.enw",
    "refworks": "refworks.txt",
    "ovid": "ovid.txt",
    "cochrane": "cochrane.txt",
    "xml": "pubmed.xml",
    "xlsx": "screened.xlsx",
    "feed": "newsletter.txt",
    "wrapped": "wrapped.txt",
    "arxiv-mail": "arxiv-mail.txt",
    "pubmed-text": "pubmed-abstracts.txt",
}
TROUBLE = [
    b"{", b"}", b'"', b"\\", b"\n", b"\x00", b"\xff", b"\xe9", b"@", b",", b"#", b"<", b"&", b"$",
    b"[", b"]", b"(", b"=", b"TY  - ", b"ER  - ", b"UK  - x\n", b"@article{", b"PMID- ", b" and ",
    b"\xed\xa0\x80", b"\\ud800", b"\x1b[", b"\xff\xfe", b"</entry>", b"<entry>", b'{"title":1}',
]  # fmt: skip


def only_ingest_errors(content: bytes, format: Format | None) -> None:
    with contextlib.suppress(IngestError):
        for item in read_papers(io.BytesIO(content), format):
            assert isinstance(item, Paper | Skipped)


@given(content=st.binary(max_size=300), format=st.sampled_from([None, *FORMATS]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes, format: Format | None) -> None:
    only_ingest_errors(content, format)


@pytest.mark.parametrize("format", FORMATS)
@given(
    edits=st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 12), st.sampled_from(TROUBLE) | st.binary(max_size=4)
        ),
        min_size=1,
        max_size=6,
    ),
    forced=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_good_file_damaged_anywhere_is_read_or_refused(
    format: Format, edits: list[tuple[float, int, bytes]], forced: bool
) -> None:
    content = bytearray((FIXTURES / CONTENT[format]).read_bytes())
    for place, n_lost, put in edits:
        at = int(place * len(content))
        content[at : at + n_lost] = put
    only_ingest_errors(bytes(content), format if forced else None)


def test_what_the_parser_logs_of_a_broken_entry_goes_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    only_ingest_errors(b"@misc{key, eprin\xdf, title={T}}", "bibtex")
    assert not caplog.records


class Generated(io.RawIOBase):
    """A stream that makes its records as it is read and holds none of them."""

    def __init__(self, head: bytes, record: Callable[[int], bytes], n_records: int) -> None:
        self._parts = self._made(head, record, n_records)
        self._rest = b""

    @staticmethod
    def _made(head: bytes, record: Callable[[int], bytes], n_records: int) -> Iterator[bytes]:
        if head:
            yield head
        for number in range(n_records):
            yield record(number)

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (part := next(self._parts, b"")):
            self._rest += part
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


FILLER = (
    b"We measure how words fill an abstract until it is as long as one. In this study the results "
    b"of an experiment show that a model estimates their effect. We compare two methods and find "
    b"that the growth of a sample predicts significant patterns. "
) * 4
RECORDS: dict[Format, tuple[bytes, Callable[[int], bytes]]] = {
    "bibtex": (b"", lambda i: b"@misc{k%d,\n title={T%d},\n abstract={%s}\n}\n" % (i, i, FILLER)),
    "ris": (b"", lambda i: b"TY  - GEN\nTI  - T%d\nAB  - %s\nER  - \n" % (i, FILLER)),
    "csl": (b"[", lambda i: b'%s{"title": "T%d", "abstract": "%s"}' % (b"," * (i > 0), i, FILLER)),
    "json": (
        b'{"message": {"items": [',
        lambda i: b'%s{"title": "T%d", "abstract": "%s"}' % (b"," * (i > 0), i, FILLER),
    ),
    "jsonl": (b"", lambda i: b'{"title": "T%d", "abstract": "%s"}\n' % (i, FILLER)),
    "csv": (b"title,abstract\n", lambda i: b'T%d,"%s"\n' % (i, FILLER)),
    "arxiv": (
        b'<feed xmlns="http://www.w3.org/2005/Atom">',
        lambda i: b"<entry><title>T%d</title><summary>%s</summary></entry>" % (i, FILLER),
    ),
    "xml": (
        b"<PubmedArticleSet>",
        lambda i: (
            b"<PubmedArticle><MedlineCitation><Article><ArticleTitle>T%d</ArticleTitle><Abstract>"
            b"<AbstractText>%s</AbstractText></Abstract></Article></MedlineCitation>"
            b"</PubmedArticle>" % (i, FILLER)
        ),
    ),
    "medline": (b"", lambda i: b"PMID- %d\nTI  - T%d\nAB  - %s\n\n" % (i, i, FILLER)),
    "wos": (b"FN X\nVR 1.0\n", lambda i: b"PT J\nTI T%d\nAB %s\nER\n\n" % (i, FILLER)),
    "refer": (b"", lambda i: b"%%0 Book\n%%T T%d\n%%X %s\n\n" % (i, FILLER)),
    "refworks": (b"", lambda i: b"RT Book\nT1 T%d\nAB %s\n\n" % (i, FILLER)),
    "ovid": (b"", lambda i: b"<%d>\nTitle\n  T%d\nAbstract\n  %s\n\n" % (i, i, FILLER)),
    "cochrane": (b"", lambda i: b"Record #%d of 9\nTI: T%d\nAB: %s\n\n" % (i, i, FILLER)),
    "feed": (b"", lambda i: b"T%d\n%s\n" % (i, FILLER)),
    "wrapped": (b"", lambda i: b"T%d\n\n%s\n\n" % (i, FILLER.replace(b"until", b"\nuntil"))),
    "arxiv-mail": (
        b"",
        lambda i: b"\\\\\narXiv:2001.%05d\nTitle: T%d\n\\\\\n%s\n\\\\ ( x )\n" % (i, i, FILLER),
    ),
    "pubmed-text": (
        b"",
        lambda i: b"%d. J. 2001.\n\nT%d\n\n%s\n\nPMID: %d\n\n" % (i + 1, i, FILLER, i + 1),
    ),
}


def peak_while_reading(format: Format, n_records: int) -> int:
    stream = Generated(*RECORDS[format], n_records)
    tracemalloc.start()
    try:
        n_papers = sum(isinstance(item, Paper) for item in read_papers(cast(BinaryIO, stream)))
        return tracemalloc.get_traced_memory()[1] if n_papers == n_records else -1
    finally:
        tracemalloc.stop()


# A workbook is read from its end: it is held whole, packed, in memory or in a temporary file.
@pytest.mark.parametrize("format", [f for f in FORMATS if not FILE_FORMATS[f].is_binary])
def test_memory_does_not_grow_with_the_file(format: Format) -> None:
    peak_while_reading(format, 60)
    small, large = (peak_while_reading(format, n_records) for n_records in (150, 1500))
    assert small > 0
    assert large > 0
    # 1,350 more records are 1.5 MB of text; ids take about a hundred bytes each.
    assert large - small < 400_000
