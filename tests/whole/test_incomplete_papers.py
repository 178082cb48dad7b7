"""Papers without a title or an abstract, and retracted ones, from a file to an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from tests.embeddings import LetterEmbedding

Command = Callable[..., Any]

RECORDS = [
    {"id": "kelp", "title": "Kelp forests in warm water", "authors": "Mi Lo", "year": 2020},
    {"id": "moss", "title": "", "abstract": "Moss on roofs holds 12 litres of rain. It dries."},
    {
        "id": "tea",
        "title": "RETRACTED: Tea cures colds",
        "abstract": "Tea cured the colds of 40 patients. They drank it warm.",
        "year": 2018,
    },
    {"id": "sheep", "title": "Sheep", "abstract": "Sheep eat grass. They sleep standing."},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    return path


def test_a_paper_without_an_abstract_is_found_and_never_quoted(file: Path) -> None:
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        assert len(assistant.ingest(file).skipped) == 1
        report = assistant.ingest(file, keep_without_abstract=True)
        assert report.added == ("kelp",)
        [first, *_] = assistant.search("kelp forests in warm water")
        assert (first.paper.paper_id, first.sentence) == ("kelp", None)
        assert first.to_dict()["sentence"] is None
        listed = assistant.ask("Which papers are by Mi Lo?")
        assert "Kelp forests in warm water" in listed.text
        for question in (
            "Where do kelp forests grow?",
            "Which papers study kelp forests?",
            "How many papers mention kelp?",
            "Compare the papers on kelp and on sheep",
        ):
            answer = assistant.ask(question)
            quoted = {c.paper_id for s in answer.sentences for c in s.citations}
            assert "kelp" not in quoted, question
        for format in ("bibtex", "ris", "csl", "jsonl"):
            assert "Kelp forests" in "".join(assistant.export(format))  # type: ignore[arg-type]
        assistant.reindex()
        assert assistant.search("kelp forests")[0].paper.abstract == ""
        assert len(assistant.papers()) == 4


def test_nothing_but_titles_is_a_library_too(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("title,year\nKelp forests,2020\nMoss on roofs,2021\n")
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        assert len(assistant.ingest(path, keep_without_abstract=True).added) == 2
        assert len(assistant.search("moss")) == 2
        assert assistant.ask("How much does moss hold?").abstained


def test_a_citation_of_a_retracted_paper_says_so(file: Path) -> None:
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        assistant.ingest(file)
        answer = assistant.ask("How many patients did tea cure of colds?")
    cited = [c for s in answer.sentences for c in s.citations if c.paper_id == "tea"]
    assert cited
    assert {citation.notice for citation in cited} == {"retracted"}
    printed = answer.to_dict()
    assert printed["sentences"][0]["citations"][0]["notice"] == "retracted"
    assert "[1, retracted]" in answer.export("markdown")
    assert "Retracted." in answer.export("markdown")
    assert "note = {Retracted}" in answer.export("bibtex")
    assert "N1  - Retracted" in answer.export("ris")
    assert json.loads(answer.export("csl"))[0]["status"] == "Retracted"
    assert ",retracted," in answer.export("csv")


def test_the_commands_say_it_too(command: Command, file: Path) -> None:
    ran = command("ingest", file, "--keep-without-abstract", "--json")
    assert json.loads(ran.out)["skipped"] == []
    assert "[1, retracted]" in command("ask", "How many patients did tea cure of colds?").out
    shown = command("library", "show", "moss").out
    assert "without a title: these are its first words" in shown
    assert "No abstract." in command("library", "show", "kelp").out
