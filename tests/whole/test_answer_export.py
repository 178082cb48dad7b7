"""Answers leave the product as Markdown and bibliographies, over the real starter library."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Paper
from assistant.ingest import read_papers
from assistant.reports import Skipped

Command = Callable[..., Any]

QUESTION = "Which papers adapt models to Italian or Polish?"
OFF_TOPIC = "When does the supermarket in Lima open on Sundays?"


def test_the_command_prints_what_the_methods_return(command: Command, starter: Path) -> None:
    with Assistant.open() as assistant:
        answer = assistant.ask(QUESTION)
    assert not answer.abstained
    for format, text in (
        ("markdown", answer.export("markdown")),
        ("bibtex", answer.export("bibtex")),
        ("csl", answer.export("csl")),
        ("ris", answer.export("ris")),
    ):
        ran = command("ask", QUESTION, "--format", format)
        assert (ran.code, ran.out) == (0, text)


def test_quotes_and_numbers_of_a_real_answer(starter: Path) -> None:
    with Assistant.open() as assistant:
        answer = assistant.ask(QUESTION)
        items = json.loads(answer.export("csl"))
        assert [item["id"] for item in items] == [s.paper_id for s in answer.sources if s.cited]
        assert [item["title"] for item in items] == [
            assistant.paper(item["id"]).title for item in items
        ]
    markdown = answer.export("markdown")
    for sentence in answer.sentences:
        for citation in sentence.citations:
            assert f"[{citation.label}] *" in markdown
            item = next(item for item in items if item["id"] == citation.paper_id)
            note = f"[{citation.label}] “{citation.quote}” (sentence {citation.sentence}"
            assert any(line.startswith(note) for line in item["note"].split("\n"))


@pytest.mark.parametrize(("format", "empty"), [("bibtex", ""), ("csl", "[\n]\n"), ("ris", "")])
def test_an_abstention_is_an_empty_file(
    command: Command, starter: Path, format: str, empty: str
) -> None:
    ran = command("ask", OFF_TOPIC, "--format", format)
    assert (ran.code, ran.out) == (0, empty)


def test_a_file_of_questions(command: Command, starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [QUESTION, "??", OFF_TOPIC, QUESTION]
    file.write_text(
        "".join(json.dumps({"id": f"q{i}", "question": q}) + "\n" for i, q in enumerate(rows))
    )
    ran = command("ask", "--file", file, "--format", "markdown")
    assert ran.code == 2
    assert "row 'q1': the question" in ran.err
    assert "1 row could not be asked; the rest is printed" in ran.err
    assert [line for line in ran.out.splitlines() if line.startswith("## ")] == [
        f"## {QUESTION}",
        f"## {OFF_TOPIC}",
        f"## {QUESTION}",
    ]
    ran = command("ask", "--file", file, "--format", "csl")
    ids = [item["id"] for item in json.loads(ran.out)]
    assert ids
    assert len(ids) == len(set(ids))
    assert QUESTION in json.loads(ran.out)[0]["note"]


def test_an_exported_file_says_what_it_lacks_when_it_is_ingested(starter: Path) -> None:
    """An answer holds no abstracts, so its papers are named and refused, never half stored."""
    with Assistant.open(library="mine", create=True) as assistant:
        assistant.ingest(
            [Paper("salt-1", "On Salt", "Salt is a mineral. It dissolves.", year=2020)]
        )
        answer = assistant.ask("What is salt?")
    for text in (answer.export("bibtex"), answer.export("csl"), answer.export("ris")):
        [skipped] = read_papers(io.BytesIO(text.encode()))
        assert isinstance(skipped, Skipped)
        assert "'salt-1' has no abstract" in skipped.reason


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["ask", "x", "--format", "docx"],
            "'docx' is not a format for answers; use one of markdown,",
        ),
        (["ask", "x", "--format", ""], "'' is not a format"),
        (["ask", "x", "--format", "csl", "--json"], "--json and --format exclude each other"),
        (["ask", "--file", "none-such.jsonl", "--format", "csl"], "none-such.jsonl"),
    ],
)
def test_a_mistake_is_one_line_and_prints_nothing(
    command: Command, starter: Path, arguments: list[str], said: str
) -> None:
    ran = command(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len([line for line in ran.err.splitlines() if "no library yet" not in line]) == 1
