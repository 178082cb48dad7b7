"""Papers of the Zotero that runs on this machine: its library, or one collection of it."""

from __future__ import annotations

from typing import Any

from assistant.errors import IngestError
from assistant.ingest.services.client import Parameters, ServiceClient, say_garbled
from assistant.ingest.services.pages import Page, Pages

LIBRARY = "/api/users/0"
"""The library of whoever is logged in there. Source: Zotero, server_localAPI.js."""

PAGE_RECORDS = 100
_MAX_SHOWN = 10
_NO_PAPERS = ("-attachment", "-note")
"""Files and notes that belong to no item are left out: they have neither title nor abstract."""


def fetch_zotero(collection: str, limit: int | None, client: ServiceClient) -> Pages:
    """Yields the items of a collection, last changed first; of the whole library for ''.

    A collection is given by its name, by the names of those it is in and its own, as in
    "Thesis/Methods", or by its key. What is in the collections below it is not among its items.

    Source: www.zotero.org/support/dev/web_api/v3/basics.

    Raises:
        IngestError: there is no such collection, or several.
        ServiceError: Zotero does not run, or lets no other program read.
    """
    folder = LIBRARY
    if collection:
        folder += f"/collections/{_find_collection(collection, client)}"
    n_taken, n_total = 0, 1
    while n_taken < n_total and (limit is None or n_taken < limit):
        size = PAGE_RECORDS if limit is None else min(PAGE_RECORDS, limit - n_taken)
        asked: Parameters = {
            "format": "json",
            "itemType": _NO_PAPERS,
            "start": n_taken,
            "limit": size,
        }
        found = client.get_json("zotero", f"{folder}/items/top", asked)
        reply, items = found or (None, None)
        if reply is None or not isinstance(items, list):
            raise say_garbled("zotero")
        if not items:
            return
        n_taken += len(items)
        total = reply.headers.get("total-results", "")
        n_total = int(total) if total.isdecimal() else n_taken
        yield Page(reply.content, None, len(items), n_total)


def _find_collection(wanted: str, client: ServiceClient) -> str:
    found = client.get_json("zotero", f"{LIBRARY}/collections")
    rows = found[1] if found else None
    if not isinstance(rows, list):
        raise say_garbled("zotero")
    known: dict[str, dict[str, Any]] = {
        row["key"]: row["data"] for row in rows if _is_collection(row)
    }
    paths = {key: _write_path(key, known) for key in known}
    for is_meant in (
        lambda key: paths[key] == wanted,
        lambda key: known[key]["name"] == wanted,
        lambda key: known[key]["name"].casefold() == wanted.casefold(),
        lambda key: key == wanted,
    ):
        keys = [key for key in known if is_meant(key)]
        if len(keys) == 1:
            return keys[0]
        if keys:
            listed = _list_names(paths[key] for key in keys)
            raise IngestError(f"Zotero has {len(keys)} collections {wanted!r}; give one: {listed}")
    listed = _list_names(paths.values()) or "none"
    raise IngestError(f"Zotero has no collection {wanted!r}; it has {listed}")


def _is_collection(row: Any) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("data"), dict):
        return False
    return isinstance(row.get("key"), str) and isinstance(row["data"].get("name"), str)


def _write_path(key: str, known: dict[str, dict[str, Any]]) -> str:
    """Returns the names of the collections that one is in, and its own."""
    names: list[str] = []
    seen: set[str] = set()
    while key in known and key not in seen:
        seen.add(key)
        names.insert(0, known[key]["name"])
        parent = known[key].get("parentCollection")
        key = parent if isinstance(parent, str) else ""
    return "/".join(names)


def _list_names(paths: Any) -> str:
    names = sorted(paths)
    shown = ", ".join(repr(name) for name in names[:_MAX_SHOWN])
    n_more = len(names) - _MAX_SHOWN
    return f"{shown} and {n_more:,} more" if n_more > 0 else shown
