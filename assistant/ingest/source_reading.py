"""What papers are ingested from, and how: files, folders, streams, papers, queries of services."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sized
from pathlib import Path
from typing import BinaryIO, TypedDict, cast

from assistant.ingest import Format, read_papers
from assistant.ingest.services import Query, find_query
from assistant.ingest.source_names import locate_source, locate_stream, name_source
from assistant.reports import Skipped
from assistant.text.half_characters import mend_all
from assistant.types import Paper

PaperSource = str | Path | BinaryIO | Iterable[Paper]
"""A file, a folder, '-' for standard input, a binary stream, or papers."""

Progress = Callable[[int, int | None], None]
"""Told how many papers are done, and how many there are in all where that is known."""


class IngestOptions(TypedDict, total=False):
    """What may be said besides the sources of an ingestion.

    ``format`` is one of ``assistant.ingest.FORMATS``, told from the content where it is None.
    ``sync`` says whether papers are removed that a source listed before and lists no longer.
    ``progress`` is told how many papers are done, of how many. ``limited`` bounds memory and time,
    for a process of one's own; see ``read_papers``. ``source_name`` is what the one source is known
    by, in place of its path; what has no path needs it for ``sync``. ``keep_without_abstract``
    keeps papers that have a title alone: they are found and listed, and never quoted. Of what a
    search or listing of a service finds ``limit`` papers are taken, 100 where it is None and 10,000
    at most; ``contact_email`` is told to the services.
    """

    format: Format | None
    sync: bool
    progress: Progress | None
    limited: bool
    source_name: str | None
    keep_without_abstract: bool
    limit: int | None
    contact_email: str | None


def count_papers(sources: Iterable[PaperSource], options: IngestOptions) -> int | None:
    """Returns the papers of sources that can be read twice, or None where one cannot."""
    count = 0
    for source in sources:
        if isinstance(source, str | Path):
            # A pipe such as <(curl ...) exists and can be read once only.
            if not (Path(source).is_file() or Path(source).is_dir()):
                return None
            count += sum(isinstance(item, Paper) for item in read_source(source, options))
        elif isinstance(source, Sized):
            count += len(source)
        else:
            return None
    return count


def name_query(source: PaperSource) -> Query | None:
    """Returns the query that a source is; a Path never is one."""
    return find_query(source) if isinstance(source, str) else None


def read_source(
    source: PaperSource, options: IngestOptions, notify: Callable[[str], None] = lambda _: None
) -> Iterable[Paper | Skipped]:
    """Returns what is read of a source that is no query, in order."""
    name = options.get("source_name")
    if isinstance(source, str | Path) or hasattr(source, "read"):
        opened = cast(str | Path | BinaryIO, source)
        return read_papers(
            opened,
            options.get("format"),
            notify=notify,
            limited=options.get("limited", False),
            source_name=name,
            keep_without_abstract=options.get("keep_without_abstract", False),
        )
    papers = (Paper.from_dict(mend_all(paper.to_dict())) for paper in source)
    if name is None:
        return papers
    named = name_source(name)
    return (dataclasses.replace(paper, source=named) for paper in papers)


def locate_papers(source: PaperSource, source_name: str | None) -> str:
    """Returns what the papers of ``source`` have as their source."""
    if source_name is not None:
        return name_source(source_name)
    if query := name_query(source):
        return query.typed
    if isinstance(source, str | Path):
        return locate_source(source)
    return locate_stream(source)
