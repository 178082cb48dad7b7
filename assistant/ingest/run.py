"""Papers read from files -> the library: told apart, cut, embedded and handed to the writer."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from pathlib import Path
from typing import BinaryIO, TypedDict, cast

from assistant.embeddings.embedder import Embedder
from assistant.ingest import Format, read_papers
from assistant.ingest.identity import Identifiers, dedupe_keys
from assistant.ingest.merging import merge
from assistant.ingest.sources import Query, QueryReading, find_query
from assistant.reports import IngestReport, Skipped
from assistant.store.library import EmbeddedPassages, LibraryStore
from assistant.store.writer import Writer
from assistant.text.half_characters import mend_all, mend_halves
from assistant.text.passages import chunk_paper, format_passage, list_embedded_texts
from assistant.types import Paper

PaperSource = str | Path | BinaryIO | Iterable[Paper]
"""A file, a folder, '-' for standard input, a query of a service, a binary stream, or papers."""

Progress = Callable[[int, int | None], None]
"""Told how many papers are done, and how many there are in all where that is known."""


class IngestOptions(TypedDict, total=False):
    """What may be said besides the sources of an ingestion.

    ``format`` is one of ``assistant.ingest.FORMATS``, told from the content where it is None.
    ``sync`` says whether papers are removed that a source listed before and lists no longer.
    ``progress`` is told how many papers are done, of how many. ``limited`` bounds memory and time,
    for a process of one's own; see ``read_papers``. ``keep_without_abstract`` keeps papers that
    have a title alone: they are found and listed, and never quoted. Of what a search or listing of
    a service finds ``limit`` papers are taken, 100 where it is None and 10,000 at most;
    ``contact_email`` is told to the services.
    """

    format: Format | None
    sync: bool
    progress: Progress | None
    limited: bool
    keep_without_abstract: bool
    limit: int | None
    contact_email: str | None


_PAPERS_A_BATCH = 32
"""Papers embedded together: enough to sort texts by length, little enough to see progress."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Pending:
    """A paper to be embedded and stored."""

    paper: Paper
    keys: tuple[str, ...]


class Ingestion:
    """One run of papers into a library; nothing is stored before the writer commits."""

    def __init__(
        self,
        writer: Writer,
        embedder: Embedder,
        options: IngestOptions,
        n_total: int | None = None,
    ) -> None:
        """Changes by ``writer``; ``n_total`` papers are expected."""
        self._writer = writer
        self._embedder = embedder
        self._options = options
        self._progress = options.get("progress")
        self._n_total = n_total
        self._cut: set[str] = set()
        self._n_done = 0
        self._n_copies = 0
        self._outcomes: dict[str, str] = {}
        self._skipped: list[Skipped] = []
        self._notices: list[str] = []
        self._pending: list[_Pending] = []
        self._pending_keys: set[str] = set()

    def take(self, source: PaperSource) -> None:
        """Takes the papers of ``source``; those that are unchanged cost no embedding.

        Raises:
            IngestError: the source cannot be read.
        """
        query = _find_query(source)
        items = (
            _read(source, self._options, self._notices.append)
            if query is None
            else self._ask(query)
        )
        for item in items:
            if isinstance(item, Skipped):
                self._skipped.append(item)
            else:
                self._take(item)
        self._flush()

    def remove_unlisted(self, source: str | Path) -> None:
        """Removes papers that came from a file or folder before and were not among those taken.

        Those of a file or query that was not read to its end stay: they may be in the rest of it.
        """
        is_query = _find_query(source) is not None
        unread = {skipped.file for skipped in self._skipped if skipped.n_records is None}
        listed = mend_halves(str(source))
        inside = os.path.join(listed, "")  # noqa: PTH118 - a path's text, with its last slash
        for known in self._writer.sources():
            if known in unread or known in self._cut:
                continue
            if known != listed and (is_query or not known.startswith(inside)):
                continue
            for paper_id in self._writer.papers_of_source(known):
                if paper_id not in self._outcomes and self._writer.remove(paper_id):
                    self._outcomes[paper_id] = "removed"

    def make_report(self) -> IngestReport:
        """Returns what happened to every paper and record."""
        by_outcome: dict[str, list[str]] = {}
        for paper_id, outcome in self._outcomes.items():
            by_outcome.setdefault(outcome, []).append(paper_id)
        notices = [*self._notices]
        if self._n_copies:
            records = (
                "1 record is a copy"
                if self._n_copies == 1
                else f"{self._n_copies} records are copies"
            )
            notices.append(f"{records} of a paper under another id, and went into that paper")
        return IngestReport(
            **{
                name: tuple(by_outcome.get(name, ()))
                for name in ("added", "updated", "unchanged", "removed")
            },
            skipped=tuple(self._skipped),
            notices=tuple(notices),
        )

    def _ask(self, query: Query) -> Iterator[Paper | Skipped]:
        reading = QueryReading(
            query,
            self._options.get("limit"),
            self._options.get("contact_email"),
            notify=self._notices.append,
            limited=self._options.get("limited", False),
        )
        yield from reading
        if reading.is_cut:
            self._cut.add(query.typed)

    def _take(self, incoming: Paper) -> None:
        keys = dedupe_keys(incoming)
        if not self._pending_keys.isdisjoint((_make_id_key(incoming.paper_id), *keys)):
            self._flush()
        paper = self._identify(incoming, keys)
        if self._writer.is_unchanged(paper):
            self._settle(paper.paper_id, "unchanged")
            return
        keys = dedupe_keys(paper)
        self._pending.append(_Pending(paper, keys))
        self._pending_keys.update((_make_id_key(paper.paper_id), *keys))
        if len(self._pending) >= _PAPERS_A_BATCH:
            self._flush()

    def _identify(self, incoming: Paper, keys: tuple[str, ...]) -> Paper:
        """Returns the record to store: under the id of the paper that the library already has."""
        known_id = self._writer.find_duplicate(keys)
        same_id = self._writer.paper(incoming.paper_id)
        if same_id is not None and _is_same(same_id, incoming, keys):
            return _join(same_id, incoming)
        if known_id is not None and (known := self._writer.paper(known_id)) is not None:
            self._n_copies += 1
            return _join(known, incoming)
        if same_id is None:
            return incoming
        return dataclasses.replace(incoming, paper_id=self._find_free_id(incoming))

    def _find_free_id(self, incoming: Paper) -> str:
        identifiers = Identifiers()
        candidate = incoming.paper_id
        while (holder := self._writer.paper(candidate)) is not None:
            identifiers.claim(candidate, holder.title)
            candidate = identifiers.claim(incoming.paper_id, incoming.title)
        return candidate

    def _settle(self, paper_id: str, outcome: str) -> None:
        # A paper that this run added stays "added" when a second record completes it.
        if self._outcomes.get(paper_id) not in ("added", "updated"):
            self._outcomes[paper_id] = outcome
        self._n_done += 1
        if self._progress:
            self._progress(self._n_done, self._n_total)

    def _flush(self) -> None:
        papers = [pending.paper for pending in self._pending]
        for pending, (passages, vectors) in zip(
            self._pending, embed_papers(papers, self._embedder), strict=True
        ):
            outcome = self._writer.upsert(pending.paper, passages, vectors, pending.keys)
            self._settle(pending.paper.paper_id, outcome)
        self._pending.clear()
        self._pending_keys.clear()


