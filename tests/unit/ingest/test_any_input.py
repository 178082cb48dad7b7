"""Whatever bytes a reader is given, it ends in papers or in one clear line, and loses little."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest import FORMATS, Format, detect_format, read_papers
from assistant.ingest.formats import FILE_FORMATS
from assistant.ingest.record import Fault, Record
from assistant.reports import Skipped
from assistant.types import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"
SAMPLES: dict[str, bytes] = {path.name: path.read_bytes() for path in sorted(FIXTURES.iterdir())}
FORMAT_OF = {name: detect_format(content, name) for name, content in SAMPLES.items()}

MAX_S = 5.0
"""CPU time that some kilobytes of anything may take, a hundred times what they do."""


def read_all(content: bytes, format: Format | None) -> list[Paper | Skipped] | str:
    """Returns what was read, or the sentence in which reading ended."""
    begun = time.process_time()
    try:
        found = list(read_papers(io.BytesIO(content), format))
    except IngestError as error:
        message = str(error)
        assert message
        assert "\n" not in message
        return message
    finally:
        assert time.process_time() - begun < MAX_S
    for item in found:
        assert isinstance(item, Paper | Skipped)
        assert item.title and item.abstract if isinstance(item, Paper) else item.reason
    return found


def alphabet(format: Format) -> list[bytes]:
    """Returns the words and signs that the samples of ``format`` are made of."""
    contents = [content for name, content in SAMPLES.items() if FORMAT_OF[name] == format]
    lines = {line[:40] + b"\n" for content in contents for line in content.splitlines()}
    words = {word for content in contents for word in content.split()}
    signs = {bytes([sign]) for content in contents for sign in content}
    return [*sorted(lines), *sorted(words), *sorted(signs), b"\n", b"\n\n", b" "]


ALPHABETS = {format: alphabet(format) for format in FORMATS}


def test_every_format_has_a_sample() -> None:
    # "csl" is a name that "json" has too.
    assert set(FORMATS) == {*FORMAT_OF.values(), "csl"} == set(FILE_FORMATS)


@pytest.mark.parametrize("format", FORMATS)
@given(content=st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_random_bytes(format: Format, content: bytes) -> None:
    read_all(content, format)
    read_all(content, None)


@pytest.mark.parametrize("format", FORMATS)
@given(pieces=st.data())
@settings(max_examples=60, deadline=None)
def test_random_text_in_the_words_of_a_format(format: Format, pieces: st.DataObject) -> None:
    parts = pieces.draw(st.lists(st.sampled_from(ALPHABETS[format]), max_size=60))
    content = b"".join(parts)
    read_all(content, format)
    read_all(content, None)


@pytest.mark.parametrize("name", SAMPLES)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.data()), max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_sample_changed_anywhere(
    name: str, edits: list[tuple[float, int, st.DataObject]]
) -> None:
    content = bytearray(SAMPLES[name])
    for place, n_lost, piece in edits:
        at = int(place * len(content))
        put = piece.draw(st.sampled_from(ALPHABETS[FORMAT_OF[name]]) | st.binary(max_size=4))
        content[at : at + n_lost] = put
    read_all(bytes(content), FORMAT_OF[name])


def known(found: list[Paper | Skipped] | str) -> list[tuple[str, str]]:
    papers = [] if isinstance(found, str) else found
    return [(item.title, item.abstract) for item in papers if isinstance(item, Paper)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_cut_anywhere_loses_at_most_what_follows(name: str) -> None:
    content, format = SAMPLES[name], FORMAT_OF[name]
    whole = known(read_all(content, format))
    n_before = 0
    for end in range(0, len(content), 7):
        papers = known(read_all(content[:end], format))
        # All papers but the last are as they are in the whole file, and none is lost again.
        assert papers[:-1] == whole[: max(len(papers) - 1, 0)]
        assert len(papers) >= n_before - 1
        n_before = max(n_before, len(papers))


class Pieces(io.RawIOBase):
    """A stream that hands out at most the next of ``sizes`` bytes at a time."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content = content
        self._sizes: Iterator[int] = iter(sizes)

    def read(self, size: int = -1) -> bytes:
        n_bytes = next(self._sizes, size)
        taken, self._content = self._content[:n_bytes], self._content[n_bytes:]
        return taken


@pytest.mark.parametrize("name", SAMPLES)
@given(sizes=st.lists(st.integers(1, 50), max_size=80))
@settings(max_examples=40, deadline=None)
def test_pieces_of_any_size_give_the_same(name: str, sizes: list[int]) -> None:
    content = SAMPLES[name]

    def read(sizes: list[int]) -> list[Record | Fault]:
        stream = cast(BinaryIO, Pieces(content, sizes))
        chunks = iter(lambda: stream.read(65_536), b"")
        return list(FILE_FORMATS[FORMAT_OF[name]].read(chunks, name))

    assert read(sizes) == read([])
