from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.cli.questions import Row, read_questions
from assistant.cli.rows import MAX_ROW_BYTES
from assistant.errors import QuestionError


def test_rows_keep_their_order_ids_and_faults(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        '\ufeff{"id": "a", "question": "one"}\n\n{"query": "two"}\n{"_id": 7, "text": "three"}\n'
        '{"id": "d"}\nnot json\n[1]\n',
        encoding="utf-8",
        newline="\r\n",
    )
    rows = list(read_questions(file))
    assert rows[:3] == [Row("a", "one"), Row(3, "two"), Row(7, "three")]
    assert [row.id for row in rows[3:]] == ["d", 6, 7]
    assert f"{file}:5: no text under question, query or text" == rows[3].error
    assert "not valid JSON" in (rows[4].error or "")
    assert "not a JSON object" in (rows[5].error or "")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"question": "x"}\n')))
    assert list(read_questions(Path("-"))) == [Row(1, "x")]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00", None])
def test_a_file_that_cannot_be_asked(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "q.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(QuestionError) as caught:
        list(read_questions(file))
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b'{"question": "caf\xe9"}', "not UTF-8"),
        (b'{"question": "' + b"x" * MAX_ROW_BYTES + b'"}', "longer than"),
        (b"[" * 100_000, "too deep"),
        (b'{"question": ' + b"9" * 5000 + b"}", "too long a number"),
        (b'{"question": 5}', "no text under"),
        (b'{"question": "cut', "not valid JSON"),
    ],
)
def test_one_bad_row_is_named_and_the_others_are_asked(
    tmp_path: Path, row: bytes, said: str
) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(b'{"question": "one"}\n' + row + b'\n{"question": "three"}')
    first, second, third = read_questions(file)
    assert first == Row(1, "one")
    assert third == Row(3, "three")
    assert (second.error or "").startswith(f"{file}:2: ")
    assert said in (second.error or "")


@pytest.mark.parametrize("row_id", ['""', '" "', "null", "NaN", "1e999", "[1]", "{}"])
def test_an_id_that_is_none_gives_way_to_the_line(tmp_path: Path, row_id: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(f'\n{{"id": {row_id}, "question": "x"}}\n')
    assert list(read_questions(file)) == [Row(2, "x")]
