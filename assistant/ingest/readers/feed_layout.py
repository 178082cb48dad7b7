"""Whether lines are a feed of titles and abstracts, and how it is laid out.

Any text with headings has short lines and long ones in turn. A feed is one only if most of its
lines are pairs of a title and an abstract, if most of these abstracts read as research does, and
if few of its titles are references: minutes, letters, manuals and bibliographies fail in one of
them at least. Most, not all: lines get lost, and newsletters have lines of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assistant.ingest.scholarly import is_reference, is_unspaced, reads_as_abstract

Kind = Literal["title", "abstract", "either"]

MIN_ABSTRACT_WORDS = 40
"""A line of this many words is an abstract; the longest titles in use have about thirty."""

MIN_SENTENCE_WORDS = 5
"""Shorter lines are titles even with a full stop: 'Speech vs. text.'"""

MIN_PAIRED = 0.5
"""Share of a feed's first lines that must belong to pairs: a newsletter's own lines are fewer."""

MIN_COVERED = 0.6
"""The same from the first pair to the last; of a feed that lost one line in five it is more."""

MIN_SCHOLARLY = 0.5
"""Share of abstracts that must read as such: half, for some are very short or of another field."""

MAX_NAMES = 1_000
MAX_NAME_WORDS = 5

SIGNS_A_WORD = 2
"""Signs for a word in scripts that are written without spaces."""

_SENTENCE_BREAK = re.compile(r"[a-z0-9)%\]][.?!] +[A-Z]|[\u3002\uff01\uff1f](?=\S)")
_FULL_STOP = re.compile(r"(?<!\.\.)[.\u3002][\"'”’)\]]*$")

AUTHORS_LABEL = re.compile(r"\s*(?:authors?\s*:|by\s*:|by(?=\s+[A-Z]))\s*", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"\s*(?:paper\s+)?title\s*:\s*", re.IGNORECASE)
_ABSTRACT_LABEL = re.compile(
    r"\s*(?:abstract|summary)\s*(?:[:.\u2014\u2013]|-\s)\s*", re.IGNORECASE
)
_DETAIL = re.compile(
    r"(?:<?https?://\S+>?|(?:link|url|pdf|paper|code|html|source|read more|doi|arxiv)\s*:?\s*"
    r"(?:https?://|10\.\d{4,9}/|arxiv:|\d{4}\.\d{4,5}\b)\S*|10\.\d{4,9}/\S+"
    r"|arxiv:\s*\S+(?:\s+\[[\w.-]+\])?"
    r"|(?:keywords?|key words|subjects?|categories|tags|published|date|year|journal|venue|comments)"
    r"\s*:.{0,300}|abstract|summary|[-=_*~#\u2014 ]{3,})\s*",
    re.IGNORECASE,
)
MAX_DETAIL_CHARS = 400

_MARK = re.compile(
    r"\s*(?:\[\d{1,4}\]|\(?\d{1,4}[.):]|#\d{1,4}[:.]?|[-*\u2022\u2013\u25aa\u25cf#>]{1,6})\s+(?=\S)"
)
_BOLD = re.compile(r"(\*\*|__)(.+)\1")

_NAME_WORD = re.compile(
    r"(?:[A-Z]\.?(?:-?[A-Z]\.?)*|(?:[A-Z\u00c0-\u00de]|[dDlLO]['\u2019])[^\W\d_'\u2019-]+"
    r"(?:[-'\u2019][^\W\d_]+)*\.?|de|da|di|du|del|della|van|von|der|den|la|le|el|al|bin|ibn|dos|ter|ten)"
)
_NOT_IN_NAMES = re.compile(
    r"\b(?:[Oo]f|[Ff]or|[Tt]he|[Ii]n|[Ww]ith|[Oo]n|[Tt]o|[Uu]sing|[Vv]ia|[Ff]rom|[Bb]y|at|as|is|are"
    r"|an?|or|under|over|between|through|towards?|without|[Hh]ow|[Ww]hat|[Ww]hy|vs)\b"
)
_INITIAL = re.compile(r"\b[A-Z]\.|\b[A-Z]{1,2}$")
_AFFILIATION = re.compile(r"\([^()]{0,200}\)|(?<=[^\W\d_])[\d*\u2020\u2021]+(?:,\d+)*")
_NAMES_PARTED = re.compile(r"\s*(?:,\s*and\s|[,;&\u00b7|]|\sand\s)\s*")


def kind_of(text: str) -> Kind:
    """Returns what a line looks like; 'either' for one sentence that ends with a full stop."""
    if _TITLE_LABEL.match(text):
        return "title"
    if _ABSTRACT_LABEL.match(text):
        return "abstract"
    n_words = len(text.split(maxsplit=MIN_ABSTRACT_WORDS))
    if is_unspaced(text):
        n_words = len(text) // SIGNS_A_WORD
    sentences = _SENTENCE_BREAK.search(_MARK.sub("", text, count=1))
    if n_words >= MIN_ABSTRACT_WORDS or (n_words >= MIN_ABSTRACT_WORDS // 2 and sentences):
        return "abstract"
    if n_words < MIN_SENTENCE_WORDS or not _FULL_STOP.search(text):
        return "title"
    return "abstract" if sentences else "either"


def is_detail(text: str) -> bool:
    """Returns whether a line is neither title nor abstract but says more of a paper, or nothing."""
    if label := AUTHORS_LABEL.match(text):
        # 'By Design: ...' is a title.
        return ":" in label.group() or looks_like_names(text[label.end() :], alone=True)
    return len(text) <= MAX_DETAIL_CHARS and bool(_DETAIL.fullmatch(text))


def looks_like_names(text: str, *, alone: bool = False) -> bool:
    """Returns whether a line is a list of people's names; of one only if ``alone``."""
    if len(text) > MAX_NAMES or _NOT_IN_NAMES.search(text):
        return False
    plain = _AFFILIATION.sub("", text).strip(" .;")
    parts = [part for part in _NAMES_PARTED.split(plain) if part and part != "et al"]
    if not parts or not all(map(_is_name, parts)):
        return False
    n_whole = sum(len(part.split()) > 1 for part in parts)
    return alone or any(map(_INITIAL.search, parts)) or (len(parts) > 1 and n_whole == len(parts))


