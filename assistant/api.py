"""Assistant: the one door for scripts, the command line and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from assistant.answer.current_engine import CurrentEngine
from assistant.answers import Answer
from assistant.configured_models import ConfiguredModels
from assistant.embeddings.embedder import Embedder
from assistant.errors import LibraryError, QuestionError
from assistant.opened_library import OpenedLibrary
from assistant.reports import IngestReport, LibraryStats
from assistant.settings import Settings, load_settings
from assistant.starter.papers import locate_starter
from assistant.store.library import LibraryStore
from assistant.types import (
    AskOptions,
    Filters,
    Paper,
    PaperFormat,
    SearchResult,
    Sentence,
    TurnOptions,
)

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from numpy.typing import NDArray

    from assistant.answer.engine import Engine
    from assistant.conversation.chat import Chat
    from assistant.events import Event
    from assistant.ingest.source_reading import IngestOptions, PaperSource, Progress
    from assistant.llamaindex.query_engine import AbstractQueryEngine
    from assistant.store.snapshot import Snapshot

_MAX_RESULTS = 10_000


class Assistant:
    """Questions to, searches in and changes of one library.

    Made by ``Assistant.open``; any thread may ask. Changes by other processes are seen at the
    next question.
    """

    def __init__(
        self,
        settings: Settings,
        embedding: BaseEmbedding | None = None,
        llm: LLM | None = None,
    ) -> None:
        self.settings = settings
        self.models = ConfiguredModels(settings, embedding, llm)
        self._library = OpenedLibrary(settings, self.models)
        self._engine = CurrentEngine(settings, self.models)

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        embedding: BaseEmbedding | None = None,
        llm: LLM | str | None = None,
        create: bool = False,
        **overrides: Any,
    ) -> Assistant:
        """Returns an assistant over the library that the settings name.

        Where there is no library called 'default' yet, the starter library is opened and
        ``notices`` says so; with ``create`` an empty one is opened for ingestion instead.

        Args:
            settings: what to use; read from variables and assistant.toml where None.
            embedding: a LlamaIndex embedding to use in place of the configured one.
            llm: a LlamaIndex LLM to write answers in place of the configured one, or the setting
                itself, such as "none" or "openai:MODEL".
            create: whether the library may be missing, to be made by ``ingest``.
            **overrides: settings by name that go before variables, such as ``library="thesis"``.

        Raises:
            SettingsError: a setting is unknown or cannot be used.
            LibraryError: there is no library of that name.
        """
        if isinstance(llm, str):
            overrides, llm = {**overrides, "llm": llm}, None
        assistant = cls(settings or load_settings(**overrides), embedding, llm)
        if not create:
            assistant._library.require(assistant._ingest_starter)
        return assistant

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of how the assistant runs, each a sentence."""
        return tuple(dict.fromkeys((*self._library.notices, *self.models.notices)))

    @property
    def n_papers(self) -> int:
        """The number of papers in the library."""
        return self._open_snapshot().n_papers

    def ask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """Returns an answer whose every sentence is cited and checked, or an abstention.

        The sentences are quotations, or an LLM's own where one is configured.

        Args:
            question: in words; at most 10,000 characters.
            **options: see ``AskOptions``: standalone_question, filters, top_k, max_sentences.

        Raises:
            QuestionError: the question or an option cannot be asked as it stands.
            LibraryError, StoreError, ModelError: the library or a model is not usable.
        """
        return self._get_engine().answer(question, **options)

    def stream(self, question: str, **options: Unpack[AskOptions]) -> Generator[Event, None, None]:
        """Yields what happens while the question is answered: see ``assistant.events``.

        Takes the options of ``ask`` and ends with ``Done``, whose answer is the one that ``ask``
        returns. Closing the iterator stops the LLM.

        Raises, when the first event is asked for:
            QuestionError, LibraryError, StoreError, ModelError: as ``ask``.
        """
        return self._get_engine().stream(question, **options)

    async def astream(self, question: str, **options: Unpack[AskOptions]) -> AsyncIterator[Event]:
        """Yields what ``stream`` does, each step run in a thread so that an event loop goes on."""
        events = await asyncio.to_thread(self.stream, question, **options)
        try:
            while (event := await asyncio.to_thread(next, events, None)) is not None:
                yield event
        finally:
            await asyncio.to_thread(events.close)

    def answerability(self, question: str, filters: Filters | None = None) -> float:
        """Returns how likely the library holds the answer to ``question``, in [0, 1].

        Nothing is answered, and no LLM is asked.

        Raises:
            QuestionError, LibraryError, StoreError, ModelError: as ``ask``.
        """
        return self._get_engine().assess(question, filters)

    def check(self, source: str, claim: str, *, judge: bool = True) -> Sentence:
        """Returns ``claim`` as a checked sentence: does ``source`` support it?

        ``verdict`` and ``score``, in [0, 1], higher is better supported, are of the same check
        that answers go through; the quotes are those sentences of ``source`` that bear the claim
        out best. No library is needed. Without ``judge`` no LLM is asked, whatever the settings
        say.

        Raises:
            QuestionError: the source or the claim is empty, or longer than 100,000 or 2,000
                characters.
        """
        from assistant.grounding.claims import check_claim

        return check_claim(self.models.make_checker(judge=judge), source, claim)

    def chat(self, filters: Filters | None = None) -> Chat:
        """Returns a conversation: each turn is understood with those before it."""
        from assistant.conversation.chat import Chat

        return Chat(self, filters)

    def change_filters(self, turn: str, question: str) -> str | None:
        """Returns ``question``, asked before, with the authors, venue or years that ``turn`` wants.

        None where ``turn`` asks for anything besides, or ``question`` for no papers: "and in 2020?"
        after "papers by Ames" is "papers from 2020 by Ames".
        """
        return self._get_engine().change_filters(turn, question)

    def rephrase(
        self, turn: str, last: Answer, instruction: str, **options: Unpack[TurnOptions]
    ) -> Generator[Event, None, None]:
        """Yields what happens while the LLM, which there must be, puts ``last`` in other words."""
        from assistant.answer.rephrasing import rephrase

        writer = self.models.make_writer(self._open_snapshot().lexical.idf)
        return rephrase(turn, last, instruction, options, writer, self.paper, self.settings)

    def compose_stopped(self, question: str, events: Sequence[Event]) -> Answer | None:
        """Returns the answer as far as ``events`` of ``stream`` came; None without a sentence."""
        from assistant.answer.stopped import compose_stopped

        return compose_stopped(question, events, self.paper, self.llm_name, self.settings)

    async def aask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """Returns what ``ask`` does, run in a thread so that an event loop goes on."""
        return await asyncio.to_thread(self.ask, question, **options)

    def search(
        self, query: str, top_k: int | None = None, *, filters: Filters | None = None
    ) -> list[SearchResult]:
        """Returns the ``top_k`` best papers for ``query``, best first; None: as the settings say.

        Raises:
            QuestionError: the query cannot be searched for, or ``top_k`` is not in 1..10,000.
        """
        n_papers = self.settings.top_k if top_k is None else top_k
        if not 1 <= n_papers <= _MAX_RESULTS:
            raise QuestionError(
                f"cannot return {n_papers!r} papers; ask for 1 to {_MAX_RESULTS:,} of them"
            )
        return self._get_engine().search(query, n_papers, filters)

    def query_engine(self) -> AbstractQueryEngine:
        """Returns a LlamaIndex query engine over the library as it is now."""
        from assistant.llamaindex.query_engine import AbstractQueryEngine

        return AbstractQueryEngine(self._get_engine())

    def ingest(self, *sources: PaperSource, **options: Unpack[IngestOptions]) -> IngestReport:
        """Reads papers into the library and returns what changed; all of it or nothing.

        Args:
            *sources: files, folders, '-' for standard input, binary streams, papers, or strings
                that name papers of a service, such as "doi:10.1000/182" or "openalex:herons".
            **options: how they are read; see ``IngestOptions``.

        Raises:
            IngestError: a source cannot be read, or has no name that ``sync`` could know it by.
            ServiceError: a service that papers are asked of cannot be reached.
            StoreError: another process is writing to the library, or the disk is full.
        """
        # The parsers take a quarter of a second to import; what only asks never comes here.
        from assistant.ingest.run import ingest_papers

        if self._library.leave_starter():
            self._engine.forget()
        options["contact_email"] = self.settings.contact_email
        return ingest_papers(self.store, self.embedder, sources, options)

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """Returns the library's papers in order, or those that ``filters`` allow."""
        snapshot = self._open_snapshot()
        if not filters:
            return list(snapshot.papers())
        return [snapshot.paper(int(row)) for row in snapshot.matching(filters).nonzero()[0]]

    def paper_ids(self, filters: Filters | None = None) -> list[str]:
        """Returns the ids of ``papers``, in order, in a fraction of its time."""
        snapshot = self._open_snapshot()
        if not filters:
            return list(snapshot.paper_ids)
        return [snapshot.paper_ids[int(row)] for row in snapshot.matching(filters).nonzero()[0]]

    def paper(self, paper_id: str) -> Paper:
        """Returns one paper.

        Raises:
            LibraryError: the library has no such paper.
        """
        snapshot = self._open_snapshot()
        try:
            return snapshot.paper(snapshot.row(paper_id))
        except KeyError:
            raise LibraryError(
                f"library {self.store.name!r} has no paper {paper_id!r}; "
                "`assistant library list` prints the ids"
            ) from None

    def remove(self, *paper_ids: str) -> IngestReport:
        """Removes papers and returns the report; nothing is removed where one is not there.

        Raises:
            LibraryError: the library has no such paper.
        """
        with self.store.writer() as writer:
            for paper_id in dict.fromkeys(paper_ids):
                self.paper(paper_id)
                writer.remove(paper_id)
            writer.commit()
        return IngestReport(removed=tuple(dict.fromkeys(paper_ids)))

    def _ingest_starter(self) -> None:
        from assistant.ingest.run import ingest_papers

        ingest_papers(self.store, self.embedder, [locate_starter()], {})

    def reindex(self, progress: Progress | None = None) -> None:
        """Builds the library anew from its papers, with the embedder configured now."""
        from assistant.ingest.run import embed_papers

        self.store.reindex(lambda papers: embed_papers(papers, self.embedder), progress)

    def export(self, format: PaperFormat) -> Iterator[str]:
        """Yields the library as BibTeX, RIS, CSL-JSON or JSON Lines, piece by piece.

        Raises:
            QuestionError: the format is none of these.
        """
        from assistant.export.papers import export_papers

        return export_papers(self._open_snapshot().papers(), format)

    def stats(self) -> LibraryStats:
        """Returns what the library holds and how it was built."""
        snapshot = self._open_snapshot()
        manifest = snapshot.manifest
        return LibraryStats(
            library=self.store.name,
            papers=snapshot.n_papers,
            passages=snapshot.n_passages,
            version=snapshot.version,
            digest=snapshot.digest,
            embedder=manifest.embedder,
            dimension=manifest.dim,
            schema=manifest.schema,
        )

    def passage_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Returns the vectors of all passages and the paper of each.

        (n_passages, dim) float32, L2-normalised, and (n_passages,) int32, ascending: the place in
        ``papers()`` of the paper that the passage is of.
        """
        snapshot = self._open_snapshot()
        return snapshot.vectors, snapshot.passage_papers

    @property
    def llm_name(self) -> str | None:
        """The model that writes answers; None where they are quotations."""
        model = self.models.chat
        return model.name if model else None

    def load_ahead(self) -> None:
        """Begins to load a local LLM, so that the first question need not wait for it."""
        self.models.load_ahead()

    def hang_up(self) -> None:
        """Breaks off whatever LLMs are writing, so that no thread waits for them."""
        self.models.hang_up()

    def close(self) -> None:
        """Closes the library's files and the models."""
        self._engine.forget()
        self._library.close()
        self.models.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def embedder(self) -> Embedder:
        """The embedder that the settings name, with its cache."""
        return self.models.embedder

    @property
    def store(self) -> LibraryStore:
        """The library on disk or on a Chroma server."""
        return self._library.store

    def _get_engine(self) -> Engine:
        return self._engine.get(self._open_snapshot())

    def _open_snapshot(self) -> Snapshot:
        return self._library.snapshot()
