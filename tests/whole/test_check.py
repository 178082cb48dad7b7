"""``assistant check``: pairs in, verdicts out, without a library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

SOURCE = "The method needs 75% less memory and is 2.5 times faster than GPT-4."
TRUE = "It is 2.5x faster than GPT4 and takes 75 percent less memory."
ALTERED = {
    "number": "It is 3.5x faster than GPT-4.",
    "name": "It is 2.5 times faster than LLaMA.",
    "direction": "The method is 2.5 times slower than GPT-4.",
    "negation": "The method is not 2.5 times faster than GPT-4.",
}


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_one_claim(command: Command, home: Path) -> None:
    ran = command("check", "--claim", TRUE, "--source", SOURCE)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("supported")
    assert list(home.iterdir()) == []


def test_what_is_wrong_is_said(command: Command) -> None:
    ran = command("check", "--claim", ALTERED["number"], "--source", SOURCE)
    assert ran.code == 0
    assert ran.out.startswith("unsupported")
    assert "3.5x" in ran.out


def test_a_file_of_pairs(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    pairs = {"true": TRUE, **ALTERED, "quote": SOURCE}
    file.write_text(
        "".join(
            json.dumps({"id": name, "source": SOURCE, "claim": claim}) + "\n"
            for name, claim in pairs.items()
        )
    )
    ran = command("check", "--file", file, "--json")
    assert ran.code == 0
    found = {row["id"]: row for row in rows(ran.out)}
    assert list(found) == list(pairs)
    assert all(set(row) == {"id", "score", "verdict", "flags", "lexical"} for row in found.values())
    assert found["true"]["verdict"] == "supported"
    assert found["quote"]["verdict"] == "verbatim"
    assert found["quote"]["score"] == 1.0
    for kind in ALTERED:
        assert found[kind]["verdict"] == "unsupported"
        assert kind in [flag["kind"] for flag in found[kind]["flags"]]
        assert found[kind]["score"] < 0.5 < found["true"]["score"]


@pytest.mark.parametrize(("claim", "code"), [(TRUE, 0), (ALTERED["name"], 1)])
def test_strict(command: Command, claim: str, code: int) -> None:
    assert command("check", "--claim", claim, "--source", SOURCE, "--strict").code == code


def test_bad_rows_are_named_and_the_others_checked(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    good = json.dumps({"id": 7, "source": SOURCE, "claim": TRUE})
    bad = [
        "nonsense",
        "[]",
        '{"id": "x", "source": "s"}',
        '{"source": 3, "claim": "c"}',
        '{"source": "s", "claim": ""}',
        '{"source": "", "claim": "c"}',
    ]
    file.write_text("\n".join([*bad, "", good]))
    ran = command("check", "--file", file, "--strict")
    assert ran.code == 2
    assert "6 rows" in ran.err
    found = rows(ran.out)
    assert [("error" in row) for row in found] == [True] * 6 + [False]
    assert f"{file}:1: not valid JSON" in found[0]["error"]
    assert f"{file}:3: no text under claim" in found[2]["error"]
    assert [row["id"] for row in found] == [1, 2, "x", 4, 5, 6, 7]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--claim", "x"),
        ("--source", "x"),
        ("--claim", "x", "--source", "y", "--file", "z"),
        ("--claim", "", "--source", "y"),
        ("--claim", "x", "--source", " "),
        ("--claim", "1 " * 8_000, "--source", "It is 1."),
        ("--file", "there is none"),
    ],
)
def test_mistakes_are_one_line(command: Command, arguments: tuple[str, ...]) -> None:
    ran = command("check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


def test_no_pairs_and_no_text(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n")
    assert "holds no pairs" in command("check", "--file", file).err
    file.write_bytes(b"\xff\xfe\x00\x01")
    assert "not UTF-8" in command("check", "--file", file).err


def test_any_language_and_sign(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    row = {"source": "模型快 3 倍。\u202e 🚀", "claim": "模型快 3 倍 🚀"}
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8-sig")
    ran = command("check", "--file", file)
    assert ran.code == 0
    assert rows(ran.out)[0]["id"] == 1