def _is_name(part: str) -> bool:
    words = part.split()
    return len(words) <= MAX_NAME_WORDS and all(map(_NAME_WORD.fullmatch, words))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a feed is laid out: whether names stand between title and abstract, titles are marked."""

    has_authors: bool = False
    has_marks: bool = False

    def clean_title(self, text: str) -> str:
        """Returns a title without its label, its number or bullet, and its bold type."""
        text = _TITLE_LABEL.sub("", text, count=1)
        if self.has_marks:
            text = _MARK.sub("", text, count=1)
        bold = _BOLD.fullmatch(text)
        return bold[2].strip() if bold else text


def clean_abstract(text: str) -> str:
    """Returns an abstract without its label."""
    return _ABSTRACT_LABEL.sub("", text, count=1)


class Pair(NamedTuple):
    """The places of one paper's lines: its title at ``begin``, its abstract at ``end``."""

    begin: int
    end: int


def find_pairs(texts: list[str]) -> list[Pair]:
    """Returns the titles with an abstract after them in lines that are not blank."""
    pairs: list[Pair] = []
    title: int | None = None
    for place, text in enumerate(texts):
        if is_detail(text):
            continue
        kind = kind_of(text)
        if kind == "title" or (kind == "either" and title is None):
            is_between = title == place - 1 and looks_like_names(text, alone=True)
            following = _kind_at(texts, place + 1)
            if not (is_between and title is not None and following in ("abstract", "either")):
                title = place
        elif title is not None:
            if not is_reference(texts[title]):
                pairs.append(Pair(title, place))
            title = None
    return pairs


def _kind_at(texts: list[str], place: int) -> Kind | None:
    while place < len(texts) and is_detail(texts[place]):
        place += 1
    return kind_of(texts[place]) if place < len(texts) else None


def find_layout(texts: list[str]) -> Layout:
    """Returns how the feed is laid out that begins with ``texts``, none of them blank."""
    pairs = find_pairs(texts)
    if len(pairs) < 2:
        return Layout()
    between = sum(
        pair.end - pair.begin > 1 and looks_like_names(texts[pair.begin + 1], alone=True)
        for pair in pairs
    )
    marked = sum(bool(_MARK.match(texts[pair.begin])) for pair in pairs)
    return Layout(between >= MIN_COVERED * len(pairs), marked >= MIN_COVERED * len(pairs))


def looks_like_feed(texts: list[str]) -> bool:
    """Whether lines at the start of a file are a feed's: see above."""
    filled = [text.strip() for text in texts if text.strip()]
    pairs = find_pairs(filled)
    if not pairs:
        return False
    details = [place for place, text in enumerate(filled) if is_detail(text)]
    covered = {place for pair in pairs for place in range(pair.begin, pair.end + 1)} | {*details}
    begin, end = pairs[0].begin, pairs[-1].end
    n_between = sum(begin <= place <= end for place in covered)
    if len(covered) < MIN_PAIRED * len(filled) or n_between < MIN_COVERED * (end - begin + 1):
        return False
    n_scholarly = sum(reads_as_abstract(filled[pair.end]) for pair in pairs)
    return n_scholarly >= MIN_SCHOLARLY * len(pairs)
