"""Authors and editors in JSON, whatever form a service gives their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.ingest.fields import plain_name, read_author

_AUTHORS = (
    "authors", "author", "authorships", "creators", "creator", "authorlist", "authfullnames",
    "authordisplay", "authorfullnames", "authornames", "af", "authorstring", "authorsstring", "au",
)  # fmt: skip
_EDITORS = ("editors", "editor")
_OTHERS = ("creators", "contributors")
"""Where people of every role stand together."""

_ROLES = ("creatortype", "contributortype", "authtype", "role")
_AUTHOR_ROLES = ("", "author", "collectivename", "presenter", "inventor", "artist", "programmer")

_WHOLE = (
    "literal", "fullname", "displayname", "name", "creatorname", "creator", "preferredname",
    "authorname", "collectivename", "rawauthorname", "text", "value",
)  # fmt: skip
_INNER = ("author", "authors", "creator", "creators", "person")
_MAX_NESTED = 4


def read_names(plain: Mapping[str, Any]) -> tuple[Any, Any]:
    """Returns the authors and the editors of the paper whose fields under plain names are given.

    Each is in a form that ``fields.record_from`` reads: names, a list of them in one text, or
    None.
    """
    authors = next((found for name in _AUTHORS if (found := _read(plain.get(name)))), None)
    editors = next((found for name in _EDITORS if (found := _read(plain.get(name)))), None)
    for name in _OTHERS if not editors else ():
        people = list(_people(plain.get(name), _MAX_NESTED))
        editors = [person for role, person in people if role == "editor"]
        if editors:
            break
    return authors, editors


def _read(value: Any) -> str | list[str] | None:
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    if isinstance(value, str):
        return value
    return [name for role, name in _people(value, _MAX_NESTED) if role in _AUTHOR_ROLES]


def _people(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Yields the role of each person in ``value``, '' where it says none, and the name."""
    if isinstance(value, str) and value.strip():
        yield "", value
    elif isinstance(value, list) and depth:
        for item in value:
            if isinstance(item, list) and item and isinstance(item[0], str):
                yield "", read_author(item)
            else:
                yield from _people(item, depth - 1)
    elif isinstance(value, Mapping) and depth:
        plain = {plain_name(name.rpartition(":")[2]): item for name, item in value.items()}
        role = next((str(plain[name]).lower() for name in _ROLES if plain.get(name)), "")
        # A list in an object of its own, or a person beside what is said of the authorship.
        inner = [plain[name] for name in _INNER if isinstance(plain.get(name), list | Mapping)]
        if inner:
            for person in inner:
                yield from ((own or role, name) for own, name in _people(person, depth - 1))
        elif name := _name_of(plain):
            yield role, name


def _name_of(plain: Mapping[str, Any]) -> str | None:
    return read_author(plain) or next(
        (text for name in _WHOLE if (text := _text(plain.get(name)))), None
    )


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
