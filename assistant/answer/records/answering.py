"""Answers from a library's records alone: who wrote, when, where, how many, which, the newest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from assistant.answer.compose import FoundPapers
from assistant.answer.records.asked import AskedRecords
from assistant.answer.records.reading import ReadQuestion, read_records_question
from assistant.answer.records.wording import (
    FIELDS,
    count_papers,
    say_fact,
    say_field_missing,
    say_list,
    say_nobody,
)
from assistant.answer.records.words import Records
from assistant.answers import Answer
from assistant.events import Done, Event, Retrieved
from assistant.text.terms import extract_terms
from assistant.types import Filters, Paper

MAX_LISTED = 20
"""Papers that a list names; it says how many there are."""

MAX_FITTING = 5
"""Papers named where several fit what a question calls one paper."""

N_NEWEST = 5
"""Papers given for "the newest papers" without a number."""

_RANKED = 20
_MIN_SHARE_OF_TITLE = 0.6
_MIN_SHARE_OF_NAME = 0.8
_LONG_NAME = 4

Rank = Callable[[str, int, Filters | None], Sequence[int]]
"""Returns the rows of the papers that match a text best, best first, at most so many."""


class RecordedLibrary(Protocol):
    """What is read of a library's snapshot."""

    @property
    def n_papers(self) -> int:
        """Returns the number of papers."""
        ...

    @property
    def fields(self) -> Records:
        """Returns the authors, years and venues of the papers."""
        ...

    @property
    def lexical(self) -> Any:
        """Returns the index that tells which terms the papers have."""
        ...

    def paper(self, row: int) -> Paper:
        """Returns the paper in ``row``."""
        ...

    def matching(self, filters: Filters) -> Any:
        """Returns which papers pass, (n_papers,) bool."""
        ...


@dataclass(frozen=True, slots=True)
class RecordsAnswer:
    """What the records say, and the papers that it is said of, in the order of their labels."""

    text: str
    papers: tuple[Paper, ...] = ()


def say_read(read: ReadQuestion) -> tuple[str, ...]:
    """Returns a notice of what was read as a filter, if anything was."""
    return (f"read as a filter: {read.said}",) if read.phrases else ()


def say_unused(read: ReadQuestion) -> tuple[str, ...]:
    """Returns a notice of each filter that the question asks for and no paper can pass or fail."""
    return tuple(
        f"the papers of this library have no {FIELDS[one.kind]} on record: "
        f"\u201c{one.text.strip()}\u201d was not used as a filter"
        for one in read.unheld
    )


def give(answer: Answer, said: RecordsAnswer) -> Iterator[Event]:
    """Yields the events of ``answer`` as one of the records."""
    answer = add_records(answer, said)
    yield Retrieved(answer.standalone_question, answer.sources, answer.answerability)
    yield Done(answer)


def add_records(answer: Answer, said: RecordsAnswer) -> Answer:
    """Returns ``answer`` with what the records say as its text, and their papers as its sources."""
    found = FoundPapers(said.papers, (1.0,) * len(said.papers))
    sources = tuple(replace(source, cited=True) for source in found.list_sources(()))
    return replace(
        answer,
        text=said.text,
        sentences=(),
        sources=sources,
        confidence=None,
        mode="library",
        survey=None,
    )


