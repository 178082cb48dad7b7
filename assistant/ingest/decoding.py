"""Bytes of unknown encoding -> text, piece by piece, so that a file of any size can be read.

Byte order marks are believed. Text without one is UTF-8; where it is not, it is read as
Windows-1252 (which holds all of Latin-1's letters) if the result looks like words in the Latin
alphabet, and refused by name otherwise. Statistical guessing is no use here: it takes the few
accented letters of a bibliography for Chinese or Central European text.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.errors import UnreadableError
from assistant.ingest.record import MAX_RECORD_CHARS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MAGIC = (
    (b"%PDF-", "a PDF; export its bibliographic record, or the text of its abstract, instead"),
    (b"{\\rtf", "a rich text document; save it as plain text"),
    (b"PK\x03\x04", "a ZIP archive or an office document; unpack it or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as plain text"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"\x89PNG", "a picture; it holds no text"),
    (b"\xff\xd8\xff", "a picture; it holds no text"),
    (b"GIF8", "a picture; it holds no text"),
    (b"SQLite format 3\x00", "a SQLite database; export its records first"),
)

_BINARY_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL_SHARE = 0.05
_UTF16_NUL_SHARE = 0.3

# In Windows-1252 these are signs, not letters; between letters they betray another alphabet.
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[\xa1-\xa9\xab\xac\xae-\xb4\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?=[^\W\d_])"
)
_FOREIGN_RUN = re.compile(r"[\x80-\uffff]{4,}")
_MAX_FOREIGN_SHARE = 0.2


class Line(NamedTuple):
    """A line without its end, counted from 1; ``cut`` if it was too long to be held whole."""

    number: int
    text: str
    cut: bool = False


def refuse_binary(head: bytes, file: str) -> None:
    """Raises UnreadableError if ``head``, a file's first bytes, cannot be the start of text."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic) or head.startswith(magic):
            raise UnreadableError(file, f"is {what}")
    if _mark(head) or _utf16_without_mark(head) or not head:
        return
    if len(_BINARY_CONTROLS.findall(head)) > _MAX_CONTROL_SHARE * len(head):
        raise UnreadableError(file, "is not text but binary data; export it as text first")


def decode(chunks: Iterable[bytes], file: str) -> Iterator[str]:
    """Yields the text of ``chunks`` in pieces, every line end as ``\\n``.

    Bytes that are not UTF-8 in a file that otherwise is become lone surrogates, so that the
    record that holds them can be named and the others kept.

    Raises:
        UnreadableError: the encoding can be told to be neither Unicode nor Western European.
    """
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    for text in _decode_pieces(iter(chunks), file):
        piece = newlines.decode(text)
        if piece:
            yield piece
    rest = newlines.decode("", final=True)
    if rest:
        yield rest


def lines(texts: Iterable[str]) -> Iterator[Line]:
    """Yields the lines of ``texts``; of a line beyond MAX_RECORD_CHARS only the beginning."""
    number, parts, held, cut = 1, list[str](), 0, False
    for text in texts:
        pieces = text.split("\n")
        for index, piece in enumerate(pieces):
            if index:
                yield Line(number, "".join(parts), cut)
                number, parts, held, cut = number + 1, [], 0, False
            kept = piece[: MAX_RECORD_CHARS - held]
            cut = cut or len(kept) < len(piece)
            if kept:
                parts.append(kept)
                held += len(kept)
    if parts:
        yield Line(number, "".join(parts), cut)


def _mark(head: bytes) -> tuple[bytes, str] | None:
    return next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), None)


def _utf16_without_mark(head: bytes) -> str | None:
    half = len(head) // 2
    if half < 8:
        return None
    for name, nul_at, text_at in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        nuls, others = head[nul_at::2].count(0), head[text_at::2].count(0)
        if nuls > _UTF16_NUL_SHARE * half and not others:
            return name
    return None


def _decode_pieces(chunks: Iterator[bytes], file: str) -> Iterator[str]:
    first = next(chunks, b"")
    marked = _mark(first)
    if marked and marked[1] == "utf-8":
        yield from _utf8(chunks, first[len(marked[0]) :], file, certain=True)
        return
    name = marked[1] if marked else _utf16_without_mark(first)
    if name is None:
        yield from _utf8(chunks, first, file, certain=False)
        return
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    yield decoder.decode(first)
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _utf8(chunks: Iterator[bytes], first: bytes, file: str, *, certain: bool) -> Iterator[str]:
    """Decodes UTF-8; until ``certain``, the first bytes that are not decide for Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    chunk: bytes | None = first
    while chunk is not None:
        following = next(chunks, None)
        pending = decoder.getstate()[0]
        text = decoder.decode(chunk, final=following is None)
        if not certain and not text.isascii():
            broken = sum("\udc80" <= sign <= "\udcff" for sign in text)
            whole = sum(sign > "\x7f" for sign in text) - broken
            if broken > whole:
                yield from _windows_1252(chunks, pending + chunk, following, file)
                return
            certain = True
        yield text
        chunk = following


def _windows_1252(
    chunks: Iterator[bytes], first: bytes, following: bytes | None, file: str
) -> Iterator[str]:
    sample = first.decode("cp1252", errors="replace")
    foreign = sum(sign > "\x7f" for sign in sample)
    letters = sum(sign.isalpha() for sign in sample)
    if (
        "\ufffd" in sample
        or foreign > _MAX_FOREIGN_SHARE * max(letters, 1)
        or _FOREIGN_RUN.search(sample)
        or _SIGN_IN_WORD.search(sample)
    ):
        raise UnreadableError(
            file, "is neither UTF-8, UTF-16 nor Latin-1 text; save it as UTF-8 and try again"
        )
    yield sample
    if following is not None:
        yield following.decode("cp1252", errors="replace")
    for chunk in chunks:
        yield chunk.decode("cp1252", errors="replace")
