"""A question taken apart: the filters that its words are, what it asks of the records, the rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.answer.records.asked import AskedRecords, read_asked, split_titles
from assistant.answer.records.people import find_authors
from assistant.answer.records.venues import find_venues
from assistant.answer.records.words import FIRST_MARK, MARK, IsWord, Kind, ReadPhrase, Records
from assistant.answer.records.years import find_years
from assistant.types import NO_FILTERS, Filters

_MARKS = re.compile(MARK)

MAX_CHARACTERS = 500
"""A longer text is a pasted one, whose names and years are its own."""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as the records are asked.

    ``filters`` were read from ``phrases`` of it; ``rest`` is the question without them, as it is
    asked of the papers that pass. ``asked`` is None where the papers' texts are to answer it.
    ``unheld`` are the phrases that ask for what the library does not have: they filter nothing.
    ``found`` are all, each in the place of its mark in ``marked``.
    """

    text: str
    rest: str
    filters: Filters = NO_FILTERS
    phrases: tuple[ReadPhrase, ...] = ()
    unheld: tuple[ReadPhrase, ...] = ()
    asked: AskedRecords | None = None
    marked: str = ""
    found: tuple[ReadPhrase, ...] = ()

    @property
    def said(self) -> str:
        """The filters in words: 'by Ames, from 2019'."""
        return ", ".join(phrase.said for phrase in self.phrases)

    def drop(self, kinds: Collection[Kind]) -> str:
        """Returns the question without its filters of these ``kinds``."""
        return _fill(
            self.marked, [one.instead if one.kind in kinds else one.text for one in self.found]
        )


def read_records_question(
    text: str,
    records: Records,
    is_word: IsWord,
    this_year: int,
    *,
    filtered: bool = False,
    read_filters: bool = True,
) -> ReadQuestion:
    """Returns what ``text`` asks of a library with these ``records``.

    Args:
        text: the question.
        records: the library's authors, years and venues.
        is_word: tells whether the papers' texts use a word.
        this_year: the year of which "the last five years" are said.
        filtered: whether filters were given besides the question.
        read_filters: whether words of the question may be read as filters.
    """
    if len(text) > MAX_CHARACTERS:
        return ReadQuestion(text, text, marked=text)
    titles, question = split_titles(text)
    marked = question
    found: list[ReadPhrase] = []
    if read_filters:
        marked, found = _mark_phrases(question, records, is_word, this_year)
    marked = f"{titles}{marked}"
    unheld = tuple(
        one for one in found if one.unheld or (one.kind == "year" and not records.has_years)
    )
    phrases = tuple(one for one in found if one not in unheld)
    asked = read_asked(
        _fill(marked, [one.instead for one in found]),
        filtered=filtered or bool(found),
        has_read=bool(found),
        by_author=any(one.kind == "author" for one in found),
    )
    read = ReadQuestion(text, text, _join(phrases), phrases, unheld, asked, marked, tuple(found))
    if not phrases:
        return read
    rest = _fill(marked, [one.text if one in unheld else one.instead for one in found])
    return replace(read, rest=rest)


def _mark_phrases(
    text: str, records: Records, is_word: IsWord, this_year: int
) -> tuple[str, list[ReadPhrase]]:
    """Returns ``text`` with a mark in the place of each filter, and the filters in marks' order."""
    text = _MARKS.sub(" ", text)
    found: list[ReadPhrase] = []

    def mark(phrases: Sequence[ReadPhrase]) -> None:
        nonlocal text
        for phrase in reversed(phrases):
            sign = chr(FIRST_MARK + len(found))
            found.append(replace(phrase, text=text[phrase.start : phrase.end]))
            text = f"{text[: phrase.start]} {sign} {text[phrase.end :]}"
        text = re.sub(r"\s+", " ", text)

    mark(find_authors(text, records, is_word))
    mark(find_venues(text, records, is_word))
    mark(find_years(text, this_year, by_author=bool(found)))
    return text, found


def _fill(marked: str, instead: Sequence[str]) -> str:
    """Returns ``marked`` with what stands in the place of each mark."""
    text = _MARKS.sub(lambda sign: instead[ord(sign[0]) - FIRST_MARK], marked)
    text = re.sub(r"\s+(?=[?!.,;:])", "", re.sub(r"\s+", " ", text))
    return text.strip(" ,;:")


def _join(phrases: Sequence[ReadPhrase]) -> Filters:
    authors = [name for phrase in phrases for name in phrase.filters.authors]
    venues = [name for phrase in phrases for name in phrase.filters.venues]
    years = [phrase.filters for phrase in phrases if phrase.kind == "year"]
    return Filters(
        year_from=years[0].year_from if years else None,
        year_to=years[0].year_to if years else None,
        authors=tuple(dict.fromkeys(authors)),
        venues=tuple(dict.fromkeys(venues)),
    )
