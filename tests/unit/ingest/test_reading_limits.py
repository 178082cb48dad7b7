"""A file is left where it takes too much memory or time; what was read by then is kept."""

from __future__ import annotations

import io
import re
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from assistant.ingest import read_papers, reading_limits
from assistant.ingest.formats import FILE_FORMATS
from assistant.ingest.reading_limits import ReadingLimits
from assistant.ingest.record import Record
from assistant.reports import Skipped
from assistant.types import Paper

resource = pytest.importorskip("resource")

needs_memory_limit = pytest.mark.skipif(
    reading_limits._read_data_bytes() is None, reason="the system does not say what memory is used"
)
needs_timer = pytest.mark.skipif(
    not hasattr(signal, "SIGPROF"), reason="the system has no timer of computing time"
)
MB = 2**20


def hoard(n_bytes: int) -> Iterator[str]:
    """Yields a text, and then takes memory in pieces."""
    yield "first"
    held = []
    for _ in range(n_bytes // MB):
        held.append(bytes(MB))
    yield "second"


def spin() -> Iterator[str]:
    """Yields a text, and then computes without end, where no line of Python is reached."""
    yield "first"
    re.fullmatch("(a|aa)+", "a" * 200 + "b")
    yield "second"


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_limits, "MAX_BYTES", 64 * MB)


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_limits, "BASE_S", 0.05)
    monkeypatch.setattr(reading_limits, "_LOOK_S", 0.02)


@needs_memory_limit
@pytest.mark.usefixtures("little_memory")
def test_too_much_memory_ends_the_reading() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    first, end = ReadingLimits().hold(hoard(256 * MB), str.upper)
    assert first == "first"
    assert end.startswith("WAS NOT READ TO ITS END: THE NEXT RECORD TAKES MORE THAN 64 MB")
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@needs_memory_limit
@pytest.mark.usefixtures("little_memory")
def test_memory_that_others_take_between_records_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_limits, "_A_BATCH", 1)
    held = []
    for item in ReadingLimits().hold(iter(["first", "second"]), str.upper):
        held.append((item, bytes(100 * MB)))
    assert [item for item, _ in held] == ["first", "second"]


@needs_timer
@pytest.mark.usefixtures("little_time")
def test_too_much_time_ends_the_reading() -> None:
    first, end = ReadingLimits().hold(spin(), str.upper)
    assert first == "first"
    assert end.startswith("WAS NOT READ TO ITS END: IT TAKES MORE THAN 0 S OF COMPUTING")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@needs_timer
def test_a_longer_file_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_limits, "BASE_S", 1.0)
    limits = ReadingLimits()
    assert limits._allowed_s == 1.0
    assert list(limits.count([b"x" * 50_000, b"y" * 50_000]))
    assert limits._allowed_s == 3.0


def test_a_thread_reads_without_the_timer() -> None:
    read: list[str] = []
    thread = threading.Thread(
        target=lambda: read.extend(ReadingLimits().hold(iter(["first", "second"]), str.upper))
    )
    thread.start()
    thread.join()
    assert read == ["first", "second"]


@needs_memory_limit
@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("format", FILE_FORMATS)
def test_every_reader_is_held(format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(chunks: Iterable[bytes], _: str) -> Iterator[Record]:
        yield Record(1, "A title", "An abstract.")
        yield Record(2, next(hoard(256 * MB)) + "".join(hoard(256 * MB)), str(next(iter(chunks))))

    (tmp_path / "a.txt").write_text("whatever")
    (tmp_path / "b.txt").write_text("whatever")
    known = FILE_FORMATS[format]._replace(read=hungry)  # type: ignore[index]
    monkeypatch.setitem(FILE_FORMATS, format, known)
    found = list(read_papers(tmp_path, format, limited=True))  # type: ignore[arg-type]
    papers = [item for item in found if isinstance(item, Paper)]
    ends = [item for item in found if isinstance(item, Skipped)]
    assert [paper.title for paper in papers] == ["A title", "A title"]
    assert [(Path(end.file).name, end.line, end.n_records) for end in ends] == [
        ("a.txt", None, None),
        ("b.txt", None, None),
    ]
    assert "was not read to its end" in ends[0].reason


def test_without_the_word_nothing_of_the_process_is_touched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("a limit was set"))
    monkeypatch.setattr(signal, "setitimer", lambda *_: pytest.fail("a timer was set"))
    content = io.BytesIO(b'{"title": "T", "abstract": "A"}\n')
    assert len(list(read_papers(content))) == 1
