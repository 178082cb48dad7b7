"""The filters of the search tab's form: the fields that it shows, and what was filled in there.

Both follow the rows of ``assistant.FILTERS``, but for papers by their ids: those are ticked among
the results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant import FILTERS, FilterField, Filters, QuestionError

MAX_FILTER_CHARS = 300
_MAX_YEAR_CHARS = 4
_YEAR = re.compile(rf"\d{{1,{_MAX_YEAR_CHARS}}}")
_SHOWN = tuple(one for one in FILTERS if one.kind != "ids")


def list_inputs() -> list[dict[str, Any]]:
    """Returns the inputs that ``search/static/search_form.js`` draws, in order, as JSON types.

    ``name`` is what an input sends its value under, ``kind`` is "year", "texts" or "flag", and
    ``length`` the characters that fit in, where there are any to write.
    """
    inputs: list[dict[str, Any]] = []
    for one in _SHOWN:
        if one.kind == "years":
            inputs += [
                {"name": name, "kind": "year", "label": label, "length": _MAX_YEAR_CHARS}
                for name, label in zip(one.fields, _label_bounds(one), strict=True)
            ]
        elif one.kind == "flag":
            inputs.append({"name": one.name, "kind": "flag", "label": one.label})
        else:
            text = {"name": one.name, "kind": "texts", "label": one.label}
            inputs.append({**text, "length": MAX_FILTER_CHARS})
    return inputs


def read_filters(sent: Mapping[str, Any]) -> Filters:
    """Returns the filters that the browser sent, by the names of their inputs.

    Raises:
        QuestionError: a field cannot be used as it stands.
    """
    fields: dict[str, Any] = {}
    for one in _SHOWN:
        if one.kind == "years":
            bounds = _read_years(*(sent.get(name) for name in one.fields))
            fields.update(zip(one.fields, bounds, strict=True))
        elif one.kind == "flag":
            fields[one.fields[0]] = bool(read_text(sent.get(one.name), one.name))
        else:
            fields[one.fields[0]] = alternatives(sent.get(one.name), one.name)
    return Filters(**fields)


def alternatives(value: object, what: str) -> tuple[str, ...]:
    """Returns what stands between semicolons, of which any one is enough.

    Raises:
        QuestionError: the text is too long.
    """
    text = read_text(value, what)
    if len(text) > MAX_FILTER_CHARS:
        raise QuestionError(
            f"the {what} filter has {len(text):,} characters; write at most {MAX_FILTER_CHARS}"
        )
    return tuple(part.strip() for part in text.split(";") if part.strip())


def read_text(value: object, what: str) -> str:
    """Returns the text of a field without the spaces around it, "" for none.

    Raises:
        QuestionError: it is no text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise QuestionError(f"the {what} must be text, not {type(value).__name__}; write it again")
    return value.strip()


def _label_bounds(years: FilterField) -> tuple[str, str]:
    return f"From {years.label.lower()}", f"To {years.label.lower()}"


def _read_years(from_value: object, to_value: object) -> tuple[int | None, int | None]:
    first, last = _read_year(from_value, "first"), _read_year(to_value, "last")
    if first is not None and last is not None and first > last:
        raise QuestionError(f"no year lies between {first} and {last}; write the earlier one first")
    return first, last


def _read_year(value: object, which: str) -> int | None:
    text = read_text(value, f"{which} year")
    if text and not _YEAR.fullmatch(text):
        raise QuestionError(f"the {which} year {text[:40]!r} is not a year; write one as 2023")
    return int(text) if text else None
