"""Hard-wrapped text: titles and abstracts broken over lines, with blank lines between.

Lines that were broken are joined to paragraphs, and paragraphs are read as a feed's lines are. A
title is a paragraph of its own, or the first lines of one: there the lines that had room for
their next word were ended by their author, and not by the wrapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from assistant.ingest.decoding import Line
from assistant.ingest.readers.feed import read_feed
from assistant.ingest.readers.feed_layout import find_pairs, is_detail, kind_of, looks_like_feed
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record

MIN_LOWER = 0.3
"""Share of lines after another that begin in lower case where text is wrapped. In English four
of five words do; titles and abstracts that have a line each hardly ever.
"""

HEAD_LINES = 600
HEAD_CHARS = 60_000
"""What is looked at to find out whether titles are paragraphs of their own."""

MAX_HEADING_LINES = 6
"""Lines of a paragraph before its abstract: a title of two or three, authors, a link."""


def looks_wrapped(texts: list[str]) -> bool:
    """Whether lines at the start of a file are papers whose text is broken over lines."""
    if not is_wrapped(texts):
        return False
    lines = [Line(number, text) for number, text in enumerate(texts, 1)]
    return any(looks_like_feed(_texts(_paragraphs(lines, split=way))) for way in (False, True))


def is_wrapped(texts: list[str]) -> bool:
    """Whether the text of ``texts`` is broken over lines."""
    following = [
        text.lstrip()[0]
        for before, text in pairwise(texts)
        if before.strip() and text.strip() and not is_detail(text.strip())
    ]
    return bool(following) and sum(map(str.islower, following)) >= MIN_LOWER * len(following)


def read_wrapped(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the papers of a wrapped text, and each title or abstract that lacks its half."""
    lines = iter(lines)
    head, n_chars = list[Line](), 0
    for line in lines:
        head.append(line)
        n_chars += len(line.text)
        if len(head) >= HEAD_LINES or n_chars >= HEAD_CHARS:
            break
    n_pairs = [len(find_pairs(_texts(_paragraphs(head, split=way)))) for way in (False, True)]
    split = n_pairs[1] > n_pairs[0]
    yield from read_feed(_paragraphs(chain(head, lines), split=split))


def join_paragraphs(texts: list[str]) -> list[str]:
    """Returns the paragraphs of ``texts``, each as one line."""
    return _texts(_paragraphs([Line(1, text) for text in texts], split=False))


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


def _paragraphs(lines: Iterable[Line], *, split: bool) -> Iterator[Line]:
    """Yields each paragraph as one line; where ``split`` its title and abstract as two."""
    block, held = list[Line](), 0
    for line in chain(lines, [Line(0, "")]):
        if line.text.strip():
            held += len(line.text)
            if held <= MAX_RECORD_CHARS:
                block.append(line)
        elif block:
            parts = _parts(block) if split else [block]
            yield from (_join(part, cut=held > MAX_RECORD_CHARS) for part in parts)
            block, held = [], 0


def _join(block: list[Line], *, cut: bool) -> Line:
    text = " ".join(line.text.strip() for line in block)
    return Line(block[0].number, text, cut or block[-1].cut)


def _parts(block: list[Line]) -> list[list[Line]]:
    """Returns the title, the authors and the abstract of a block, as far as it has them."""
    width = max(len(line.text.rstrip()) for line in block)
    parts: list[list[Line]] = []
    begin = 0
    for place in range(min(len(block) - 1, MAX_HEADING_LINES)):
        text, following = block[place].text.rstrip(), block[place + 1].text.split()[0]
        kind = kind_of(_join(block[begin : place + 1], cut=False).text)
        if kind == "abstract" or (kind == "either" and begin):
            break
        has_room = len(text) + 1 + len(following) <= width
        is_ended = has_room or (not parts and text.endswith((".", "?", "!")))
        if is_ended and not following[0].islower():
            parts.append(block[begin : place + 1])
            begin = place + 1
    return [*parts, block[begin:]]
