"""The library of a soak: papers that change together, and what an answer from them may be.

An edition is a whole library: every abstract is another one, and one paper leaves and one comes. So
an answer shows which edition it is from, and a library that is a mixture shows as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

N_STABLE = 24
N_EDITIONS = 6
"""Editions come round again, so that a cache of what was embedded ends growing."""

Outcome = Literal["answered", "lost", "swapped", "misquoted"]

_FIRST = ("Bar", "Kel", "Mor", "Tan", "Vel", "Hol")
_LAST = ("wick", "dale", "mere", "stead", "ford")
_PLACES = [f"{first}{last}" for first in _FIRST for last in _LAST]
_TITLE = "The water of Lake "


def list_numbers(edition: int) -> list[int]:
    """Returns the numbers of the papers of an edition."""
    return [*range(N_STABLE), N_STABLE + edition % N_EDITIONS]


def write_title(number: int) -> str:
    """Returns the title of a paper, the same in every edition."""
    return f"{_TITLE}{_PLACES[number]}"


def write_abstract(number: int, edition: int) -> str:
    """Returns the abstract of a paper in an edition; no two are equal."""
    place, salt = _PLACES[number], 100 + number * N_EDITIONS + edition % N_EDITIONS
    return (
        f"Lake {place} lies in the north and has been measured every year. "
        f"The salinity of Lake {place} is {salt} grams per litre. "
        f"We found {salt * 7} water fleas in a litre of Lake {place}."
    )


def write_question(number: int) -> str:
    """Returns a question that one paper answers, in every edition."""
    return f"What is the salinity of Lake {_PLACES[number]}?"


def write_edition(edition: int, file: Path) -> None:
    """Writes an edition as BibTeX."""
    entries = (
        f"@article{{lake{number},\n  title = {{{write_title(number)}}},\n"
        f"  abstract = {{{write_abstract(number, edition)}}},\n"
        f"  year = {{2020}},\n  doi = {{10.1000/lake{number}}}\n}}\n"
        for number in list_numbers(edition)
    )
    file.write_text("\n".join(entries), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a writer began and has done, in a file that its readers see; it survives a kill."""

    file: Path

    def begin(self, edition: int) -> None:
        """Says that ``edition`` is being written."""
        self._write(edition, self.done)

    def finish(self, edition: int) -> None:
        """Says that ``edition`` is published."""
        self._write(edition, edition)

    @property
    def begun(self) -> int:
        """The newest edition that may be published."""
        return self._read()[0]

    @property
    def done(self) -> int:
        """The newest edition that is published for sure."""
        return self._read()[1]

    def _read(self) -> tuple[int, int]:
        begun, done = json.loads(self.file.read_text()) if self.file.exists() else (0, 0)
        return begun, done

    def _write(self, begun: int, done: int) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps([begun, done]))
        new.replace(self.file)


def judge_answer(number: int, answer: Mapping[str, Any], editions: Sequence[int]) -> Outcome:
    """Returns what became of the question on paper ``number``, as ``Answer.to_dict`` has it.

    Every quote must be cut from one of ``editions``, all from the same one, and the paper that was
    asked about must be among those that are cited.
    """
    quotes = [citation for one in answer["sentences"] for citation in one["citations"]]
    if not quotes:
        return "lost"
    if write_title(number) not in {quote["title"] for quote in quotes}:
        return "swapped"
    possible = (all(_is_cut(quote, edition) for quote in quotes) for edition in editions)
    return "answered" if any(possible) else "misquoted"


def find_edition(abstracts: Mapping[str, str], editions: Sequence[int]) -> int | None:
    """Returns which of ``editions`` a library, title -> abstract, is; None where it is none."""
    for edition in editions:
        whole = {write_title(n): write_abstract(n, edition) for n in list_numbers(edition)}
        if abstracts == whole:
            return edition
    return None


def _is_cut(quote: Mapping[str, Any], edition: int) -> bool:
    numbers = {write_title(number): number for number in list_numbers(edition)}
    if quote["title"] not in numbers:
        return False
    text = write_abstract(numbers[quote["title"]], edition)
    if quote["sentence"] == 0:
        text = quote["title"]
    return bool(quote["quote"]) and text[quote["start"] : quote["end"]] == quote["quote"]
