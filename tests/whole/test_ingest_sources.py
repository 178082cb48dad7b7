"""Where papers came from: what a sync removes, and the libraries that go by names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Paper
from assistant.errors import IngestError
from tests.embeddings import LetterEmbedding
from tests.ingested import BIBTEX, MILK, TEA, rows

Command = Callable[..., Any]


def test_sync_with_a_folder_follows_its_files(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.jsonl").write_text(rows(TEA))
    (folder / "b.jsonl").write_text(rows(MILK))
    with Assistant.open(create=True) as assistant:
        assistant.ingest([Paper("salt", "On Salt", "Salt is a mineral.")])
        assert len(assistant.ingest(folder, sync=True).added) == 2
        (folder / "b.jsonl").unlink()
        report = assistant.ingest(folder, sync=True)
        assert (report.unchanged, report.removed) == (("tea",), ("milk",))
        assert [paper.paper_id for paper in assistant.papers()] == ["salt", "tea"]


def test_a_named_library_is_told_of_and_can_be_the_default(
    command: Command, starter: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.bib"
    file.write_text(BIBTEX)
    assert command("ingest", file, "--library", "thesis").code == 0
    assert "you have thesis" in command("library", "stats").err
    ran = command("library", "use", "nothing")
    assert ran.code == 2
    assert "there are: thesis" in ran.err
    assert command("library", "use", "thesis").out.startswith("thesis is used")
    assert command("library", "list").out.startswith("lee2021")
    with Assistant.open() as assistant:
        assert assistant.store.name == "thesis"
    assert json.loads(command("library", "use", "--none", "--json").out) == {
        "library": "default",
        "libraries": ["thesis"],
    }


def test_a_paper_that_two_files_list_goes_with_the_last(tmp_path: Path, home: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for file in (first, second):
        file.write_text(rows(TEA, MILK))
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        assistant.ingest(first, second, sync=True)
        first.write_text(rows(MILK))
        report = assistant.ingest(first, sync=True)
        assert (report.unchanged, report.removed) == (("milk",), ())
        assert "'On Tea'" in report.notices[0]
        assert assistant.paper("tea").source == str(second)
        assert assistant.ingest(first, sync=True).notices == ()
        second.write_text(rows(MILK))
        assert assistant.ingest(second, sync=True).removed == ("tea",)


def test_what_came_through_a_pipe_is_synced_under_its_name(tmp_path: Path, home: Path) -> None:
    def pipe(*papers: dict[str, Any]) -> io.BytesIO:
        return io.BytesIO(rows(*papers).encode())

    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        assistant.ingest(pipe(TEA, MILK), sync=True, source_name="shelf")
        report = assistant.ingest(pipe(MILK), sync=True, source_name="shelf")
        assert report.removed == ("tea",)
        with pytest.raises(IngestError, match="--source NAME"):
            assistant.ingest(pipe(MILK), sync=True)
        edited = {**MILK, "abstract": f"{MILK['abstract']} It sours."}
        assert assistant.ingest(pipe(edited), source_name="shelf").updated == ("milk",)
        again = assistant.ingest(pipe(edited, edited))
        assert (again.unchanged, again.n_copies, again.n_records) == (("milk",), 1, 2)
        assert "2 records, 1 paper: 1 was a copy of 'On Milk'" in again.notices
