"""Headers of GGUF files, whole and damaged."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelError
from assistant.llm.gguf_header import GgufHeader, read_header


def text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def entry(name: str, kind: int, value: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + value


ARCHITECTURE = entry("general.architecture", 8, text("qwen2"))
CONTEXT = entry("qwen2.context_length", 4, struct.pack("<I", 32_768))
WORDS = entry("tokenizer.words", 9, struct.pack("<IQ", 8, 2) + text("größe") + text("模型"))
SCORES = entry("tokenizer.scores", 9, struct.pack("<IQ", 6, 3) + bytes(12))


def header(
    *entries: bytes, version: int = 3, n: int | None = None, magic: bytes = b"GGUF"
) -> bytes:
    count = len(entries) if n is None else n
    return magic + struct.pack("<IQQ", version, 5, count) + b"".join(entries)


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([ARCHITECTURE, CONTEXT], GgufHeader("qwen2", 32_768)),
        ([CONTEXT, ARCHITECTURE], GgufHeader("qwen2", 32_768)),
        ([WORDS, SCORES, ARCHITECTURE, CONTEXT], GgufHeader("qwen2", 32_768)),
        ([ARCHITECTURE], GgufHeader("qwen2", None)),
        ([ARCHITECTURE, entry("qwen2.context_length", 8, text("many"))], GgufHeader("qwen2", None)),
    ],
)
def test_whole_headers(tmp_path: Path, entries: list[bytes], found: GgufHeader) -> None:
    assert read_header(written(tmp_path, header(*entries) + bytes(64))) == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        header(ARCHITECTURE, CONTEXT, magic=b"GGML"),
        header(ARCHITECTURE, CONTEXT, version=1),
        header(ARCHITECTURE, CONTEXT, version=4),
        header(ARCHITECTURE, CONTEXT)[:-1],
        header(CONTEXT),
        header(n=2**60),
        header(ARCHITECTURE, n=40),
        header(entry("x", 77, b"")),
        header(entry("x", 9, struct.pack("<IQ", 9, 2))),
        header(entry("x", 9, struct.pack("<IQ", 8, 2**62))),
        header(entry("x", 9, struct.pack("<IQ", 12, 2**62))),
        header(struct.pack("<Q", 2**62)),
        header(entry("general.architecture", 4, struct.pack("<I", 1))),
    ],
)
def test_damaged_headers(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ModelError, match="is not a GGUF file that can be read") as caught:
        read_header(path)
    assert repr(str(path)) in str(caught.value)


@given(content=st.binary(max_size=200).map(lambda tail: b"GGUF\x03\0\0\0" + tail))
def test_no_bytes_do_worse_than_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("gguf"), content)
    # What no damage of a file may raise: anything but ModelError.
    with contextlib.suppress(ModelError):
        assert isinstance(read_header(path), GgufHeader)
