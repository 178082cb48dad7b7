"""Chats on disk: whole or not there, and nobody's but their owner's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from assistant_ui.chat.saved_chats import (
    MAX_TITLE_CHARS,
    SavedChatError,
    SavedChats,
    chat_title,
    new_chat_id,
    time_ago,
)
from hypothesis import given
from hypothesis import strategies as st

TALK = {"schema": 1, "turns": [{"question": "What is Heron?"}]}


def test_what_is_saved_is_loaded_by_another_server(tmp_path: Path) -> None:
    chat = new_chat_id()
    SavedChats(tmp_path).save("ada", chat, TALK)
    assert SavedChats(tmp_path).load("ada", chat) == TALK
    assert SavedChats(tmp_path).holds("ada", chat)
    assert [(c.chat_id, c.title) for c in SavedChats(tmp_path).list("ada")] == [
        (chat, "What is Heron?")
    ]


def test_nobody_sees_the_chats_of_another(tmp_path: Path) -> None:
    saved, chat = SavedChats(tmp_path), new_chat_id()
    saved.save("ada", chat, TALK)
    assert saved.list("ben") == []
    with pytest.raises(SavedChatError, match="not there any more"):
        saved.load("ben", chat)
    saved.delete("ben", chat)
    assert saved.holds("ada", chat)
    saved.delete("ada", chat)
    saved.delete("ada", chat)
    assert not saved.holds("ada", chat)


@pytest.mark.parametrize(
    "name", ["../../secret", "", "ABCDEF0123456789", "0123456789abcdef\n", "/"]
)
def test_only_its_own_ids_become_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(SavedChatError, match="is no chat"):
        SavedChats(tmp_path).save("ada", name, TALK)
    assert not (tmp_path / "chats").exists()


@pytest.mark.parametrize("owner", ["../../x", "", "/etc", "é\ud800"[:1]])
def test_an_owner_never_becomes_a_path(tmp_path: Path, owner: str) -> None:
    chat = new_chat_id()
    SavedChats(tmp_path).save(owner, chat, TALK)
    (path,) = tmp_path.rglob("*.json")
    assert path.parent.parent == tmp_path / "chats"
    assert set(path.parent.name) <= set("0123456789abcdef")


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_damaged_chat_is_told_and_does_not_hide_the_others(tmp_path: Path, text: str) -> None:
    saved, good, bad = SavedChats(tmp_path), new_chat_id(), new_chat_id()
    saved.save("ada", good, TALK)
    saved.save("ada", bad, TALK)
    next(tmp_path.rglob(f"{bad}.json")).write_text(text)
    with pytest.raises(SavedChatError, match="cannot be read"):
        saved.load("ada", bad)
    assert [chat.chat_id for chat in saved.list("ada")] == [good]


def test_a_disk_that_takes_nothing_is_told_and_leaves_the_chat_before(tmp_path: Path) -> None:
    saved, chat = SavedChats(tmp_path), new_chat_id()
    saved.save("ada", chat, TALK)
    with pytest.raises(TypeError):
        saved.save("ada", chat, {"turns": object()})
    assert saved.load("ada", chat) == TALK
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [f"{chat}.json"]


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SavedChatError, match=r"cannot be saved \("):
        SavedChats(tmp_path / "file").save("ada", new_chat_id(), TALK)


@given(st.text())
def test_a_title_is_one_short_line(question: str) -> None:
    title = chat_title({"turns": [{"question": question}]})
    assert title
    assert len(title) <= MAX_TITLE_CHARS
    assert "\n" not in title


@pytest.mark.parametrize("record", [{}, {"turns": []}, {"turns": None}, {"turns": [{}]}])
def test_a_chat_without_a_question_has_a_title(record: dict[str, object]) -> None:
    assert chat_title(record) == "Empty chat"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (59, "now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86_399, "23 h ago"),
        (86_400, "yesterday"),
        (2 * 86_400, "2 days ago"),
        (-5, "now"),
    ],
)
def test_times_are_told_in_words(seconds: float, said: str) -> None:
    assert time_ago(seconds) == said


def test_a_saved_chat_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    SavedChats(tmp_path).save("ada", new_chat_id(), TALK)
    (path,) = tmp_path.rglob("*.json")
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(path.read_text()) == TALK
