"""What the papers of a version have on record besides their texts: authors, years and venues."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from assistant.text.name_matching import find_family_keys, match_names, read_wanted
from assistant.text.venue_matching import find_venues_with


class RecordedFields:
    """The authors, years and venues of a version's papers, by row; read once, then in memory.

    ``years`` are by row, None where a paper has none. ``venues`` are by row as well, "" for none.
    """

    def __init__(
        self,
        authors: Iterable[Sequence[str]],
        years: Iterable[int | None],
        venues: Iterable[str | None],
    ) -> None:
        """Takes the fields of each paper, in row order."""
        self.years = tuple(years)
        self.venues = tuple(venue or "" for venue in venues)
        self._rows: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        for row, names in enumerate(authors):
            for name in names:
                self._rows[name].add(row)
        for name in self._rows:
            for key in find_family_keys(name):
                self._names[key].add(name)

    @property
    def has_authors(self) -> bool:
        """Whether any paper has an author on record."""
        return bool(self._rows)

    @property
    def has_years(self) -> bool:
        """Whether any paper has a year on record."""
        return any(year is not None for year in self.years)

    @property
    def has_venues(self) -> bool:
        """Whether any paper has a venue on record."""
        return any(self.venues)

    def find_authors(self, name: str) -> tuple[str, ...]:
        """Returns the authors, as their papers spell them, whom ``name`` can mean, sorted."""
        keys = {key for reading in read_wanted(name) for key in reading.words[-1]}
        near = {author for key in keys for author in self._names.get(key, ())}
        return tuple(sorted(author for author in near if match_names(name, author)))

    def find_rows_by(self, names: Iterable[str]) -> set[int]:
        """Returns the rows of the papers that one of ``names`` has written."""
        authors = {author for name in names for author in self.find_authors(name)}
        return {row for author in authors for row in self._rows[author]}

    def find_rows_in(self, names: Iterable[str]) -> set[int]:
        """Returns the rows of the papers of the venues that ``names`` mean."""
        held = dict.fromkeys(filter(None, self.venues))
        meant = {venue for name in names for venue in find_venues_with(name, held)}
        return {row for row, venue in enumerate(self.venues) if venue in meant}


def read_recorded_fields(records: sqlite3.Connection) -> RecordedFields:
    """Returns the fields of every paper of a version's records."""
    found = records.execute(
        "SELECT json_extract(record, '$.authors'), year, json_extract(record, '$.venue')"
        " FROM papers ORDER BY row"
    ).fetchall()
    return RecordedFields(
        (json.loads(authors) if authors else () for authors, _, _ in found),
        (year for _, year, _ in found),
        (venue for _, _, venue in found),
    )
