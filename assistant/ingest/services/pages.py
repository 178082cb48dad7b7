"""What is fetched: a part of a list of papers as a service sent it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.ingest import Format


class Page(NamedTuple):
    """The bytes of a reply with ``n_records`` records, of ``n_total`` that the service found.

    ``format`` is how they are read; told from the content where None.
    """

    content: bytes
    format: Format | None = None
    n_records: int = 1
    n_total: int = 1


Pages = Iterator[Page]