def ingest_papers(
    store: LibraryStore,
    embedder: Embedder,
    sources: Sequence[PaperSource],
    options: IngestOptions,
) -> IngestReport:
    """Takes the papers of ``sources`` into the library and returns what changed; all or nothing.

    Raises:
        IngestError: a source cannot be read.
        StoreError: another process is writing to the library, or the disk is full.
    """
    n_total = count_papers(sources, options) if options.get("progress") else None
    with store.writer() as writer:
        run = Ingestion(writer, embedder, options, n_total)
        for source in sources:
            run.take(source)
            if options.get("sync") and isinstance(source, str | Path):
                run.remove_unlisted(source)
        report = run.make_report()
        if report.added or report.updated or report.removed:
            writer.commit()
    return report


def count_papers(sources: Iterable[PaperSource], options: IngestOptions) -> int | None:
    """Returns the papers of sources that can be read twice, or None where one cannot."""
    count = 0
    for source in sources:
        if isinstance(source, str | Path):
            # A pipe such as <(curl ...) exists and can be read once only.
            if not (Path(source).is_file() or Path(source).is_dir()):
                return None
            count += sum(isinstance(item, Paper) for item in _read(source, options))
        elif isinstance(source, Sized):
            count += len(source)
        else:
            return None
    return count


def embed_papers(papers: Sequence[Paper], embedder: Embedder) -> list[EmbeddedPassages]:
    """Returns the passages of each paper and their vectors, (n_passages, dim) float32.

    The sentences are embedded too. Their vectors are not stored with the library; they go into
    the embedder's cache, from which questions take them.

    Raises:
        ModelError: the model cannot be reached.
        StoreError: the cache cannot be written.
    """
    passages = [chunk_paper(paper) for paper in papers]
    texts = [
        text
        for paper, own in zip(papers, passages, strict=True)
        for text in list_embedded_texts(paper.title, own)
    ]
    if embedder.words is not None:
        # First, for one pass of the model then gives a passage's vector and its words'.
        embedder.words.embed_words(
            [
                format_passage(paper.title, passage)
                for paper, own in zip(papers, passages, strict=True)
                for passage in own
            ]
        )
    vectors = embedder.embed(texts, durable=True)
    found: list[EmbeddedPassages] = []
    start = 0
    for paper, own in zip(papers, passages, strict=True):
        found.append((own, vectors[start : start + len(own)]))
        start += len(list_embedded_texts(paper.title, own))
    return found


def _find_query(source: PaperSource) -> Query | None:
    """Returns the query that a source is; a Path never is one."""
    return find_query(source) if isinstance(source, str) else None


def _read(
    source: PaperSource, options: IngestOptions, notify: Callable[[str], None] = lambda _: None
) -> Iterable[Paper | Skipped]:
    if isinstance(source, str | Path) or hasattr(source, "read"):
        opened = cast(str | Path | BinaryIO, source)
        return read_papers(
            opened,
            options.get("format"),
            notify=notify,
            limited=options.get("limited", False),
            keep_without_abstract=options.get("keep_without_abstract", False),
        )
    return (Paper.from_dict(mend_all(paper.to_dict())) for paper in source)


def _make_id_key(paper_id: str) -> str:
    return f"id:{paper_id}"


def _is_same(known: Paper, incoming: Paper, keys: tuple[str, ...]) -> bool:
    """Whether a record under a known id is that paper: by its keys, or as the source's own key."""
    return known.source == incoming.source or not set(dedupe_keys(known)).isdisjoint(keys)


def _join(known: Paper, incoming: Paper) -> Paper:
    """Returns one record of two: the newer text of one source, the first text of several.

    An account stands only until the abstract itself comes.
    """
    told = known.text_kind == "account" and known.abstract != incoming.abstract
    if known.source == incoming.source or (told and incoming.text_kind == "abstract"):
        return merge(dataclasses.replace(incoming, paper_id=known.paper_id), known)
    return merge(known, incoming)
