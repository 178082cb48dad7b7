"""Papers from where they are: services that are asked by DOI, by number or by words, and Zotero.

What names them is a query, such as ``doi:10.1000/182``; nothing is sent unless one is given.
"""

from __future__ import annotations

from assistant.ingest.services.naming import Query, find_query
from assistant.ingest.services.reading import DEFAULT_LIMIT, MAX_LIMIT, QueryReading

__all__ = ["DEFAULT_LIMIT", "MAX_LIMIT", "Query", "QueryReading", "find_query"]
