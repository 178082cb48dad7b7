"""What is said of texts that are accounts, and how they are known in a file."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from assistant.accounts import (
    ACCOUNT_NOTE,
    describe_paper,
    describe_quotes,
    describe_text,
    find_kind,
    format_label,
)
from assistant.ingest import read_papers
from assistant.reports import Skipped
from assistant.types import Citation, Paper, TextKind

WORDS = "accounts of the abstracts, not the authors' words"


def cite(label: str, kind: TextKind) -> Citation:
    return Citation(label, f"p{label}", "T", "Q.", 0, 2, 1, kind)


def test_only_of_an_account_something_must_be_known() -> None:
    assert describe_text("abstract") == ""
    assert describe_text("account") == "account of the abstract, not the authors' words"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([], ""),
        ([("1", "abstract"), ("2", "abstract")], ""),
        ([("1", "account"), ("2", "account"), ("1", "account")], f", from {WORDS}"),
        ([("1", "abstract"), ("2", "account")], f"; quotes of [2] are from {WORDS}"),
        (
            [("1", "account"), ("2", "abstract"), ("3", "account")],
            f"; quotes of [1], [3] are from {WORDS}",
        ),
    ],
)
def test_a_line_on_quotes_says_which_are_of_accounts(
    kinds: list[tuple[str, TextKind]], said: str
) -> None:
    assert describe_quotes([cite(label, kind) for label, kind in kinds]) == said


def test_what_must_be_known_of_a_paper() -> None:
    paper = Paper("p", "T", "A")
    assert describe_paper(paper) == ""
    assert describe_paper(replace(paper, notice="concern")) == "under an expression of concern"
    both = replace(paper, notice="retracted", text_kind="account", title_kind="first words")
    assert describe_paper(both) == (
        f"retracted; {describe_text('account')}; without a title: these are its first words"
    )


def test_a_label_says_that_its_paper_was_retracted() -> None:
    citation = cite("1", "account")
    assert format_label(citation) == "[1]"
    assert format_label(replace(citation, notice="retracted")) == "[1, retracted]"


def test_the_note_is_known_among_others_and_over_lines() -> None:
    broken = ACCOUNT_NOTE.replace(" of", "\n  of")
    assert find_kind(["Read.", f"<p>{broken}</p> More."]) == "account"
    assert find_kind([]) == find_kind(["An account of the original."]) == "abstract"


@pytest.mark.parametrize(
    "text",
    [
        f'[{{"id": "k", "title": "On Tea", "abstract": "It cools.", "note": "{ACCOUNT_NOTE}"}}]',
        '{"paper_id": "k", "title": "On Tea", "abstract": "It cools.", "text_kind": "account"}',
        f'title,abstract,notes\nOn Tea,It cools.,"{ACCOUNT_NOTE}"\n',
        f"@misc{{k, title={{On Tea}}, abstract={{It cools.}}, note={{{ACCOUNT_NOTE}}}}}",
        f"TY  - GEN\nTI  - On Tea\nAB  - It cools.\nN1  - Read.\nN1  - {ACCOUNT_NOTE}\nER  - \n",
    ],
)
def test_every_format_that_is_written_can_say_it(text: str) -> None:
    [paper] = read_papers(io.BytesIO(text.encode()))
    assert isinstance(paper, Paper)
    assert paper.text_kind == "account"


def test_another_kind_of_text_is_refused_by_name() -> None:
    row = b'{"id": "k", "title": "On Tea", "abstract": "It cools.", "text_kind": "summary"}'
    [skipped] = read_papers(io.BytesIO(row))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "'k': the text_kind 'summary' is none of abstract, account"
