"""Sources that fail beside good ones, and paths that are no files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.ingest.source_reading import count_papers

Command = Callable[..., Any]


def _one_paper(path: Path, paper_id: str) -> Path:
    paper = {"id": paper_id, "title": f"On {paper_id}", "abstract": f"It is {paper_id}. It cools."}
    path.write_text(json.dumps(paper) + "\n")
    return path


@pytest.mark.parametrize("bad", ["missing.bib", "/dev/null", ""])
def test_a_source_that_fails_undoes_the_others(command: Command, tmp_path: Path, bad: str) -> None:
    assert command("ingest", _one_paper(tmp_path / "a.jsonl", "tea")).code == 0
    ran = command("ingest", _one_paper(tmp_path / "b.jsonl", "milk"), bad)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("assistant: ")
    assert repr(bad) in ran.err
    assert ran.err.endswith("nothing of the other sources was added\n")
    assert ran.err.count("\n") == 1
    with Assistant.open() as assistant:
        assert [paper.paper_id for paper in assistant.papers()] == ["tea"]


def test_a_folder_of_odd_files(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "sub").mkdir(parents=True)
    _one_paper(folder / "tea.jsonl", "tea")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "lost.bib").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.jsonl")
    ran = command("ingest", folder)
    assert ran.code == 0
    assert ran.out.startswith("1 added")
    assert "lost.bib" in ran.err
    assert ran.err.count("\n") == 1


def test_a_home_that_is_no_name(command: Command, tmp_path: Path) -> None:
    ran = command("ingest", _one_paper(tmp_path / "a.jsonl", "tea"), "--home", "")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert list(Path.cwd().iterdir()) == []


def test_an_unwritable_run_file_is_named_before_the_search(
    command: Command, tmp_path: Path
) -> None:
    ran = command("search", "x", "--run-file", tmp_path / "none" / "run.trec")
    assert (ran.code, ran.out) == (2, "")
    assert "none/run.trec" in ran.err


def test_a_pipe_is_not_read_twice_for_the_progress_bar(tmp_path: Path, home: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert count_papers([pipe], {}) is None
    assert count_papers([_one_paper(tmp_path / "a.jsonl", "tea")], {}) == 1
