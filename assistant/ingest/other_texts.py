"""What a text that is no list of papers looks like, so that its owner learns why it is refused.

Each kind is told by the share of lines that only it has, or by a few headings in it. The shares
are low, for nothing is refused by them: the text has failed as a list of papers before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from assistant.ingest.readers.feed_layout import kind_of
from assistant.ingest.readers.wrapped import is_wrapped, join_paragraphs
from assistant.ingest.scholarly import is_reference

MAX_LINES = 2_000
MAX_CHARS = 500
MOST = 0.8

EXPORT = (
    "export the records with their abstracts as BibTeX, RIS, CSV or MEDLINE (nbib), "
    "or give each paper a line with its title and a line with its abstract"
)
FORCE = "if it is such a list of papers all the same, name it with --format feed"


class TextKind(NamedTuple):
    """A kind of text by a pattern of its lines: a share of them, or so many different ones."""

    name: str
    sign: re.Pattern[str]
    min_share: float = 0.0
    min_signs: int = 0


_KINDS = (
    TextKind(
        "an e-mail",
        re.compile(r"(From|To|Cc|Subject|Date|Sent|Reply-To|Message-ID|Received): ?\S", re.I),
        min_signs=3,
    ),
    TextKind(
        "minutes or an agenda",
        re.compile(
            r"\W*(?:\d+[.):]?\s*)?(minutes|agenda|present|attendees|in attendance|apologies|absent"
            r"|chair|action items?|actions?|any other business|aob|next meeting|adjourn\w*"
            r"|matters arising|call to order|motion|opening|closing|welcome)\b",
            re.I,
        ),
        min_signs=3,
    ),
    TextKind(
        "a curriculum vitae",
        re.compile(
            r"\W*(curriculum vitae|education|(?:work |professional )?experience|employment|skills"
            r"|languages|publications|awards|teaching|references|interests|certifications|grants)\W*$",
            re.I,
        ),
        min_signs=3,
    ),
    TextKind(
        "a chat or a transcript",
        re.compile(
            r"[\[(]?\d{1,4}[-/.:]\d{1,2}[-/.:]?\d{0,4}\b|<[\w .-]{1,30}> |[A-Z][\w. -]{0,25}: \S"
        ),
        min_share=0.4,
    ),
    TextKind(
        "program code or a log",
        re.compile(
            r".*[;{}]\s*$|\s*(?:def|class|import|from \S+ import|return|#include|const|let|var"
            r"|public|private|function|fn|package|use|if|for|while|elif|else:|try:|//|/\*|\*/|<\?php"
            r"|SELECT|INSERT|CREATE|ERROR|WARN|INFO|DEBUG)\b|\s*[)\]}]+[,;]?\s*$|\s*[\w.]+ = \S"
        ),
        min_share=0.3,
    ),
    TextKind(
        "a Markdown document or a list of points",
        re.compile(r"\s*(?:[-*+\u2022\u2013]\s|#{1,6}\s|>|\||```|\d+[.)]\s|\[[ x]\])"),
        min_share=0.25,
    ),
)


def describe_text(texts: list[str]) -> str:
    """Returns what follows a file's name in a sentence: what it looks like, and what to do."""
    filled = [text[:MAX_CHARS] for text in texts[:MAX_LINES] if text.strip()]
    paragraphs = join_paragraphs(texts[:MAX_LINES]) if is_wrapped(texts) else filled
    if _share(is_reference, filled) >= 0.3 or _share(is_reference, paragraphs) >= 0.3:
        return f"looks like a list of references, which holds no abstracts; {EXPORT}"
    for kind in _KINDS:
        found = [match for text in filled if (match := kind.sign.match(text))]
        n_signs = len({match[1].lower() for match in found}) if kind.min_signs else 0
        is_such = n_signs >= kind.min_signs if kind.min_signs else False
        if is_such or (kind.min_share and len(found) >= kind.min_share * len(filled)):
            return f"looks like {kind.name}, which holds no papers to read; {EXPORT}"
    kinds = [kind_of(text.strip()) for text in paragraphs]
    if len(kinds) > 1 and kinds.count("title") >= MOST * len(kinds):
        return f"looks like a list of titles without abstracts; {EXPORT}"
    return f"looks like plain text, but not like titles and abstracts in turn; {EXPORT}; {FORCE}"


def _share(holds: Callable[[str], bool], texts: list[str]) -> float:
    return sum(map(holds, texts)) / len(texts) if texts else 0.0
