"""Lists of people's names in one string, parted by what separates names in it."""

from __future__ import annotations

import html
import re

from assistant.text.person_names import (
    begins_with_particle,
    ends_in_initials,
    has_initials,
    is_degree,
    is_initials,
    is_organisation,
    is_suffix,
    person,
)
from assistant.text.repair import collapse

# Affiliations and identifiers in brackets hold commas and semicolons of their own.
_BRACKETED = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]")
# What leads to a footnote: 'Rhea Ames1,2', 'Ann Poe*'.
_FOOTNOTE = re.compile(
    r"(?:(?<=[a-z\u00df-\u00ff]{2})\d[\d,]*|[*\u2020\u2021\u00a7\u00b6\u00b9\u00b2\u00b3])"
    r"(?=\s*(?:[,;|&*\n]|$)|\s+and\s)"
)
# More letters than initials have without full stops.
_CAPITALS = re.compile(r"[^\W\d_]{5,}")

_LEADING_AND = re.compile(r"(?:and|&) ", re.IGNORECASE)
_AND = re.compile(r",? (?:and|&) ", re.IGNORECASE)
_SAME_SIGNS = str.maketrans({"；": ";", "，": ",", "、": ",", "｜": "|", "\r": "\n"})
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u00b7]+")


def persons(text: str) -> tuple[str, ...]:
    """Returns the names in a list written as one string, by the separator it uses.

    Semicolons and bars part names whatever else there is, then line breaks, then 'and'. Commas
    part names, or family from given names; see ``_are_one_name``. Names are as ``person`` has them.
    """
    text = _BRACKETED.sub(" ", html.unescape(text).translate(_SAME_SIGNS))
    text = _FOOTNOTE.sub("", text)
    return whole_names(_part(text))


def whole_names(names: list[str]) -> tuple[str, ...]:
    """Returns each of the names of one list as ``person`` has it, without what is none.

    Where one of them has its family name in capitals ('Rhea AMES'), a short word in capitals that
    ends another ('Wei LI') is no initials but that one's family name.
    """
    if any(map(_ends_in_capitals, names)):
        names = [_put_capitals_first(name) for name in names]
    return tuple(name for name in map(person, names) if name)


def _ends_in_capitals(name: str) -> bool:
    words = name.split()
    return (
        len(words) > 1
        and _CAPITALS.fullmatch(words[-1]) is not None
        and words[-1].isupper()
        and not (words[0].isupper() or "," in name or is_organisation(name))
    )


def _put_capitals_first(name: str) -> str:
    if "," in name or "." in name or not ends_in_initials(name):
        return name
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}"


def _part(text: str) -> list[str]:
    for separator in ";|":
        if separator in text:
            pieces = [collapse(piece) for piece in text.split(separator)]
            return [name for piece in pieces for name in _part_ands(piece)]
    lines = [line for line in map(collapse, text.split("\n")) if line]
    if len(lines) > 1 and all(_is_line_of_name(line) for line in lines):
        return lines
    text = collapse(text)
    names = _AND.split(text.strip(","))
    commas = [_part_commas(name) for name in names]
    if len(names) > 1 and all(len(parts) == 2 for parts in commas):
        return names
    if all(len(parts) == 1 or (len(parts) == 2 and _are_one_name(*parts)) for parts in commas):
        return names
    return _join_names([part for parts in commas for part in parts])


def _part_ands(piece: str) -> list[str]:
    piece = _LEADING_AND.sub("", piece, count=1) if _LEADING_AND.match(piece) else piece
    return [piece] if is_organisation(piece.replace(" and ", " ")) else _AND.split(piece)


def _is_line_of_name(line: str) -> bool:
    return line.count(",") <= 1 and not line.endswith(",") and not _AND.search(f"{line} ")


def _part_commas(text: str) -> list[str]:
    """Returns what is between commas, a suffix with what is before it."""
    parts: list[str] = []
    for part in map(str.strip, text.split(",")):
        if parts and is_suffix(part):
            parts[-1] = f"{parts[-1]} {part}"
        elif parts and is_degree(part) and " " in parts[-1]:
            continue
        elif any(sign.isalpha() for sign in part):
            parts.append(part)
    return parts


def _join_names(parts: list[str]) -> list[str]:
    """Returns the names that ``parts``, which were between commas, are or are the halves of."""
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 == 0 and all(_are_one_name(*pair) for pair in pairs):
        return [f"{family}, {given}" for family, given in pairs]
    names: list[str] = []
    for part in parts:
        if names and "," not in names[-1] and is_initials(part) and _are_one_name(names[-1], part):
            names[-1] = f"{names[-1]}, {part}"
        else:
            names.append(part)
    return names


def _are_one_name(first: str, second: str) -> bool:
    """Whether 'first, second' is one name with its family name first, rather than two names.

    A name has two words at least: so a single word, and what begins with a particle, is a family
    name; initials alone are given names; and where both have several words they are two names.
    """
    if _IDEOGRAPHS.fullmatch(first) and _IDEOGRAPHS.fullmatch(second):
        return False
    if is_organisation(first) or is_organisation(second):
        return False
    if begins_with_particle(first) or " " not in first:
        return True
    if has_initials(first):
        return False
    last = second.split()[-1]
    return last == second or is_initials(second) or (len(last) < 3 and is_initials(last))
