"""Plain-text feed: a title on one line, its abstract on the next, as newsletters have them.

Nothing in such a file says which line is which, so it is told by what lines look like: an
abstract is long or has several sentences, a title is short and mostly ends without a full stop.
A title counts only with its abstract after it, so newsletter lines before the first paper fall
away and a lost line costs one paper, not all that follow. Between the two may be lines with the
authors and with links. Whether a file is a feed at all is asked of ``feed_layout``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Literal

from assistant.ingest.decoding import Line
from assistant.ingest.identity import year_in
from assistant.ingest.readers.feed_layout import (
    AUTHORS_LABEL,
    Layout,
    clean_abstract,
    find_layout,
    is_detail,
    kind_of,
    looks_like_names,
)
from assistant.ingest.record import Fault, Record
from assistant.text.name_lists import persons

HEAD_LINES = 400
HEAD_CHARS = 60_000
"""What is looked at of a feed to find its layout, before its first paper is handed on."""

# Before the first paper, a line that wants the reader's address is no title.
_ADVERTISEMENT = re.compile(r"\byour (?:e-?mail|inbox)\b|\bunsubscribe\b", re.IGNORECASE)

# The label of the button before the list, glued to the first title.
_BUTTON = re.compile(
    r"(?:Subscribe|Unsubscribe|Sign ?up|Sign ?in|Log ?in|Register|Follow|Join|Submit|Search|Menu)"
    r"(?=[A-Z0-9])"
)
_DIGITS = re.compile(r"(?<=[^\W\d_])\s?[\d*\u2020\u2021\u00b9\u00b2\u00b3,]+(?=[,;\s]|$)")
_LINKED = re.compile(r"https?://\S+")

Role = Literal["title", "abstract", "either", "detail"]


def read_feed(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the papers of a feed, and each title or abstract that lacks its other half."""
    filled = (Line(line.number, line.text.strip(), line.cut) for line in lines if line.text.strip())
    head, n_chars = list[Line](), 0
    for line in filled:
        head.append(line)
        n_chars += len(line.text)
        if len(head) >= HEAD_LINES or n_chars >= HEAD_CHARS:
            break
    reading = _FeedReading(find_layout([line.text for line in head]))
    for line, role, following in _with_following(chain(head, filled)):
        yield from reading.take(line, role, following)
    yield from reading.end()


class _FeedReading:
    """The paper being read: its title waits for an abstract, the record for links after it."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._title: Line | None = None
        self._authors: tuple[str, ...] = ()
        self._details: list[str] = []
        self._record: Record | None = None
        self._started = False

    def take(self, line: Line, role: Role, following: Role | None) -> Iterator[Record | Fault]:
        if role == "detail":
            self._keep_detail(line.text)
            return
        if self._title and self._is_authors(line.text, role):
            self._authors = read_names(line.text)
            return
        if role == "either":
            # After a title it is the abstract, unless the feed has not begun and an abstract
            # follows: then the title was a newsletter's line.
            is_title = self._title is None or (not self._started and following == "abstract")
            role = "title" if is_title else "abstract"
        yield from self._release()
        if role == "title":
            if self._title and self._started:
                yield self._lonely_title()
            is_title = self._started or not _ADVERTISEMENT.search(line.text)
            self._begin(line if is_title else None)
        elif self._title is None:
            yield Fault(line.number, f"the abstract {line.text[:80]!r} has no title before it")
            self._started = True
        else:
            self._record = self._make_record(self._title, line.text)
            self._begin(None)
            self._started = True

    def end(self) -> Iterator[Record | Fault]:
        yield from self._release()
        if self._title:
            yield self._lonely_title()

    def _begin(self, title: Line | None) -> None:
        self._title, self._authors, self._details = title, (), []

    def _release(self) -> Iterator[Record]:
        if self._record:
            yield self._record
        self._record = None

    def _lonely_title(self) -> Fault:
        line = self._title or Line(1, "")
        return Fault(line.number, f"the title {line.text[:80]!r} has no abstract after it")

    def _is_authors(self, text: str, role: Role) -> bool:
        if role == "abstract" or self._authors:
            return False
        return looks_like_names(text, alone=self._layout.has_authors)

    def _keep_detail(self, text: str) -> None:
        if label := AUTHORS_LABEL.match(text):
            names = read_names(text[label.end() :])
            if self._title:
                self._authors = self._authors or names
            elif self._record and not self._record.authors:
                self._record = replace(self._record, authors=names)
        elif self._title:
            self._details.append(text[:1_000])
        elif self._record:
            self._record = _with_detail(self._record, text[:1_000])

    def _make_record(self, title: Line, abstract: str) -> Record:
        text = title.text if self._started else _BUTTON.sub("", title.text, count=1)
        text = self._layout.clean_title(text)
        own = clean_abstract(abstract)
        record = Record(
            title.number,
            text,
            own,
            authors=self._authors,
            raw_title=title.text if text != title.text else None,
            raw_abstract=abstract if own != abstract else None,
        )
        for detail in self._details:
            record = _with_detail(record, detail)
        return record


def read_names(text: str) -> tuple[str, ...]:
    """Returns the names in a line of authors, without its marks of affiliations."""
    text = AUTHORS_LABEL.sub("", text, count=1)
    return persons(_DIGITS.sub("", re.sub(r"\([^()]{0,200}\)", "", text)).strip(" .;"))


def _with_detail(record: Record, text: str) -> Record:
    """Returns ``record`` with what a line of links or of a journal says of it."""
    link = _LINKED.search(text)
    return replace(
        record,
        doi=record.doi or text,
        url=record.url or (link.group().rstrip(").,;") if link else None),
        arxiv_id=record.arxiv_id or text,
        year=record.year or (None if link else year_in(text)),
    )


def _with_following(lines: Iterator[Line]) -> Iterator[tuple[Line, Role, Role | None]]:
    """Yields each line with its role and the role of the next one."""
    current = next(lines, None)
    role = _role_of(current.text) if current else "title"
    while current:
        following = next(lines, None)
        following_role = _role_of(following.text) if following else None
        yield current, role, following_role
        current, role = following, following_role or "title"


def _role_of(text: str) -> Role:
    return "detail" if is_detail(text) else kind_of(text)
