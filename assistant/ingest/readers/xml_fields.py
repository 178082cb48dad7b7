"""What elements of XML say of a paper: texts with their headings, names, types.

An element's name here is its plain one: see ``xml_records.plain_name``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.identity import year_in
from assistant.ingest.record import Record
from assistant.text.person_names import keywords
from assistant.text.repair import collapse

Paths = dict[str, tuple[str, ...]]
"""Where a dialect has each field of ``Record``: paths below a record's element, the best first.

They are ElementTree's, and may end in ``@`` and the name of an attribute.
"""

_PEOPLE: Final = ("authors", "editors")
_RAISED = {"sup": "sup", "sub": "sub", "superscript": "sup", "subscript": "sub", "inf": "sub"}
_BLOCKS = frozenset({"p", "s", "sec", "title", "list", "list-item", "label", "head", "div", "br"})
_HEADINGS = {"sec": "title", "div": "head"}
"""The element of a section that is its heading: JATS's and TEI's."""

_NO_HEADINGS = frozenset({"abstract", "summary", "unlabelled", "unassigned"})
_NO_TEXT = frozenset({"xref", "fn", "tex-math", "object-id", "inline-graphic"})

_FAMILY = ("LastName", "surname", "keyname", "family", "foaf.surname", "last_name")
_GIVEN = (
    "ForeName", "FirstName", "given-names", "given_name", "forenames", "forename", "given",
    "foaf.givenName", "foaf.givenname", "foaf.firstName", "Initials",
)  # fmt: skip
_SUFFIX = ("Suffix", "suffix", "genName")
_WHOLE = (
    "CollectiveName", "collab", "displayForm", "string-name", "name", "foaf.name", "orgName",
)  # fmt: skip


def text_of(element: Element | None) -> str:
    """Returns an element's text on one line, headings of its sections before their text.

    Raised and lowered characters and formulas keep their tags, which ``text.repair`` reads: without
    them 10<sup>3</sup> would be another number.
    """
    return "" if element is None else collapse("".join(_pieces(element, within_math=False)))


def label_of(element: Element) -> str:
    """Returns the heading that an element or its section carries, as 'Background: ', or ''."""
    return _as_heading(element.get("Label") or element.get("label") or "")


def _as_heading(text: str) -> str:
    text = collapse(text).rstrip(":. ")
    if not text or text.casefold() in _NO_HEADINGS:
        return ""
    return f"{text.capitalize() if text.isupper() else text}: "


def _pieces(element: Element, *, within_math: bool) -> Iterator[str]:
    heading = _HEADINGS.get(element.tag)
    if element.text:
        yield element.text
    for child in element:
        tag = child.tag
        if tag == heading:
            yield f" {_as_heading(text_of(child))}"
        elif tag in _NO_TEXT or (tag == "title" and element.tag == "abstract"):
            pass
        elif within_math or tag == "math":
            marks = f' alttext="{child.get("alttext")}"' if child.get("alttext") else ""
            if child.get("encoding"):
                marks += f' encoding="{child.get("encoding")}"'
            yield f"<{tag}{marks}>"
            yield from _pieces(child, within_math=True)
            yield f"</{tag}>"
        elif mark := _RAISED.get(child.get("face", "") if tag == "style" else tag):
            yield f"<{mark}>"
            yield from _pieces(child, within_math=False)
            yield f"</{mark}>"
        else:
            gap = " " if tag in _BLOCKS else ""
            yield gap
            yield from _pieces(child, within_math=False)
            yield gap
        if child.tail:
            yield child.tail


def find_all(element: Element, path: str) -> list[Element]:
    """Returns the elements at a path below ``element``; '.' is the element itself."""
    return [element] if path == "." else element.findall(path)


def texts(element: Element, paths: Iterable[str]) -> Iterator[str]:
    """Yields the texts at each of the paths in order, empty ones left out."""
    found: Iterator[str]
    for path in paths:
        place, at, attribute = path.partition("@") if "[" not in path else (path, "", "")
        owners = find_all(element, place.rstrip("/") or ".")
        if at:
            found = (collapse(owner.get(attribute, "")) for owner in owners)
        else:
            found = map(text_of, owners)
        yield from filter(None, found)


def first(element: Element, *paths: str) -> str | None:
    """Returns the first text at the paths that is not empty, or None."""
    return next(texts(element, paths), None)


def join_texts(element: Element, *paths: str) -> str:
    """Returns the texts of all elements at the first path that has any, with their headings."""
    for path in paths:
        parts = [(label_of(one), text_of(one)) for one in find_all(element, path)]
        if any(text for _, text in parts):
            return " ".join(_headed(label, text) for label, text in parts if text)
    return ""


def _headed(label: str, text: str) -> str:
    return text if text.casefold().startswith(label.rstrip(": ").casefold()) else label + text


def name_of(element: Element) -> str:
    """Returns the name of the person or the body that an element describes, in its order."""

    def part(names: tuple[str, ...]) -> str:
        for name in names:
            found = [text for one in element.iter(name) if (text := text_of(one))]
            if found:
                return " ".join(found)
        return ""

    family, whole = part(_FAMILY), part(_WHOLE)
    if family:
        # A comma within the parts would turn the name round.
        return " ".join(filter(None, (part(_GIVEN), family, part(_SUFFIX)))).replace(",", " ")
    return whole or text_of(element)


def names(element: Element, paths: Iterable[str]) -> tuple[str, ...]:
    """Returns the names at all the paths, each once, in order."""
    found = (name_of(one) for path in paths for one in find_all(element, path))
    return tuple(dict.fromkeys(name for name in found if name))


def record_at(element: Element, line: int, paths: Paths, **own: Any) -> Record:
    """Returns the record whose fields ``element`` has at ``paths``; those of ``own`` as given."""
    fields: dict[str, Any] = {}
    for field, places in paths.items():
        if field in own:
            continue
        if field in _PEOPLE:
            fields[field] = names(element, places)
        elif field == "keywords":
            fields[field] = keywords(tuple(texts(element, places)))
        elif field == "year":
            fields[field] = next(filter(None, map(year_in, texts(element, places))), None)
        elif field == "entry_type":
            fields[field] = read_entry_type(texts(element, places))
        elif field == "abstract":
            fields[field] = join_texts(element, *places)
        elif field == "title":
            fields[field] = first(element, *places) or ""
        else:
            fields[field] = first(element, *places)
    return Record(line=line, **fields, **own)
