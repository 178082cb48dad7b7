"""Accounts: texts that retell a paper's abstract, and how it is said that they are not its words.

A paper's ``text_kind`` is "account" where its text is one; everything that shows or hands on such a
text says so in the words of this module, so that nobody quotes it as the authors'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.types import Citation, TextKind

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
