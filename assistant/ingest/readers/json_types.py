"""What JSON says that was published, and that its publisher has declared of it since.

Source: the documented answers of the services that ``json_fields`` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.fields import plain_name
from assistant.ingest.notices import find_notice, list_updates
from assistant.types import EntryType, PaperNotice

_TYPES = (
    "entrytype", "typecrossref", "type", "itemtype", "types", "publicationtypes", "publicationtype",
    "pubtypelist", "pubtype", "doctype", "documenttype", "contenttype", "venuetype", "genre",
    "thesistype", "universitytype",
)  # fmt: skip
_TYPES_OF_SOURCES = (("primarylocation", "source"), ("publicationvenue",))
_STATUS = ("notice", "status", "pubtype", "pubtypelist", "publicationtypes")
_WITHIN = frozenset({
    "type", "pubtype", "commentcorrection", "value", "resourcetypegeneral", "citeproc",
})  # fmt: skip
"""Names in an object under which its type stands."""

_MAX_NESTED = 4


def find_type(plain: Mapping[str, Any], *, is_published: bool) -> EntryType | None:
    """Returns what was published; ``is_published`` is whether a journal or arXiv has it.

    Without that, "article" says nothing: CSL has it for what it has no better type for. Our own
    "entry_type" always says what it is.
    """
    names = [text for name in _TYPES for text in _texts(plain.get(name), _MAX_NESTED)]
    for path in _TYPES_OF_SOURCES:
        value: Any = plain
        for name in path:
            fields = value.items() if isinstance(value, Mapping) else ()
            value = {plain_name(key): item for key, item in fields}.get(name)
        names += _texts(value.get("type"), 1) if isinstance(value, Mapping) else ()
    if not is_published and "entrytype" not in plain:
        names = [name for name in names if plain_name(name) != "article"]
    return read_entry_type(names)


def read_notice(plain: Mapping[str, Any]) -> PaperNotice | None:
    """Returns the gravest notice that the fields of a paper tell of."""
    types = [text for name in _STATUS for text in _texts(plain.get(name), _MAX_NESTED)]
    others = _texts(plain.get("commentcorrectionlist"), _MAX_NESTED)
    return find_notice(types=types, updates=[*list_updates(plain), *others, *types])


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Yields the texts in ``value``, in a list, or in an object under its type's name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _texts(item, depth - 1)
    elif isinstance(value, Mapping) and depth:
        for name, item in value.items():
            if plain_name(name) in _WITHIN:
                yield from _texts(item, depth - 1)
