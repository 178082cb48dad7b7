"""Papers read from files -> the library: told apart, cut, embedded and handed to the writer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from assistant.embeddings.embedder import Embedder
from assistant.ingest.copies import Copies, name_titles
from assistant.ingest.identity import dedupe_keys, text_keys
from assistant.ingest.known_papers import KnownPapers, make_keys
from assistant.ingest.merging import merge
from assistant.ingest.services import Query, QueryReading
from assistant.ingest.source_names import (
    NAMED,
    UNNAMED,
    check_names,
    is_inside,
    is_same_source,
    locate_source,
)
from assistant.ingest.source_reading import (
    IngestOptions,
    PaperSource,
    count_papers,
    locate_papers,
    name_query,
    read_source,
)
from assistant.reports import IngestReport, Skipped
from assistant.store.library import EmbeddedPassages, LibraryStore
from assistant.store.writer import Writer
from assistant.text.passages import chunk_paper, format_passage, list_embedded_texts
from assistant.types import Paper

_MAX_DOUBTFUL = 10_000
"""Records kept back until their source was read, at most; of each its texts are in memory."""

_PAPERS_A_BATCH = 32
"""Papers embedded together: enough to sort texts by length, little enough to see progress."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Pending:
    """A paper to be embedded and stored; ``anew`` where only its source or keys have changed."""

    paper: Paper
    keys: tuple[str, ...]
    anew: bool


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
        self._cut: set[str] = set()
        self._n_total = n_total
        self._n_done = 0
        self._outcomes: dict[str, str] = {}
        self._skipped: list[Skipped] = []
        self._notices: list[str] = []
        self._copies = Copies()
        self._known = KnownPapers(writer, self._is_open)
        self._pending: list[_Pending] = []
        self._pending_keys: set[str] = set()
        self._doubtful: list[Paper] = []

    def take(self, source: PaperSource) -> None:
        """Takes the papers of ``source``; those that are unchanged cost no embedding.

        Raises:
            IngestError: the source cannot be read.
        """
        query = name_query(source)
        items = (
            read_source(source, self._options, self._notices.append)
            if query is None
            else self._ask(query)
        )
        for item in items:
            if isinstance(item, Skipped):
                self._skipped.append(item)
            else:
                self._take(item)
        self._take_doubtful()
        self._flush()

    def remove_unlisted(self, source: str) -> None:
        """Removes papers that only ``source`` listed, which are not among those taken.

        Those of a file or query that was not read to its end stay: they may be in the rest of it.
        So do those that came from elsewhere too.

        Args:
            source: as papers have it; a folder stands for the files in it.
        """
        left = [skipped.file for skipped in self._skipped if skipped.n_records is None]
        unread = {source} if left and source.startswith(NAMED) else set(map(locate_source, left))
        unread |= {*left, *self._cut}
        known = self._known.list_sources()
        gone = frozenset(one for one in known if is_inside(one, source) and one not in unread)
        kept: list[str] = []
        for paper_id in dict.fromkeys(i for one in gone for i in self._known.list_papers(one)):
            paper = self._writer.paper(paper_id)
            if paper is None or not self._is_open(paper_id):
                continue
            listing = self._known.list_listing(paper) - gone
            if paper.source in gone and not listing:
                self._writer.remove(paper_id)
                self._outcomes[paper_id] = "removed"
            else:
                first = min(listing) if paper.source in gone else paper.source
                self._relabel(dataclasses.replace(paper, source=first), listing)
                kept.append(paper.title)
        if kept:
            are = "1 paper stays" if len(kept) == 1 else f"{len(kept):,} papers stay"
            self._notices.append(
                f"{are} although {source} lists no such paper now, for another source gave it "
                f"too: {name_titles(kept)}; `assistant library remove ID` removes a paper"
            )

    def make_report(self) -> IngestReport:
        """Returns what happened to every paper and record."""
        by_outcome: dict[str, list[str]] = {}
        for paper_id, outcome in self._outcomes.items():
            by_outcome.setdefault(outcome, []).append(paper_id)
        report = IngestReport(
            **{
                name: tuple(by_outcome.get(name, ()))
                for name in ("added", "updated", "unchanged", "removed")
            },
            skipped=tuple(self._skipped),
            copies=tuple(self._copies.named),
            n_copies=self._copies.n_copies,
        )
        notices = (*self._notices, *self._copies.describe(report))
        return dataclasses.replace(report, notices=notices)

    def _ask(self, query: Query) -> Iterator[Paper | Skipped]:
        reading = QueryReading(
            query,
            self._options.get("limit"),
            self._options.get("contact_email"),
            notify=self._notices.append,
            limited=self._options.get("limited", False),
            keep_without_abstract=self._options.get("keep_without_abstract", False),
        )
        source = locate_papers(query.typed, self._options.get("source_name"))
        for item in reading:
            yield item if isinstance(item, Skipped) else dataclasses.replace(item, source=source)
        if reading.is_cut:
            self._cut.add(source)

    def _take(self, incoming: Paper) -> None:
        """Takes a record, or keeps it back where it may be what became of another's record.

        Which it is is known when the source was read: a record whose number alone is another's is
        listed there itself.
        """
        known = self._find(incoming)
        if known is None and self._known.find_revised(incoming) is not None:
            self._doubtful.append(incoming)
            if len(self._doubtful) >= _MAX_DOUBTFUL:
                self._take_doubtful()
            return
        self._store(incoming, known)

    def _take_doubtful(self) -> None:
        doubtful, self._doubtful = self._doubtful, []
        for incoming in doubtful:
            self._store(incoming, self._find(incoming) or self._known.find_revised(incoming))

    def _find(self, incoming: Paper) -> Paper | None:
        if not self._pending_keys.isdisjoint(_make_pending_keys(incoming)):
            self._flush()
        known = self._known.find(incoming)
        if known is not None and _make_id_key(known.paper_id) in self._pending_keys:
            self._flush()
            known = self._writer.paper(known.paper_id)
        return known

    def _is_open(self, paper_id: str) -> bool:
        """Whether no record of this run was of this paper yet."""
        return paper_id not in self._outcomes and _make_id_key(paper_id) not in self._pending_keys

    def _store(self, incoming: Paper, known: Paper | None) -> None:
        """Puts a record into the library: as a new paper, or joined to ``known``."""
        if known is None:
            free = self._known.find_free_id(incoming.paper_id)
            self._put(dataclasses.replace(incoming, paper_id=free), frozenset())
            return
        is_newer = known.source is incoming.source is None
        is_newer |= is_same_source(known.source, incoming.source)
        if not self._is_open(known.paper_id):
            self._copies.count(known, incoming)
            # A source that lists a paper twice has no newer text of it.
            is_newer = False
        elif not is_newer and known.paper_id != incoming.paper_id:
            self._copies.count_elsewhere(known)
        before = self._known.list_listing(known)
        source = incoming.source
        listing = before | ({source} if source and source != UNNAMED else set())
        paper = _join(known, incoming, is_newer=is_newer)
        self._put(paper, listing, anew=len(listing) > max(1, len(before)))

    def _put(self, paper: Paper, listing: frozenset[str], *, anew: bool = False) -> None:
        if not anew and self._writer.is_unchanged(paper):
            self._settle(paper.paper_id, "unchanged")
            return
        self._pending.append(_Pending(paper, make_keys(paper, listing), anew))
        self._pending_keys.update(_make_pending_keys(paper))
        if len(self._pending) >= _PAPERS_A_BATCH:
            self._flush()

    def _relabel(self, paper: Paper, listing: frozenset[str]) -> None:
        """Writes which sources list a paper, whose content stays."""
        ((passages, vectors),) = embed_papers([paper], self._embedder)
        self._writer.upsert(paper, passages, vectors, make_keys(paper, listing), anew=True)

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
            outcome = self._writer.upsert(
                pending.paper, passages, vectors, pending.keys, anew=pending.anew
            )
            self._settle(pending.paper.paper_id, outcome)
        self._pending.clear()
        self._pending_keys.clear()


