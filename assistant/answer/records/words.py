"""The words by which a question speaks of papers, and what was read off a part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.types import Filters

WORKS = (
    r"(?:(?:papers?|articles?|study|studies|publications?|preprints?|manuscripts?|abstracts?|works?"
    r"|reviews?|writings?|research|literature)(?!['\u2019\w-]))"
)
"""Papers, as a question may call them."""

ANYTHING = r"(?:anything|something|everything|things?|stuff|ones)"
PUBLISHED = r"(?:published|written|authored|co-?authored|appear(?:ed|ing)|printed|posted)"
BEEN = r"(?:(?:that|which) )?(?:(?:is|are|was|were|have|has|had|been) )*"

FIRST_MARK = 0xE000
MARK = "[\ue000-\ue0ff]"
"""Stands in a question for what was read of it, for the next reader to see: a private-use sign."""

LINK = (
    rf"(?:,? (?:{MARK}|here|there|that|which|is|are|was|were|has|have|had|been|do|does|you|we|i"
    r"|come|came|in (?:the|this|my|your|our) (?:library|collection)))*"
)
"""What may stand between the papers and what is said of them: "papers are there" from 2019."""

FINDING = (
    r"(?:find|finds|found|show(?:n|ed|s)?|report(?:ed|s)?|say|said|says|argue[sd]?|conclude[sd]?"
    r"|claim(?:ed|s)?|propose[sd]?|suggest(?:ed|s)?|observe[sd]?|discover(?:ed|s)?"
    r"|demonstrate[sd]?|thinks?|thought|learn(?:ed|t)?|recommend(?:ed|s)?|stud(?:y|ied)"
    r"|examined?|investigated?|measured?|test(?:ed)?|present(?:ed|s)?|introduced?|described?"
    r"|discuss(?:ed)?)"
)
WRITING = r"(?:write|wrote|written|publish(?:ed)?|author(?:ed)?|co-?author(?:ed)?|contributed?)"
"""What authors do in their papers, and what they do to have them."""

MAX_MEANT = 4
"""Authors or venues that are said by name where one name can mean them all."""

Kind = Literal["year", "author", "venue"]
IsWord = Callable[[str], bool]
"""Tells whether a word is one that the papers' texts use."""


@dataclass(frozen=True, slots=True)
class ReadPhrase:
    """A part of a text, ``text[start:end]``, that was read as a filter.

    ``said`` is the filter in words, as 'from 2019'; ``instead`` what stands in its place where
    the question is asked without it, ``again`` the words that a later question asks for it with.
    ``unheld`` is the author whom it names where none is meant by that name; it then filters
    nothing. ``text`` is the part itself.
    """

    start: int
    end: int
    kind: Kind
    filters: Filters
    said: str
    instead: str = ""
    again: str = ""
    unheld: str = ""
    text: str = ""


class Records(Protocol):
    """What is read of a library's records: ``assistant.store.recorded_fields``."""

    @property
    def years(self) -> Sequence[int | None]:
        """Returns the years by row."""
        ...

    @property
    def venues(self) -> Sequence[str]:
        """Returns the venues by row, "" where there is none."""
        ...

    @property
    def has_authors(self) -> bool:
        """Returns whether any paper has authors."""
        ...

    @property
    def has_years(self) -> bool:
        """Returns whether any paper has a year."""
        ...

    @property
    def has_venues(self) -> bool:
        """Returns whether any paper has a venue."""
        ...

    def find_authors(self, name: str) -> tuple[str, ...]:
        """Returns the authors whom ``name`` can mean."""
        ...


def say_meant(name: str, meant: Sequence[str], kind: str) -> str:
    """Returns a name with what it can mean: 'Müller (Hans Müller, Karl Müller)'."""
    if len(meant) == 1:
        return meant[0]
    return f"{name} ({', '.join(meant) if len(meant) <= MAX_MEANT else f'{len(meant)} {kind}'})"


def keep_apart(phrases: Iterable[ReadPhrase]) -> list[ReadPhrase]:
    """Returns ``phrases`` in the order of their text; of those that overlap, the first given."""
    kept: list[ReadPhrase] = []
    for phrase in phrases:
        if not any(phrase.start < other.end and other.start < phrase.end for other in kept):
            kept.append(phrase)
    return sorted(kept, key=lambda phrase: phrase.start)


def begins_sentence(text: str, start: int) -> bool:
    """Returns whether a sentence begins at ``start``, where any word has a capital."""
    before = text[:start].rstrip()
    return not before or before[-1] in '.?!:;"\u201c'


def stands_out(name: str, text: str, start: int, is_word: IsWord) -> bool:
    """Returns whether the words at ``start`` can only be a name.

    They are several, or have a capital where no sentence begins, or are no words of the papers.
    """
    if len(name.split()) > 1 or (name[:1].isupper() and not begins_sentence(text, start)):
        return True
    return not is_word(name)
