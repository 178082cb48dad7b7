"""What the page writes of a rated sentence is what the evals read and list."""

from __future__ import annotations

import json
import resource
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.cases.disputes import DISPUTES_FILE, DISPUTES_SCHEMA, read_disputes
from assistant_ui.chat import disputes
from assistant_ui.chat.disputes import MAX_COMMENT_CHARS, record_rating
from typer.testing import CliRunner

from assistant.answers import Answer
from assistant.cli.app import app
from assistant.errors import QuestionError, StoreError
from assistant.types import Citation, Paper, Sentence, Source

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BEES = Paper("bees", "On bees", "Bees fly. They hum.")
FISH = Paper("fish", "On fish", "Fish swim.")
QUOTE = Citation("1", "bees", "On bees", "Bees fly.", 0, 9, 1)
ANSWER = Answer(
    "do they?",
    "do bees fly?",
    "Bees fly. Bees sing.",
    0.9,
    (
        Sentence("Bees fly.", "verbatim", 1.0, (QUOTE,)),
        Sentence("Bees sing.", "unsupported", 0.2, ()),
    ),
    (Source("1", "bees", "On bees", (), None, 1.0, True),),
)


def rate(
    folder: Path, *, index: int = 1, good: bool = False, comment: str = "", answer: Answer = ANSWER
) -> None:
    record_rating(folder, answer, index, good, comment, [BEES, FISH], "thesis", NOW)


def test_a_row_is_read_as_it_was_written(home: Path) -> None:
    rate(home, comment=" they hum ")
    found = read_disputes(home)
    assert found.faults == ()
    (row,) = found.rows
    assert row.rating == "down"
    assert row.comment == "they hum"
    assert row.library == "thesis"
    assert row.question == "do they?"
    assert row.standalone_question == "do bees fly?"
    assert row.sentence.text == "Bees sing."
    assert row.sentence_index == 1
    assert row.created == NOW
    assert [(s.paper_id, s.abstract) for s in row.sources] == [("bees", BEES.abstract)]
    assert row.answer == ANSWER.to_dict()


def test_both_sides_mean_the_same_file_and_format() -> None:
    assert disputes.DISPUTES_FILE == DISPUTES_FILE
    assert disputes.DISPUTES_SCHEMA == DISPUTES_SCHEMA


def test_a_quote_comes_back_with_its_place(home: Path) -> None:
    rate(home, index=0, good=True)
    (row,) = read_disputes(home).rows
    (quote,) = row.sentence.citations
    assert row.rating == "up"
    assert row.sources[0].abstract[quote.start : quote.end] == quote.quote == "Bees fly."


@pytest.mark.parametrize("comment", ["a\nb", "a\r\nb", "a\u2028b", "a\x00b", "\ud800", '"}\n{"'])
def test_any_comment_is_one_row(home: Path, comment: str) -> None:
    rate(home, comment=comment)
    rate(home, comment="second")
    found = read_disputes(home)
    assert found.faults == ()
    assert len(found.rows) == 2
    assert (home / DISPUTES_FILE).read_bytes().count(b"\n") == 2


def test_a_row_read_and_written_again_is_the_same(home: Path) -> None:
    rate(home)
    written = json.loads((home / DISPUTES_FILE).read_bytes())
    again = read_disputes(home).rows[0].to_dict()
    assert again["answer"] == written["answer"]
    assert set(again) == set(written)


@pytest.mark.parametrize("index", [-1, 2])
def test_a_sentence_that_is_not_there_cannot_be_rated(home: Path, index: int) -> None:
    with pytest.raises(QuestionError, match="no sentence"):
        rate(home, index=index)
    assert not (home / DISPUTES_FILE).exists()


def test_the_longest_comment_is_taken_and_a_longer_one_refused(home: Path) -> None:
    rate(home, comment="a" * MAX_COMMENT_CHARS)
    with pytest.raises(QuestionError, match="1,001 characters"):
        rate(home, comment="a" * (MAX_COMMENT_CHARS + 1))
    assert len(read_disputes(home).rows) == 1