class RecordsReader:
    """Reads questions as to the records of one library, and answers those that these can."""

    def __init__(
        self, library: RecordedLibrary, rank: Rank, today: Callable[[], date] = date.today
    ) -> None:
        self._library = library
        self._rank = rank
        self._today = today

    def read(
        self, text: str, given: Filters | None = None, *, read_filters: bool = True
    ) -> ReadQuestion:
        """Returns what ``text``, asked with the filters ``given``, asks of the records."""
        return read_records_question(
            text,
            self._library.fields,
            self._is_word,
            self._today().year,
            filtered=bool(given),
            read_filters=read_filters,
        )

    def combine(self, given: Filters | None, read: ReadQuestion) -> Filters | None:
        """Returns filters that a paper passes where it passes those ``given`` and those read."""
        if not given or not read.filters:
            return read.filters or given
        found = read.filters
        if (given.authors and found.authors) or (given.venues and found.venues):
            both = self._library.matching(given) & self._library.matching(found)
            ids = tuple(self._library.paper(int(row)).paper_id for row in both.nonzero()[0])
            return Filters(paper_ids=ids) if ids else None
        starts = [f.year_from for f in (given, found) if f.year_from is not None]
        ends = [f.year_to for f in (given, found) if f.year_to is not None]
        return replace(
            given,
            year_from=max(starts, default=None),
            year_to=min(ends, default=None),
            authors=given.authors or found.authors,
            venues=given.venues or found.venues,
        )

    def answer(self, read: ReadQuestion, given: Filters | None) -> RecordsAnswer | None:
        """Returns what the records say to ``read``; None where the papers' texts are to be asked.

        That is so too where no paper fits what the question calls one.
        """
        fields = self._library.fields
        for phrase in read.unheld:
            if phrase.unheld and fields.has_authors:
                return RecordsAnswer(say_nobody(phrase.unheld))
        asked = read.asked
        if read.unheld and asked is not None and not asked.of:
            return RecordsAnswer(say_field_missing(read.unheld[0].kind))
        among = self._count_given(given)
        rows = self._find_rows(given, read)
        if read.phrases and not rows:
            return RecordsAnswer(f"None of {among} is {read.said}.")
        if asked is None or not rows:
            return None
        if asked.wanted in ("author", "year", "venue"):
            return self._answer_of_paper(asked, given, read, rows)
        if asked.wanted in ("newest", "oldest"):
            if not fields.has_years:
                return RecordsAnswer(say_field_missing("year"))
            if asked.of:
                return None
            papers = [self._library.paper(row) for row in rows]
            which = [read.said, _among(given) if given or not read.phrases else ""]
            return order_by_year(asked, papers, " ".join(filter(None, which)))
        return self._list(asked, read, rows, among, bool(given))

    def _answer_of_paper(
        self, asked: AskedRecords, given: Filters | None, read: ReadQuestion, rows: list[int]
    ) -> RecordsAnswer | None:
        fields = self._library.fields
        if asked.titles:
            papers = self._find_titled(asked.titles)
        elif asked.of:
            papers = self._find_papers(asked, self.combine(given, read))
        else:
            papers = [self._library.paper(row) for row in rows]
        if not papers:
            return None
        has_field = {
            "author": fields.has_authors,
            "year": fields.has_years,
            "venue": fields.has_venues,
        }
        if not has_field[asked.wanted]:
            return RecordsAnswer(say_field_missing(asked.wanted))
        if len(papers) == 1:
            return RecordsAnswer(say_fact(papers[0], asked.wanted), tuple(papers))
        n = len(papers)
        papers = papers[:MAX_LISTED]
        if asked.titles:
            return RecordsAnswer(say_list(f"The {count_papers(n)}:", papers), tuple(papers))
        fit = f"fit \u201c{asked.of}\u201d" if asked.of else f"are {read.said or 'meant'}"
        return RecordsAnswer(say_list(f"{count_papers(n)} {fit}:", papers), tuple(papers))

    def _list(
        self, asked: AskedRecords, read: ReadQuestion, rows: list[int], among: str, filtered: bool
    ) -> RecordsAnswer:
        n = len(rows)
        if read.phrases:
            heading = f"{n:,} of {among} {'is' if n == 1 else 'are'} {read.said}"
        else:
            heading = f"{count_papers(n)} pass{'es' if n == 1 else ''} the filters"
            heading = heading if filtered else f"This library has {count_papers(n)}"
            if asked.wanted == "count":
                return RecordsAnswer(f"{heading}.")
        years = self._library.fields.years
        newest = sorted(rows, key=lambda row: -(years[row] or 0))[:MAX_LISTED]
        if n > MAX_LISTED:
            heading += f"; {MAX_LISTED} of them{', the newest first' if any(years) else ''}"
        papers = tuple(self._library.paper(row) for row in newest)
        return RecordsAnswer(say_list(f"{heading}:", papers), papers)

    def _find_papers(self, asked: AskedRecords, filters: Filters | None) -> list[Paper]:
        """Returns the papers that a question can mean by a title, a name or words on a topic.

        Those of that very title or name, or else those that have all its words in their titles,
        or else in their abstracts.
        """
        wanted = set(extract_terms(asked.of))
        ranked = [self._library.paper(row) for row in self._rank(asked.of, _RANKED, filters)]
        same = [p for p in ranked if wanted in (_terms(p.title), _terms(p.title.partition(":")[0]))]
        if same:
            return same[:MAX_FITTING]
        titled = [p for p in ranked if _holds(_terms(p.title), wanted)]
        if not asked.named:
            least = _MIN_SHARE_OF_TITLE
            titled = [p for p in titled if len(wanted) >= least * len(_terms(p.title))]
        if titled or not asked.named:
            return titled[:MAX_FITTING]
        return [p for p in ranked if _holds(_terms(f"{p.title} {p.abstract}"), wanted)][
            :MAX_FITTING
        ]

    def _find_titled(self, titles: Sequence[str]) -> list[Paper]:
        """Returns the papers with these titles, in their order."""
        found = {title: self._rank(title, _RANKED, None) for title in titles}
        papers = [(title, self._library.paper(row)) for title in titles for row in found[title]]
        return [paper for title, paper in papers if paper.title == title]

    def _find_rows(self, given: Filters | None, read: ReadQuestion) -> list[int]:
        library = self._library
        if not given and not read.filters:
            return list(range(library.n_papers))
        passing = library.matching(given or Filters()) & library.matching(read.filters)
        return [int(row) for row in passing.nonzero()[0]]

    def _count_given(self, given: Filters | None) -> str:
        """Returns 'the 20 papers in this library', or how many pass the filters that were given."""
        n = int(self._library.matching(given).sum()) if given else self._library.n_papers
        return f"the {count_papers(n)} {_among(given)}"

    def _is_word(self, word: str) -> bool:
        terms = extract_terms(word)
        return not terms or all(term in self._library.lexical for term in terms)


