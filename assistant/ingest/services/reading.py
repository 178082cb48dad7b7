"""A query to papers: it is fetched page by page, and each page read as a file would be."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator

from assistant.errors import IngestError
from assistant.ingest import read_papers
from assistant.ingest.identity import Identifiers
from assistant.ingest.services.client import ServiceClient
from assistant.ingest.services.identifiers import fetch_arxiv_id, fetch_doi, fetch_pmid
from assistant.ingest.services.naming import Query
from assistant.ingest.services.pages import Page, Pages
from assistant.ingest.services.searches import list_arxiv, search_arxiv, search_by_cursor
from assistant.ingest.services.zotero import fetch_zotero
from assistant.reports import Skipped
from assistant.types import Paper

DEFAULT_LIMIT = 100
"""Papers of a search or listing where nobody says how many; Zotero's are taken all."""

MAX_LIMIT = 10_000
"""Papers of one query: beyond it services want their dumps to be used, not their searches."""


class QueryReading:
    """The papers of one query, in the service's order, with what was skipped between.

    ``is_cut`` is whether the service has more of them; it is known at the end. Memory does not
    grow with their number but for what ``read_papers`` says.
    """

    def __init__(
        self,
        query: Query,
        limit: int | None = None,
        email: str | None = None,
        *,
        notify: Callable[[str], None] = lambda _: None,
        limited: bool = False,
        keep_without_abstract: bool = False,
    ) -> None:
        """Prepares to ask for ``limit`` papers at most; nothing is sent before they are read.

        ``email`` is told to the services; the others are as in ``read_papers``.

        Raises:
            IngestError: the limit cannot be used.
        """
        if limit is not None and not 1 <= limit <= MAX_LIMIT:
            raise IngestError(
                f"cannot take {limit!r} papers of a query; set the limit to 1 to {MAX_LIMIT:,}"
            )
        self.is_cut = False
        self._query = query
        self._limit = limit
        self._email = email
        self._notify = notify
        self._limited = limited
        self._keep_without_abstract = keep_without_abstract

    def __iter__(self) -> Iterator[Paper | Skipped]:
        """Yields the papers.

        Raises:
            IngestError: there are none, or what is asked is not accepted.
            ServiceError: the service cannot be reached.
        """
        typed = self._query.typed
        identifiers = Identifiers()
        n_records, n_total = 0, 0
        with ServiceClient(self._email) as client:
            for page in self._fetch(client):
                n_records, n_total = n_records + page.n_records, page.n_total
                yield from self._read(page, identifiers)
        if not n_records:
            raise IngestError(f"nothing is found for {typed!r}; use other words")
        self.is_cut = n_total > n_records
        if self.is_cut:
            self._notify(
                f"{typed!r}: the first {n_records:,} of {n_total:,} papers were taken; --limit "
                f"sets how many, up to {MAX_LIMIT:,}"
            )

    def _fetch(self, client: ServiceClient) -> Pages:
        kind, text = self._query.kind, self._query.text
        limit = self._limit or DEFAULT_LIMIT
        if kind == "doi":
            return fetch_doi(text, client)
        if kind == "pmid":
            return fetch_pmid(text, client)
        if kind == "arxiv_id":
            return fetch_arxiv_id(text, client)
        if kind == "arxiv_listing":
            return list_arxiv(text, limit, client)
        if kind == "arxiv":
            return search_arxiv(text, limit, client)
        if kind == "zotero":
            return fetch_zotero(text, self._limit, client)
        return search_by_cursor(kind, text, limit, client)

    def _read(self, page: Page, identifiers: Identifiers) -> Iterator[Paper | Skipped]:
        typed = self._query.typed
        for item in read_papers(
            _NamedBytes(page.content, typed),
            page.format,
            notify=self._notify,
            limited=self._limited,
            identifiers=identifiers,
            keep_without_abstract=self._keep_without_abstract,
        ):
            if isinstance(item, Skipped):
                yield dataclasses.replace(item, file=typed)
            else:
                yield dataclasses.replace(item, source=typed)


class _NamedBytes(io.BytesIO):
    """A reply under the name that messages call it by."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name
