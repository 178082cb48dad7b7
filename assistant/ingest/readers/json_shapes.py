"""What an object of JSON is: a paper, a paper in a wrapper, a table of papers, or another thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from assistant.ingest.fields import has_paper_fields
from assistant.ingest.identity import title_key
from assistant.ingest.readers.json_fields import (
    PATHS,
    Plain,
    find_abstract,
    find_title,
    plain_fields,
    read_record,
    read_text,
)
from assistant.ingest.record import Record

_WRAPPERS = frozenset({
    "data", "content", "attributes", "message", "metadata", "paper", "papers", "info", "record",
    "records", "item", "items", "source", "result", "results", "response", "work", "works", "hit",
    "hits", "doc", "docs", "document", "documents", "entry", "entries", "article", "articles",
    "publication", "publications", "notes", "bibjson", "references", "bibliography", "collection",
    "csljson",
})  # fmt: skip
"""Names that say what is in them, and so are no keys of papers."""

_LISTS = _WRAPPERS - {"references", "bibliography", "notes"}
"""Lists of these names are no part of a paper, even where what holds them has a title."""

_OWN_ABSTRACTS = ("abstract", "abstractnote", "abstracttext", "abstractinvertedindex")

_LOOKED_AT = 5
"""Elements of a list by which it is told whether papers are in it."""

# What other JSON holds, by names that stand together in nothing else.
_OTHERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("nbformat", "cells"), "a Jupyter notebook"),
    (("openapi", "info"), "a description of a web API"),
    (("swagger", "info"), "a description of a web API"),
    (("schema", "properties"), "a JSON schema"),
    (("geometry", "properties"), "map data (GeoJSON)"),
    (("features", "type"), "map data (GeoJSON)"),
    (("dependencies", "version"), "the description of a software package"),
    (("devdependencies",), "the description of a software package"),
    (("coderepository",), "the description of a software package"),
    (("lockfileversion",), "the lock file of a software package"),
    (("auths",), "a configuration of Docker"),
)

_ERRORS = ("error", "errors", "fault", "errormessage", "detail")
_STATUS = ("code", "status", "statuscode")
_MAX_SAID = 120
INSTEAD = "export the papers as BibTeX, RIS or CSL-JSON"

_PARTS_OF_ITEMS = frozenset({"attachment", "note", "annotation"})
"""Zotero has what belongs to an item beside it, as an item of such a type."""

_MIN_WORDS = 10
"""An object under a name, without a title: it has an abstract only if that is as long as one."""


def describe_other(plain: Plain) -> str | None:
    """Returns what an object is that can hold no papers, as a sentence without its subject."""
    if not read_text(plain.get("abstract")):
        for names, what in _OTHERS:
            if all(name in plain for name in names):
                return f"is {what} and holds no papers; {INSTEAD}"
    return None


def describe_error(plain: Plain) -> str | None:
    """Returns what a service says in an object instead of an answer; None where it says nothing."""
    said = next((text for name in _ERRORS if (text := _read_error(plain.get(name)))), None)
    message = plain.get("message")
    if not said and not isinstance(message, Mapping):
        alone = len(plain) == 1 or any(name in plain for name in _STATUS)
        said = _read_error(message) if alone else None
    if not said:
        return None
    said = " ".join(said.split())[:_MAX_SAID]
    return f"is a service's error message and holds no papers: {said!r}; ask the service again"


def find_papers(plain: Plain, line: int, name: str | None) -> Iterator[Record] | None:
    """Returns the records in an object, None where it has to be opened to find any.

    ``name`` is what it is called in the object around it: its key, if it says nothing of what is
    in it.
    """
    key = name if name and _is_key(name) else None
    rows = _read_columns(plain)
    if rows is not None:
        return (read_record(row, line, key) for key, row in rows)
    data = plain.get("data")
    for item in (plain, plain_fields(data) if isinstance(data, Mapping) else {}):
        if read_text(item.get("itemtype")) in _PARTS_OF_ITEMS:
            return iter(())
    fields = _unwrap(plain, name)
    return iter([read_record(fields, line, key)]) if fields else None


def _unwrap(plain: Plain, name: str | None) -> Plain | None:
    """Returns the fields of the paper that an object is, or has as one of its values.

    What stands beside a paper in such a wrapper, its id above all, is the paper's too.
    """
    titled = _has_title(plain)
    lists = (value for key, value in plain.items() if not titled or key in _LISTS)
    is_own = titled and any(plain.get(key) for key in _OWN_ABSTRACTS)
    if not is_own and any(map(_holds_papers, lists)):
        return None
    inner = [
        (name, fields)
        for name, value in plain.items()
        if isinstance(value, Mapping) and _is_paper(fields := plain_fields(value))
    ]
    titles = {title_key(find_title(fields) or "") for _, fields in inner}
    if titled:
        titles.add(title_key(find_title(plain) or ""))
    if inner and len(plain) == 1 and any(map(str.isdigit, inner[0][0])):
        # Not the name of a wrapper but a key, which is kept where the object is opened.
        return None
    if inner and len(titles) == 1:
        merged: Plain = {}
        wrapped = {key for key, _ in inner}
        outer = {key: value for key, value in plain.items() if key not in wrapped}
        for fields in (*(fields for _, fields in inner), outer):
            for key, value in fields.items():
                if merged.get(key) in (None, "", [], {}):
                    merged[key] = value
        return merged
    if titled or inner:
        return plain if titled else None
    n_words = len((find_abstract(plain) or "").split())
    return plain if n_words >= (1 if name is None else _MIN_WORDS) else None


def _has_title(plain: Plain) -> bool:
    return any(
        name in plain and (plain[name] is None or isinstance(plain[name], str | list) or
                           read_text(plain[name]) is not None)
        for name in PATHS["title"]
    )  # fmt: skip


def _is_paper(fields: Plain) -> bool:
    return bool(find_title(fields)) and (
        has_paper_fields(["title", *fields]) or bool(find_abstract(fields))
    )


def _holds_papers(value: Any) -> bool:
    if not isinstance(value, list):
        return False
    objects = (item for item in value if isinstance(item, Mapping))
    for item in islice(objects, _LOOKED_AT):
        fields = plain_fields(item)
        if _is_paper(fields) or any(
            _is_paper(plain_fields(inner))
            for inner in fields.values()
            if isinstance(inner, Mapping)
        ):
            return True
    return False


def _is_key(name: str) -> bool:
    return name.lower() not in _WRAPPERS and not name.isdecimal()


def _read_columns(plain: Plain) -> Iterator[tuple[str | None, Plain]] | None:
    """Returns key and fields of each row where an object is a table: a list or object a column."""
    columns = list(plain.values())
    if not has_paper_fields(list(plain)):
        return _read_split(plain)
    first = columns[0]
    if isinstance(first, list) and len(first) > 1:
        if not all(isinstance(column, list) and len(column) == len(first) for column in columns):
            return None
        rows = zip(*columns, strict=True)
        return ((None, dict(zip(plain, row, strict=True))) for row in rows)
    if isinstance(first, Mapping) and first and "value" not in first:
        if not all(isinstance(column, Mapping) and column.keys() == first.keys()
                   for column in columns):  # fmt: skip
            return None
        return (
            (key if _is_key(key) else None, {name: plain[name][key] for name in plain})
            for key in first
        )
    return None


def _read_split(plain: Plain) -> Iterator[tuple[str | None, Plain]] | None:
    """As ``_read_columns``, of names in one list and rows in another, as pandas 'split' has it."""
    names, rows = plain.get("columns"), plain.get("data")
    if not (isinstance(names, list) and isinstance(rows, list)):
        return None
    if not all(isinstance(name, str) for name in names) or not has_paper_fields(names):
        return None
    if not all(isinstance(row, list) for row in rows):
        return None
    return ((None, plain_fields(dict(zip(names, row, strict=False)))) for row in rows)


def _read_error(value: Any) -> str | None:
    if isinstance(value, Mapping):
        fields = plain_fields(value)
        texts = (read_text(fields.get(name)) for name in ("message", "description", "detail"))
        return next(filter(None, texts), None) or read_text(value)
    if isinstance(value, list):
        return next((text for item in value if (text := _read_error(item))), None)
    return value if isinstance(value, str) and value.strip() else None