def test_a_line_that_a_crash_cut_short_swallows_no_other(home: Path) -> None:
    rate(home, comment="first")
    path = home / DISPUTES_FILE
    path.write_bytes(path.read_bytes() + b'{"schema": 1, "crea')
    rate(home, comment="last")
    found = read_disputes(home)
    assert [row.comment for row in found.rows] == ["first", "last"]
    assert found.faults == (
        "disputes.jsonl:2: not valid JSON (Invalid control character at); remove or mend the line",
    )


def test_writers_at_once_lose_nothing(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: rate(home, comment=str(n)), range(40)))
    found = read_disputes(home)
    assert found.faults == ()
    assert sorted(int(row.comment) for row in found.rows) == list(range(40))


def test_a_full_disk_leaves_the_file_as_it_was(home: Path) -> None:
    rate(home)
    path = home / DISPUTES_FILE
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
        with pytest.raises(StoreError, match="was not saved"):
            rate(home, comment="no room")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named_without_its_folder(home: Path) -> None:
    (home / DISPUTES_FILE).mkdir()
    with pytest.raises(StoreError) as raised:
        rate(home)
    assert str(home) not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"\xff\xfe", "not UTF-8 text"),
        (b"[]", "not a JSON object"),
        (b"{}", "has schema None where this release reads 1"),
        (b'{"schema": 2}', "has schema 2 where this release reads 1"),
        (b'{"schema": 1}', "not a rating: created: field required"),
        (b"[" * 100_000, "not JSON that can be read"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(
    home: Path, line: bytes, fault: str
) -> None:
    rate(home)
    path = home / DISPUTES_FILE
    path.write_bytes(line + b"\n\n" + path.read_bytes())
    found = read_disputes(home)
    assert len(found.rows) == 1
    assert found.faults == (f"disputes.jsonl:1: {fault}; remove or mend the line",)


def test_no_file_is_no_disputes(home: Path) -> None:
    assert read_disputes(home).rows == ()


def listed(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["eval", "disputes", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_lists_a_row_a_line(home: Path) -> None:
    rate(home, comment="they\nhum")
    rate(home, index=0, good=True)
    code, out, err = listed()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2026-03-04 05:06+00:00\tdown\tdo they?\tBees sing.\tthey hum",
        "2026-03-04 05:06+00:00\tup\tdo they?\tBees fly.\t",
    ]


def test_the_command_picks_a_rating(home: Path) -> None:
    rate(home)
    rate(home, index=0, good=True)
    assert [row["rating"] for row in json.loads(listed("--json", "--rating", "up")[1])] == ["up"]
    assert len(listed("--rating", "down")[1].splitlines()) == 1


def test_the_command_says_where_there_is_nothing() -> None:
    assert listed()[1] == "No rated sentences yet; they are rated on the page, `assistant ui`.\n"
    assert json.loads(listed("--json")[1]) == []


def test_the_command_names_broken_lines_and_exits_1(home: Path) -> None:
    rate(home)
    with (home / DISPUTES_FILE).open("ab") as file:
        file.write(b"nonsense\n")
    code, out, err = listed("--json")
    assert code == 1
    assert len(json.loads(out)) == 1
    assert "disputes.jsonl:2: not valid JSON" in err


def test_what_people_wrote_cannot_drive_the_terminal(home: Path) -> None:
    rate(home, comment="\x1b[2Jgone\t[bold]x[/bold]")
    out = listed()[1]
    assert "\x1b" not in out
    assert out.endswith("[2Jgone [bold]x[/bold]\n")


def test_a_rating_goes_to_the_file_that_cleaning_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / DISPUTES_FILE
    path.write_text("old\n")
    lock, cleaned = disputes.portalocker.Lock, iter([True, False])

    def wait_while_it_is_cleaned(*args: Any, **options: Any) -> Any:
        held = lock(*args, **options)
        acquire = held.acquire

        def acquired(*args: Any, **options: Any) -> Any:
            file = acquire(*args, **options)
            if next(cleaned):
                (tmp_path / "kept").write_text("kept\n")
                (tmp_path / "kept").replace(path)
            return file

        held.acquire = acquired
        return held

    monkeypatch.setattr(disputes.portalocker, "Lock", wait_while_it_is_cleaned)
    disputes._append(path, b"new")
    assert path.read_text() == "kept\nnew\n"