def ingest_papers(
    store: LibraryStore,
    embedder: Embedder,
    sources: Sequence[PaperSource],
    options: IngestOptions,
) -> IngestReport:
    """Takes the papers of ``sources`` into a library and returns what changed; all or nothing.

    Raises:
        IngestError: a source cannot be read, or has no name that ``sync`` could know it by.
        StoreError: another process is writing to the library, or the disk is full.
    """
    name, sync = options.get("source_name"), options.get("sync", False)
    check_names(sources, name, sync=sync)
    n_total = count_papers(sources, options) if options.get("progress") else None
    with store.writer() as writer:
        run = Ingestion(writer, embedder, options, n_total)
        for source in sources:
            run.take(source)
            if sync:
                run.remove_unlisted(locate_papers(source, name))
        writer.commit()
        return run.make_report()


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


def _make_id_key(paper_id: str) -> str:
    return f"id:{paper_id}"


def _make_pending_keys(paper: Paper) -> set[str]:
    return {_make_id_key(paper.paper_id), *dedupe_keys(paper), *text_keys(paper)[:1]}


def _join(known: Paper, incoming: Paper, *, is_newer: bool) -> Paper:
    """Returns one record of two: the newer text of one source, the first text of several.

    An account stands only until the abstract itself comes.
    """
    told = known.text_kind == "account" and known.abstract != incoming.abstract
    if is_newer or (told and incoming.text_kind == "abstract"):
        return merge(dataclasses.replace(incoming, paper_id=known.paper_id), known)
    return merge(known, incoming)
