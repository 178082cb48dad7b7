"""Records that went into papers which others are of: counted, named, and told in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import shorten

from assistant.ingest.reading_limits import MAX_SKIPPED
from assistant.reports import Copied, IngestReport
from assistant.types import Paper

MAX_NAMED = 3
"""Titles that a sentence names."""

_TITLE_CHARS = 80


class Copies:
    """The copies among the records of one run."""

    def __init__(self) -> None:
        self.n_copies = 0
        self.named: list[Copied] = []
        self._n_elsewhere = 0
        self._elsewhere: list[str] = []

    def count(self, known: Paper, incoming: Paper) -> None:
        """Counts a record of a paper that another record of this run is of."""
        self.n_copies += 1
        if len(self.named) < MAX_SKIPPED:
            self.named.append(Copied(incoming.title, known.paper_id, known.title))

    def count_elsewhere(self, known: Paper) -> None:
        """Counts a record of a paper that the library has from another source, under its id."""
        self._n_elsewhere += 1
        if len(self._elsewhere) <= MAX_NAMED:
            self._elsewhere.append(known.title)

    def describe(self, report: IngestReport) -> Iterator[str]:
        """Yields what is to be said of them; the counts add up to those of ``report``."""
        if report.n_copies:
            titles = name_titles(dict.fromkeys(copy.paper_title for copy in report.copies))
            n_skipped = report.n_records - report.n_papers - report.n_copies
            skipped = f", {n_skipped:,} skipped" if n_skipped else ""
            count = "1 was a copy" if report.n_copies == 1 else f"{report.n_copies:,} were copies"
            papers = "1 paper" if report.n_papers == 1 else f"{report.n_papers:,} papers"
            yield f"{report.n_records:,} records, {papers}{skipped}: {count} of {titles}"
        if self._n_elsewhere:
            is_one = self._n_elsewhere == 1
            copies = "1 record is a copy" if is_one else f"{self._n_elsewhere:,} records are copies"
            titles = name_titles(self._elsewhere)
            yield f"{copies} of papers that came from elsewhere under another id: {titles}"


def name_titles(titles: Iterable[str]) -> str:
    """Returns the first few titles, in quotation marks and shortened."""
    listed = [repr(shorten(title, _TITLE_CHARS, placeholder="...")) for title in titles]
    return ", ".join([*listed[:MAX_NAMED], *(["..."] if len(listed) > MAX_NAMED else [])])
