"""Reads papers out of files: bibliographies, tables, feeds, of any size and in most encodings.

>>> from assistant.ingest import read_papers
>>> for paper in read_papers("library.bib"):  # doctest: +SKIP
...     print(paper)
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO, Any, BinaryIO

from assistant.errors import IngestError, UnreadableError
from assistant.ingest.decoding import refuse_binary
from assistant.ingest.formats import (
    FILE_FORMATS,
    FOLDER_SUFFIXES,
    FORMATS,
    Format,
    detect_format,
)
from assistant.ingest.identity import Identifiers, dedupe_keys
from assistant.ingest.merging import merge
from assistant.ingest.papers import paper_from
from assistant.ingest.reading_limits import (
    MAX_NOTICES,
    MAX_SKIPPED,
    Bounded,
    ReadingLimits,
)
from assistant.ingest.record import Fault, Remark
from assistant.ingest.source_names import UNNAMED, locate_source, locate_stream, name_source
from assistant.reports import Skipped
from assistant.text.half_characters import mend_halves
from assistant.types import Paper

__all__ = ["FORMATS", "Format", "dedupe_keys", "detect_format", "merge", "read_papers"]

STANDARD_INPUT = "-"

HEAD_BYTES = 65_536
"""Bytes by which a format is told; also the size of the pieces in which a file is read."""


def read_papers(
    path_or_stream: str | Path | BinaryIO,
    format: Format | None = None,
    *,
    notify: Callable[[str], None] = lambda _: None,
    limited: bool = False,
    identifiers: Identifiers | None = None,
    keep_without_abstract: bool = False,
    source_name: str | None = None,
) -> Iterator[Paper | Skipped]:
    """Returns the papers of a file, a folder or a stream in order, with what was skipped between.

    ``-`` is standard input. Of a folder every file is read, subfolders too, in order of their
    names, hidden ones left out; a file that cannot be read is skipped there. Records are read
    one by one: memory does not grow with the file but for about a hundred bytes a paper, by
    which two papers under one id are told apart (the second's id ends in '-2'). Of a file the
    first thousand records that are skipped are named, and the rest is counted.

    Args:
        path_or_stream: what to read; a stream must be binary.
        format: one of FORMATS; told from the content where None.
        notify: called with one sentence for what a user should know although nothing was
            skipped, such as a key that two papers share.
        limited: whether a file is left where it takes too much memory or time: see
            ``ReadingLimits``, which holds the whole process. What was read of it by then is kept.
        identifiers: the ids given out so far, where a stream is one part of a list in several.
        keep_without_abstract: whether records that have a title alone are papers too.
        source_name: what the papers' ``source`` names in place of the file's absolute path.

    Raises:
        IngestError: there is no such file or folder, it cannot be read, or nothing in it looks
            like a paper.
    """
    if format is not None and format not in FORMATS:
        raise IngestError(f"{format!r} is not a format; use one of {', '.join(FORMATS)}")
    named = None if source_name is None else name_source(source_name)
    reading = _Reading(format, notify, limited, keep_without_abstract, named)
    if not isinstance(path_or_stream, str | Path):
        name = getattr(path_or_stream, "name", None)
        file = mend_halves(name) if isinstance(name, str) else STANDARD_INPUT
        source = locate_stream(path_or_stream)
        return reading.read_stream(path_or_stream, file, source, identifiers or Identifiers())
    if str(path_or_stream) == STANDARD_INPUT:
        return reading.read_stream(sys.stdin.buffer, STANDARD_INPUT, UNNAMED, Identifiers())
    if path_or_stream == "":
        raise IngestError("'' names no file or folder; give a path, or . for this folder")
    path = Path(path_or_stream)
    try:
        if path.is_dir():
            return reading.read_folder(path)
        if path.exists():
            return reading.read_file(path, Identifiers())
    except (OSError, ValueError) as exc:
        raise IngestError(f"{str(path)!r} cannot be opened: {exc}") from exc
    raise IngestError(f"there is no file or folder {str(path)!r}; check the path")


@dataclass(frozen=True, slots=True)
class _Reading:
    """How files are read, whichever they are; see ``read_papers``."""

    format: Format | None
    notify: Callable[[str], None]
    limited: bool
    keep_without_abstract: bool
    source: str | None = None

    def read_folder(self, folder: Path) -> Iterator[Paper | Skipped]:
        identifiers = Identifiers()
        empty = True
        for path in _files(folder):
            empty = False
            if path.suffix.lower() not in FOLDER_SUFFIXES:
                reason = f"is left alone: papers in a folder are not expected under {path.suffix!r}"
                reason += "; name the file itself to read it"
                yield Skipped(mend_halves(str(path)), None, reason, None)
                continue
            try:
                yield from self.read_file(path, identifiers)
            except UnreadableError as exc:
                yield Skipped(mend_halves(str(path)), None, exc.reason, None)
        if empty:
            reason = "is a folder without files; name one that holds papers"
            raise UnreadableError(str(folder), reason)

    def read_file(self, path: Path, identifiers: Identifiers) -> Iterator[Paper | Skipped]:
        try:
            stream = path.open("rb")
        except OSError as exc:
            raise UnreadableError(str(path), f"cannot be opened: {exc.strerror}") from exc
        with stream:
            file, source = mend_halves(str(path)), locate_source(path)
            yield from self.read_stream(stream, file, source, identifiers)

    def read_stream(
        self, stream: BinaryIO, file: str, source: str, identifiers: Identifiers
    ) -> Iterator[Paper | Skipped]:
        """Yields what a file holds, what is said of it bounded; ``file`` is how it was named."""
        source = self.source or source
        notify = Bounded(self.notify, MAX_NOTICES)
        identifiers.notify = notify
        n_skipped = 0
        for item in self._read_items(stream, file, identifiers):
            if isinstance(item, Paper):
                yield item if item.source == source else replace(item, source=source)
                continue
            n_skipped += 1
            if n_skipped <= MAX_SKIPPED or item.n_records is None:
                yield item
        if n_skipped > MAX_SKIPPED:
            reason = f"{n_skipped - MAX_SKIPPED:,} more records were skipped, which are not named"
            yield Skipped(file, None, reason, n_skipped - MAX_SKIPPED)
        if notify.n_more:
            self.notify(f"{file}: {notify.n_more:,} more keys already belong to another paper")

    def _read_items(
        self, stream: BinaryIO, file: str, identifiers: Identifiers
    ) -> Iterator[Paper | Skipped]:
        chunks = _chunks(stream, file)
        if not self.limited:
            yield from self._read_chunks(chunks, file, identifiers)
            return
        limits = ReadingLimits()
        items = self._read_chunks(limits.count(chunks), file, identifiers)
        yield from limits.hold(items, lambda reason: Skipped(file, None, reason, None))

    def _read_chunks(
        self, chunks: Iterator[bytes], file: str, identifiers: Identifiers
    ) -> Iterator[Paper | Skipped]:
        head = next(chunks, b"")
        if not head.strip():
            raise UnreadableError(file, "is empty; there is nothing to read")
        format = self.format or detect_format(head, file)
        if not FILE_FORMATS[format].is_binary:
            refuse_binary(head, file)
        empty = True
        for record in FILE_FORMATS[format].read(chain([head], chunks), file):
            empty = False
            if isinstance(record, Fault):
                yield Skipped(file, record.line, record.reason, record.n_records)
            elif isinstance(record, Remark):
                identifiers.notify(f"{file}: {record.text}")
            else:
                keep = self.keep_without_abstract
                yield paper_from(record, file, identifiers, keep_without_abstract=keep)
        if empty:
            raise UnreadableError(file, f"holds no papers that could be read as {format}")


def _files(folder: Path) -> Iterator[Path]:
    """Yields the files below ``folder`` in order of their names; no hidden ones, no links out."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        folders = {path for path in paths if path.is_dir()}
    except OSError:
        # Opening it will say why it cannot be read.
        yield folder
        return
    for path in paths:
        if path not in folders:
            # A link to nothing is opened too, which says what is wrong with it.
            if path.is_file() or not path.exists():
                yield path
        elif not path.is_symlink():
            yield from _files(path)


def _chunks(stream: IO[Any], file: str) -> Iterator[bytes]:
    while True:
        try:
            chunk = stream.read(HEAD_BYTES)
        except OSError as exc:
            raise UnreadableError(file, f"cannot be read: {exc.strerror}") from exc
        if not chunk:
            return
        if isinstance(chunk, str):
            raise UnreadableError(file, "is open as text; open it in binary mode ('rb')")
        yield chunk
