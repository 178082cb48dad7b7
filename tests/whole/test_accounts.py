"""The starter library's texts are accounts: every way out says so, and only of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Paper, PaperFormat, locate_starter

Command = Callable[..., Any]

QUESTION = "How much faster does speculative decoding make T5-XXL?"
PAPER_ID = "fast-inference-from-transformers-via-speculative"
TOLD = "account of the abstract, not the authors' words"
ALL = "from accounts of the abstracts, not the authors' words"


def test_the_terminal_says_so_once_an_answer_and_once_a_paper(
    command: Command, starter: Path
) -> None:
    out = command("ask", QUESTION).out
    assert out.startswith(f"Quotations, word for word, {ALL}:\n")
    places = [line for line in out.splitlines() if "(characters " in line]
    assert places
    assert all(line.endswith(f"; {TOLD}") for line in places)
    found = command("search", QUESTION, "-k", 3).out
    assert found.count(f"  {TOLD}\n") == 3
    assert f"text:     {TOLD}\n" in command("library", "show", PAPER_ID, "--library", "starter").out


def test_json_and_llama_index_say_so_of_each_quote(command: Command, starter: Path) -> None:
    answer = json.loads(command("ask", QUESTION, "--json").out)
    citations = [c for sentence in answer["sentences"] for c in sentence["citations"]]
    assert {one["text_kind"] for one in [*citations, *answer["sources"]]} == {"account"}
    [row] = json.loads(command("search", QUESTION, "-k", 1, "--json").out)["results"]
    assert row["text_kind"] == "account"
    with Assistant.open() as assistant:
        nodes = assistant.query_engine().query(QUESTION).source_nodes
    assert {node.metadata["text_kind"] for node in nodes} == {"account"}
    assert not any("account" in node.get_content("llm") for node in nodes[:1])


@pytest.mark.parametrize("format", ["markdown", "bibtex", "csl", "ris"])
def test_every_quote_that_is_exported_says_so(command: Command, starter: Path, format: str) -> None:
    text = command("ask", QUESTION, "--format", format).out
    n_quotes = text.count("“")
    assert n_quotes
    assert text.count(f"; {TOLD})") == n_quotes
    if format == "markdown":
        assert f"*Quotations, word for word, {ALL}.*" in text


@pytest.mark.parametrize("format", ["bibtex", "csl", "ris", "jsonl"])
def test_an_exported_library_stays_one_of_accounts(
    starter: Path, tmp_path: Path, format: PaperFormat
) -> None:
    file = tmp_path / f"papers.{format}"
    with Assistant.open() as assistant:
        file.write_text("".join(assistant.export(format)), encoding="utf-8")
    with Assistant.open(library="again", create=True) as assistant:
        assistant.ingest(file)
        assert {paper.text_kind for paper in assistant.papers()} == {"account"}
        assert assistant.n_papers == 245


def test_a_mixed_library_is_right_sentence_by_sentence(home: Path) -> None:
    papers = [
        Paper("herons", "Herons", "Grey herons stand still for 40 minutes.", text_kind="account"),
        Paper("owls", "Owls", "Barn owls locate mice under 30 cm of snow."),
    ]
    with Assistant.open(library="mixed", create=True) as assistant:
        assistant.ingest(papers)
        herons = assistant.ask("How long do grey herons stand still?", max_sentences=1)
        owls = assistant.ask("Where do barn owls locate mice?", max_sentences=1)
    assert herons.sentences[0].citations[0].text_kind == "account"
    assert owls.sentences[0].citations[0].text_kind == "abstract"
    assert herons.provenance == f"Quotations, word for word, {ALL}"
    assert owls.provenance == "Quotations, word for word"
    assert TOLD in herons.export("markdown")
    assert "account" not in owls.export("markdown")


def test_the_abstract_itself_takes_the_place_of_an_account_and_stays(
    home: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.bib"
    with Assistant.open(library="mine", create=True) as assistant:
        assistant.ingest(locate_starter())
        told = assistant.paper(PAPER_ID)
        abstract = "We introduce speculative decoding."
        own.write_text(
            f"@misc{{x, title={{{told.title}}}, year={{2023}}, abstract={{{abstract}}}}}"
        )
        assistant.ingest(own)
        paper = assistant.paper(PAPER_ID)
        assert (paper.abstract, paper.text_kind, paper.year) == (abstract, "abstract", 2023)
        report = assistant.ingest(locate_starter())
        assert not report.updated
        assert assistant.paper(PAPER_ID) == paper


def test_libraries_made_before_texts_had_kinds(home: Path, tmp_path: Path) -> None:
    """The starter library is made anew; one's own opens as it is, and learns it from the file."""
    with Assistant.open(library="mine", create=True) as assistant:
        assistant.ingest(locate_starter())
        papers = [dataclasses.replace(p, text_kind="abstract") for p in assistant.papers()]
    for name in ("starter", "old"):
        with Assistant.open(library=name, create=True) as assistant:
            assistant.ingest(papers)
            assert {paper.text_kind for paper in assistant.papers()} == {"abstract"}
    with Assistant.open(library="starter") as assistant:
        assert {paper.text_kind for paper in assistant.papers()} == {"account"}
        version = assistant.stats().version
    with Assistant.open() as assistant:
        assert assistant.stats().version == version, "it is made anew once"
    with Assistant.open(library="old") as assistant:
        assert not assistant.ask(QUESTION).abstained
        assert len(assistant.ingest(locate_starter()).updated) == 245
        assert {paper.text_kind for paper in assistant.papers()} == {"account"}
