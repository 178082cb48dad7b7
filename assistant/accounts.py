"""What a reader must know of a paper: an account for its abstract, no title, a publisher's notice.

An account retells a paper's abstract. A paper's ``text_kind`` is "account" where its text is one;
everything that shows or hands on such a text says so in the words of this module, so that nobody
quotes it as the authors'. So it is with notices, such as that a paper was retracted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.types import Citation, PaperNotice, TextKind, TitleKind

_ACCOUNT = "account of the abstract, not the authors' words"
_ACCOUNTS = "from accounts of the abstracts, not the authors' words"

ACCOUNT_NOTE = (
    "The abstract given here is an account of the original, not the words of its authors."
)
"""The note of such a paper in a bibliography, by which it is known again when the file is read.

It has no apostrophe, which programs of references exchange for another sign."""


def describe_text(kind: TextKind) -> str:
    """Returns what a reader must know of a text: that it is an account; '' of an abstract."""
    return _ACCOUNT if kind == "account" else ""


_NOTICES: dict[PaperNotice, str] = {
    "retracted": "retracted",
    "concern": "under an expression of concern",
    "corrected": "corrected",
}
_UNTITLED = "without a title: these are its first words"


class Told(Protocol):
    """A paper, a source or a citation."""

    @property
    def text_kind(self) -> TextKind: ...  # noqa: D102 - as Paper has them
    @property
    def notice(self) -> PaperNotice | None: ...  # noqa: D102


def describe_notice(notice: PaperNotice | None) -> str:
    """Returns 'retracted', or what else a paper's publisher has declared of it; '' for nothing."""
    return _NOTICES[notice] if notice else ""


def describe_title(kind: TitleKind) -> str:
    """Returns what a reader must know of a title: that it is none of the paper's own; else ''."""
    return _UNTITLED if kind == "first words" else ""


def describe_paper(paper: Told) -> str:
    """Returns all that a reader must know of a paper, a source or a citation; '' for nothing."""
    untitled = describe_title(getattr(paper, "title_kind", "given"))
    known = (describe_notice(paper.notice), describe_text(paper.text_kind), untitled)
    return "; ".join(filter(None, known))


def format_label(citation: Citation) -> str:
    """Returns a citation's label as a line has it: '[1]', or '[1, retracted]'."""
    return f"[{', '.join(filter(None, (citation.label, describe_notice(citation.notice))))}]"


def mark_first_words(words: str) -> str:
    """Returns words that stand for a missing title as bibliographies print them: in brackets."""
    return f"[{words}]"


def describe_quotes(citations: Sequence[Citation]) -> str:
    """Returns what a reader must know of an answer's quotes, to be added to a line on them.

    ', from accounts ...' where all are of accounts, '; quotes of [2], [3] are from accounts ...'
    where some are, '' where none is.
    """
    told = {citation.label: None for citation in citations if citation.text_kind == "account"}
    if not told:
        return ""
    if all(citation.label in told for citation in citations):
        return f", {_ACCOUNTS}"
    return f"; quotes of {', '.join(f'[{label}]' for label in told)} are {_ACCOUNTS}"


def find_kind(notes: Iterable[str]) -> TextKind:
    """Returns the kind of the text of a paper that has these notes in its file."""
    found = any(ACCOUNT_NOTE in " ".join(note.split()) for note in notes)
    return "account" if found else "abstract"