def order_by_year(asked: AskedRecords, papers: Sequence[Paper], which: str) -> RecordsAnswer:
    """Returns the newest or oldest of ``papers``; ``which`` says what papers they are: 'by Ames'.

    One is asked for by "the newest paper": then all of that year.
    """
    newest = asked.wanted == "newest"
    dated = [paper for paper in papers if paper.year is not None]
    undated = len(papers) - len(dated)
    if not dated:
        return RecordsAnswer(
            f"None of the {count_papers(len(papers))} {which} has a year on record."
        )
    dated.sort(key=lambda paper: paper.year or 0, reverse=newest)
    n = asked.n or N_NEWEST
    best = [p for p in dated if p.year == dated[0].year] if n == 1 else dated[:n]
    best = best[:MAX_LISTED]
    heading = f"The {asked.wanted} of the {count_papers(len(papers))} {which}"
    if len(papers) == 1:
        heading = f"The only paper {which}"
    heading += " is" if len(best) == 1 else " are"
    heading += f" from {best[0].year}" if best[0].year == best[-1].year else " these"
    note = f" ({undated:,} without a year on record left out)" if undated else ""
    return RecordsAnswer(say_list(f"{heading}{note}:", best), tuple(best))


def _among(given: Filters | None) -> str:
    return "that pass the filters" if given else "in this library"


def _terms(text: str) -> set[str]:
    return set(extract_terms(text))


def _holds(terms: set[str], wanted: set[str]) -> bool:
    """Whether ``terms`` have all of those wanted; of many, most are enough."""
    least = len(wanted) if len(wanted) < _LONG_NAME else _MIN_SHARE_OF_NAME * len(wanted)
    return bool(wanted) and len(terms & wanted) >= least
