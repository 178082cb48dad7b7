"""Half a character comes in at every door and breaks nothing behind it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Chat, Filters, Paper, SettingsError, export_answers
from assistant.llm.judgement_cache import JudgementCache, make_key
from tests.llm_servers.replies import label_of
from tests.llm_servers.scripted import scripted
from tests.llm_servers.steps import Says
from tests.whole.conftest import EXECUTABLE, Ran
from tests.whole.written import FACT, QUESTION, open_with

pytestmark = pytest.mark.slow

Command = Callable[..., Ran]
HALF, REST = "\ud83d", "\ude00"
ROWS = [
    {"id": f"tea{HALF}", "title": f"Tea {HALF} cools", "abstract": f"Tea cools {HALF}. It is wet.",
     "authors": [f"Ann {HALF} Lee"], "venue": f"Tea{HALF}", "keywords": [f"cup{HALF}"],
     "doi": f"10.1000/{HALF}", "url": f"http://a.b/{HALF}"},
    {"id": "milk", "title": "Milk", "abstract": f"Milk is white {HALF}{REST}. It is cold."},
]  # fmt: skip


def write_rows(path: str) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - the name is not one that Path takes everywhere
        file.writelines(json.dumps(row).encode() + b"\n" for row in ROWS)


def writable(value: Any) -> str:
    """Returns ``value`` as JSON, which it can be in UTF-8."""
    text = json.dumps(value, ensure_ascii=False)
    assert text.encode()
    return text


def test_from_a_file_through_the_python_door(home: Path, tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"caf\xe9.jsonl")  # noqa: PTH118
    try:
        write_rows(os.fsdecode(name))
    except OSError:
        name = os.path.join(os.fsencode(tmp_path), b"cafe.jsonl")  # noqa: PTH118
        write_rows(os.fsdecode(name))
    with Assistant.open(create=True) as assistant:
        report = assistant.ingest(os.fsdecode(name), sync=True)
        assert report.added == ("tea", "milk")
        again = assistant.ingest(os.fsdecode(name), sync=True)
        assert (again.unchanged, again.removed) == (("tea", "milk"), ())
        own = Paper(f"own{HALF}", f"Own {HALF}{REST}", f"Wine is red {HALF}.", source=f"s{HALF}")
        assert assistant.ingest([own]).added == ("own\ufffd",)
        assert assistant.paper(f"own{HALF}").title == "Own 😀"
        assert "white 😀" in assistant.paper("milk").abstract
        filters = Filters(authors=(f"Lee{HALF}",), venues=(HALF,), keywords=(HALF,))
        chat = assistant.chat()
        for asked in (
            assistant.ask(f"What cools {HALF}?"),
            assistant.ask("What cools?", filters=filters),
            assistant.ask("What cools?", filters=Filters(paper_ids=(f"own{HALF}",))),
            assistant.ask("What?", standalone_question=f"What cools {HALF}?"),
            assistant.ask(f"Which papers are by {HALF} Lee?"),
            chat.ask(f"What cools {HALF}?"),
            chat.ask(f"And milk {HALF}?"),
        ):
            writable(asked.to_dict())
        writable([found.to_dict() for found in assistant.search(f"tea {HALF}", filters=filters)])
        writable(assistant.check(f"Tea {HALF} cools.", f"Tea cools {HALF}.").text)
        saved = json.loads(json.dumps(chat.to_dict()).replace("cools", "cools \\ud83d"))
        taken_up = Chat.from_dict(assistant, saved)
        writable(taken_up.to_dict())
        for format in ("markdown", "csv", "bibtex", "csl", "ris"):
            assert export_answers(taken_up.turns, format).encode()
        for format in ("jsonl", "csl", "bibtex", "ris"):
            assert "".join(assistant.export(format)).encode()


def test_from_the_command_line(home: Path, tmp_path: Path, command: Command) -> None:
    write_rows(str(tmp_path / "a.jsonl"))
    assert command("ingest", tmp_path / "a.jsonl").code == 0
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "q\\ud83d", "question": "What cools \\ud83d?"}\n')
    for arguments in (
        ("ask", f"What cools {HALF}?", "--json"),
        ("ask", "What cools?", "--author", f"Lee{HALF}", "--json"),
        ("ask", "--file", questions),
        ("search", f"tea {HALF}", "--json"),
    ):
        ran = command(*arguments)
        assert (ran.code, ran.err) in ((0, ""), (1, "")), arguments
        assert ran.out.encode()
    missing = command("library", "show", f"own{HALF}")
    assert (missing.code, missing.err.count("\n")) == (2, 1)


def test_bytes_of_another_encoding_on_the_command_line(home: Path) -> None:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    words: tuple[bytes, ...] = (b"ask", b"Gr\xf6\xdfe?")
    ran = subprocess.run(
        [os.fsencode(EXECUTABLE), *words], env=environment, capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1
    assert b"broken text encoding" in ran.stderr


@pytest.mark.parametrize("name", ["home", "library", "llm", "llm_base_url", "prompts"])
def test_a_setting_with_half_a_character_is_one_sentence(name: str) -> None:
    value = {"llm": f"openai:{HALF}", "llm_base_url": f"http://x/{HALF}"}.get(name, f"x{HALF}")
    with pytest.raises(SettingsError, match=f"^{name}: .* cannot be used; use"):
        Assistant.open(**{name: value})


def test_an_emoji_cut_between_two_pieces_of_a_reply_is_whole(starter: Path) -> None:
    def reply(request: dict[str, Any]) -> Says:
        label = label_of(request, FACT)
        pieces = [f"It is 2X to 3X faster {HALF}", f"{REST} for T5-XXL [{label}]. ", f"Yes{HALF}"]
        return Says("", pieces=pieces)

    with (
        scripted([reply], otherwise=reply) as server,
        open_with(starter, server, second_look="off", unsupported="flag") as assistant,
    ):
        events = list(assistant.stream(QUESTION))
        answer = events[-1].answer  # type: ignore[union-attr]
    assert "faster 😀 for T5-XXL" in answer.text
    assert "Yes\ufffd" in answer.text or "Yes" not in answer.text
    writable(answer.to_dict())
    assert all(repr(event).isprintable() and str(event).encode() for event in events)


def test_what_was_judged_is_kept(tmp_path: Path) -> None:
    cache = JudgementCache(tmp_path / "judgements.sqlite")
    key = make_key(f"asked {HALF}")
    cache.put({key: json.dumps([1, 1, f"said {HALF}"])})
    assert json.loads(cache.get([key])[key]) == [1, 1, f"said {HALF}"]
    assert not cache.notices
    cache.close()
