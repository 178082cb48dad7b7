"""Lists of papers into a real library: what changes, what is skipped, what is refused."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Paper
from assistant.errors import LibraryError
from tests.embeddings import LetterEmbedding
from tests.ingested import BIBTEX, MILK, TEA, rows
from tests.whole.conftest import EXECUTABLE

Command = Callable[..., Any]

N_ASKED = 40
"""Papers of the real feed that MiniLM embeds: all of them take a minute."""


@pytest.mark.slow
def test_the_real_feed_and_again(feed: Path) -> None:
    """All of it, with vectors that cost nothing."""
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        report = assistant.ingest(feed)
        assert len(report.added) == 245
        assert report.skipped == ()
        before = assistant.stats()
        titles = [paper.title for paper in assistant.papers()]
        assert titles[0].startswith("SWAN-GPT")
        assert not any(title.startswith("Subscribe") for title in titles)
        again = assistant.ingest(feed)
        assert len(again.unchanged) == 245
        assert not again.added + again.updated + again.removed
        after = assistant.stats()
        assert (after.digest, after.version) == (before.digest, before.version)


@pytest.mark.slow
def test_the_beginning_of_the_real_feed_is_asked(
    command: Command, feed: Path, tmp_path: Path
) -> None:
    short = tmp_path / "feed.txt"
    # Two lines of the site's own, and two for each paper.
    lines = feed.read_text(encoding="utf-8").splitlines(keepends=True)[: 2 + 2 * N_ASKED]
    short.write_text("".join(lines), encoding="utf-8")
    ran = command("ingest", short, "--json")
    assert ran.code == 0
    report = json.loads(ran.out)
    assert len(report["added"]) == N_ASKED
    assert report["skipped"] == []
    with Assistant.open() as assistant:
        answer = assistant.ask("How many times faster is inference with an LLM as NMT encoder?")
    assert any("6.5" in sentence.text for sentence in answer.sentences)
    again = json.loads(command("ingest", short, "--json").out)
    assert len(again["unchanged"]) == N_ASKED
    assert not again["added"] + again["updated"] + again["removed"]


def test_a_library_of_your_own_replaces_the_starter(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.bib"
    file.write_text(BIBTEX)
    ran = command("ingest", file)
    assert ran.code == 0
    assert "2 added" in ran.out
    assert f"{file}:" in ran.err
    assert "broken2020" in ran.err
    with Assistant.open() as assistant:
        assert [paper.paper_id for paper in assistant.papers()] == ["lee2021", "ono2022"]
        assert assistant.notices == ()
        tea = assistant.paper("lee2021")
        assert (tea.authors, tea.year, tea.venue) == (("Ada Lee",), 2021, "Leaves")
        assert tea.doi == "10.1234/tea"
        answer = assistant.ask("At how many degrees is tea brewed?")
        assert "80 degrees" in answer.text


def test_changed_papers_are_replaced_and_unlisted_ones_removed(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(rows(TEA, MILK))
    assert command("ingest", file).out == "2 added, 0 updated, 0 unchanged, 0 removed, 0 skipped\n"
    file.write_text(rows({**TEA, "abstract": "Tea is hot. It cools."}))
    ran = command("ingest", file)
    assert ran.out == "0 added, 1 updated, 0 unchanged, 0 removed, 0 skipped\n"
    ran = command("ingest", file, "--sync")
    assert ran.out == "0 added, 0 updated, 1 unchanged, 1 removed, 0 skipped\n"
    with Assistant.open() as assistant:
        (paper,) = assistant.papers()
        assert paper.abstract == "Tea is hot. It cools."
        assert assistant.stats().passages == 1


def test_copies_are_told_apart_from_namesakes(tmp_path: Path, home: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(rows({**TEA, "doi": "10.1234/tea"}, MILK))
    second.write_text(
        rows(
            {**TEA, "id": "t2", "title": "ON TEA.", "abstract": "Tea is a drink.", "year": 2020},
            {"id": "t3", "title": "On Tea", "abstract": "Its taxes fell by half in 1784."},
            {"id": "milk", "title": "Milk and Its Uses", "abstract": "Milk is used."},
        )
    )
    with Assistant.open(create=True) as assistant:
        assistant.ingest(first)
        report = assistant.ingest(second)
        assert report.updated == ("tea",)
        assert report.added == ("t3", "milk-2")
        assert "copy" in report.notices[0]
        assert report.n_records == 3
        tea = assistant.paper("tea")
        assert (tea.abstract, tea.year, tea.doi) == (TEA["abstract"], 2020, "10.1234/tea")
        # Neither list undoes what the other gave.
        for source in (first, second, first):
            report = assistant.ingest(source)
            assert not report.added + report.updated


def test_papers_streams_and_standard_input(
    command: Command, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with Assistant.open(create=True) as assistant:
        assistant.ingest([Paper("p", "On Salt", "Salt is a mineral.")])
        assistant.ingest(io.BytesIO(rows(TEA).encode()))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(rows(MILK).encode())))
    assert command("ingest", "-").code == 0
    with Assistant.open() as assistant:
        assert [paper.paper_id for paper in assistant.papers()] == ["p", "tea", "milk"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b"\n \n", "is empty"),
        ("paper.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        ("noise.txt", bytes(range(256)) * 40, "binary"),
        ("none.jsonl", b'{"id": "x"}\n', "nothing in it has a title or an abstract"),
        ("half.jsonl", b'{"id": "x", "title": "T", "abst', "no paper could be read"),
        ("list.csl.json", b"[]", "no papers"),
        ("folder", None, "without files"),
        ("missing.txt", ..., "there is no file or folder"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_changes_nothing(
    command: Command, tmp_path: Path, name: str, content: Any, said: str
) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(rows(TEA))
    assert command("ingest", good).code == 0
    path = tmp_path / name
    if content is None:
        path.mkdir()
    elif content is not ...:
        path.write_bytes(content)
    ran = command("ingest", path)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    with Assistant.open() as assistant:
        assert [paper.paper_id for paper in assistant.papers()] == ["tea"]


def test_skipped_records_are_named_and_counted(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text(rows(TEA) + '{"id": "x", "title": "No abstract"}\nnot json\n' + rows(MILK))
    ran = command("ingest", file)
    assert ran.code == 0
    assert "2 added" in ran.out
    assert "2 skipped" in ran.out
    assert f"{file}:2: " in ran.err
    assert f"{file}:3: " in ran.err
    assert command("ingest", file, "--strict").code == 1
    report = json.loads(command("ingest", file, "--json").out)
    assert [row["line"] for row in report["skipped"]] == [2, 3]
    assert all(row["file"] == str(file) for row in report["skipped"])


def test_a_format_can_be_forced(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("title\tabstract\nOn Tea\tTea is a drink.\n")
    assert command("ingest", file, "--format", "csv").code == 0
    ran = command("ingest", file, "--format", "docx")
    assert ran.code == 2
    assert "'docx' is not a format" in ran.err


def test_library_commands(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.bib"
    file.write_text(BIBTEX)
    command("ingest", file)
    listed = command("library", "list").out.splitlines()
    assert [line.split("\t") for line in listed] == [
        ["lee2021", "2021", "On Tea"],
        ["ono2022", "2022", "On Coffee"],
    ]
    assert "Ada Lee" in command("library", "show", "lee2021").out
    assert json.loads(command("library", "show", "ono2022", "--json").out)[0]["year"] == 2022
    assert command("library", "list", "--year", "2022..").out.startswith("ono2022")
    stats = json.loads(command("library", "stats", "--json").out)
    assert (stats["papers"], stats["dimension"]) == (2, 384)
    assert command("library", "remove", "lee2021", "--yes").out.count("1 removed") == 1
    assert command("library", "list").out.count("\n") == 1
    assert "1 paper indexed" in command("library", "reindex").out


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl", "jsonl"])
def test_an_export_reads_back_as_the_same_library(
    command: Command, starter: Path, tmp_path: Path, format: str
) -> None:
    out = tmp_path / "out"
    assert command("library", "export", "--format", format, "--output", out).code == 0
    assert command("library", "export", "--format", format).out == out.read_text("utf-8")
    with Assistant.open(library="starter") as assistant:
        papers = {paper.paper_id: paper for paper in assistant.papers()}
        report = assistant.ingest(out)
        assert not report.added
        for paper_id in report.updated:
            assert assistant.paper(paper_id).abstract == papers[paper_id].abstract


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_ingest_leaves_the_library_and_goes_on_from_the_cache(
    tmp_path: Path, home: Path, sign: signal.Signals
) -> None:
    with Assistant.open(create=True) as assistant:
        assistant.ingest([Paper("tea", "On Tea", "Tea is a drink.")])
        vocabulary = ["leaf", "water", "heat", "cup", "steam", "root", "soil", "rain"]
        file = tmp_path / "many.jsonl"
        file.write_text(
            rows(
                *(
                    {
                        "id": f"p{n}",
                        "title": f"Report {n} on {vocabulary[n % 8]}",
                        "abstract": f"This is report {n}. "
                        + " ".join(f"{vocabulary[(n + k) % 8]} {n * k}" for k in range(60))
                        + ".",
                    }
                    for n in range(100)
                )
            )
        )
        before = _n_cached(home)
        child = subprocess.Popen(
            [EXECUTABLE, "ingest", str(file)], stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        deadline = time.monotonic() + 150
        while _n_cached(home) <= before and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(sign)
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 128 + sign
        assert b"Traceback" not in errors
        assert sign.name.encode() in errors
        versions = assistant.store.folder / "versions"
        assert [folder.name for folder in versions.iterdir()] == ["1"]
        assert not list(home.rglob("*.partial"))
        assert [paper.paper_id for paper in assistant.papers()] == ["tea"]
        n_kept = _n_cached(home)
        assert before < n_kept
        report = assistant.ingest(file)
        assert len(report.added) == 100
        assert assistant.n_papers == 101


def _n_cached(home: Path) -> int:
    connection = sqlite3.connect(home / "embeddings.sqlite")
    try:
        (count,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    finally:
        connection.close()
    return int(count)


def test_another_embedder_is_refused_until_reindexed(starter: Path) -> None:
    with Assistant.open(embedding=LetterEmbedding()) as assistant:
        with pytest.raises(LibraryError, match="assistant library reindex"):
            assistant.ask("What is SWAN-GPT?")
        assistant.reindex()
        assert assistant.stats().dimension == LetterEmbedding.DIM
        assert assistant.search("SWAN-GPT", top_k=1)[0].paper.title.startswith("SWAN-GPT")
    with Assistant.open() as assistant, pytest.raises(LibraryError, match="was built with"):
        assistant.ask("What is SWAN-GPT?")


def test_a_home_that_cannot_be_made(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "tea.jsonl"
    file.write_text(rows(TEA))
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    ran = command("ingest", file, "--home", blocked / "home")
    assert ran.code == 3
    assert str(blocked) in ran.err
    assert ran.err.count("\n") == 1


def test_an_id_given_twice_in_one_file_is_said(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(rows(TEA, {**TEA, "title": "On Green Tea", "abstract": "It is green."}))
    with Assistant.open(create=True) as assistant:
        report = assistant.ingest(file)
        assert report.added == ("tea", "tea-2")
        assert any("'tea'" in notice for notice in report.notices)


def test_a_second_ingest_is_told_who_is_writing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(rows(TEA))
    with Assistant.open(create=True) as assistant, assistant.store.writer():
        ran = subprocess.run(
            [EXECUTABLE, "ingest", str(file)], capture_output=True, text=True, check=False
        )
    assert ran.returncode == 3
    assert str(os.getpid()) in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_an_abstract_without_end_is_left_out_with_its_limit(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(rows(TEA, {**MILK, "abstract": "Milk is white. " * 700_000}))
    ran = command("ingest", file)
    assert ran.code == 0
    assert "1 added" in ran.out
    assert f"{file}:2: " in ran.err
    assert "100,000" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "What is length control?"],
        ["search", "length control"],
        ["library", "list"],
        ["library", "show", "pointer-networks"],
        ["library", "stats"],
        ["library", "remove", "pointer-networks", "--yes"],
        ["doctor"],
    ],
)
def test_json_is_one_document_and_nothing_else(
    command: Command, starter: Path, arguments: list[str]
) -> None:
    ran = command(*arguments, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)
