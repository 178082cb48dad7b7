"""Plain-text feed: a title on one line, its abstract on the next, as newsletters have them.

Nothing in such a file says which line is which, so it is told by what lines look like: an
abstract is long or has several sentences, a title is short and mostly ends without a full stop.
A title counts only with its abstract right after it, so newsletter lines before the first paper
fall away and a lost line costs one paper, not all that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from assistant.ingest.decoding import Line
from assistant.ingest.record import Fault, Record

Kind = Literal["title", "abstract", "either"]

MIN_ABSTRACT_WORDS = 40
"""A line of this many words is an abstract; the longest titles in use have about thirty."""

MIN_ALTERNATION = 0.6
"""Share of neighbouring lines that must differ in kind in a feed; one lost line in five passes."""

MIN_PAIRED = 0.5
"""Share of a feed's first lines that must be pairs: a newsletter's own lines are fewer."""

MIN_SENTENCE_WORDS = 5
"""Shorter lines are titles even with a full stop: 'Speech vs. text.'"""

_SENTENCE_BREAK = re.compile(r"[a-z0-9)%\]][.?!] +[A-Z]")
_FULL_STOP = re.compile(r"(?<!\.\.)\.[\"'”’)\]]*$")

# Before the first paper, a line that wants the reader's address is no title.
_ADVERTISEMENT = re.compile(r"\byour (?:e-?mail|inbox)\b|\bunsubscribe\b", re.IGNORECASE)

# The label of the button before the list, glued to the first title.
_BUTTON = re.compile(
    r"(?:Subscribe|Unsubscribe|Sign ?up|Sign ?in|Log ?in|Register|Follow|Join|Submit|Search|Menu)"
    r"(?=[A-Z0-9])"
)


def kind_of(text: str) -> Kind:
    """Returns what a line looks like; 'either' for one sentence that ends with a full stop."""
    n_words = len(text.split(maxsplit=MIN_ABSTRACT_WORDS))
    sentences = _SENTENCE_BREAK.search(text)
    if n_words >= MIN_ABSTRACT_WORDS or (n_words >= MIN_ABSTRACT_WORDS // 2 and sentences):
        return "abstract"
    if n_words < MIN_SENTENCE_WORDS or not _FULL_STOP.search(text):
        return "title"
    return "abstract" if sentences else "either"


def read_feed(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the papers of a feed, and each title or abstract that lacks its other half."""
    title: Line | None = None
    started = False
    filled = (Line(line.number, line.text.strip(), line.cut) for line in lines if line.text.strip())
    for line, kind, following in _with_following(filled):
        if kind == "either":
            # After a title it is the abstract, unless the feed has not begun and an abstract
            # follows: then the title was a newsletter's line.
            is_title = title is None or (not started and following == "abstract")
            kind = "title" if is_title else "abstract"
        if kind == "title":
            if title and started:
                yield Fault(title.number, f"the title {title.text[:80]!r} has no abstract after it")
            title = line if started or not _ADVERTISEMENT.search(line.text) else None
        elif title is None:
            yield Fault(line.number, f"the abstract {line.text[:80]!r} has no title before it")
            started = True
        else:
            text = title.text if started else _BUTTON.sub("", title.text, count=1)
            raw = title.text if text != title.text else None
            yield Record(title.number, text, line.text, raw_title=raw)
            title, started = None, True
    if title:
        yield Fault(title.number, f"the title {title.text[:80]!r} has no abstract after it")


def _with_following(lines: Iterator[Line]) -> Iterator[tuple[Line, Kind, Kind | None]]:
    """Yields each line with its kind and the kind of the next one."""
    current = next(lines, None)
    kind = kind_of(current.text) if current else "title"
    while current:
        following = next(lines, None)
        following_kind = kind_of(following.text) if following else None
        yield current, kind, following_kind
        current, kind = following, following_kind or "title"


def looks_like_feed(texts: list[str]) -> bool:
    """Whether lines at the start of a file alternate as a feed's do, most of them."""
    kinds = [kind_of(text) for text in texts if text.strip()]
    if "abstract" not in kinds[1:] and "either" not in kinds[1:]:
        return False
    n_pairs = sum(first != "abstract" and second != "title" for first, second in pairwise(kinds))
    if 2 * n_pairs < MIN_PAIRED * len(kinds):
        return False
    begin = max(next(i for i, kind in enumerate(kinds) if i and kind != "title") - 1, 0)
    kinds = kinds[begin:]
    changes = sum(first != second or first == "either" for first, second in pairwise(kinds))
    return changes >= MIN_ALTERNATION * (len(kinds) - 1)
