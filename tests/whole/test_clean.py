"""``assistant clean``: it shows what may go, and deletes it when it is told to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.whole.conftest import Ran


@pytest.fixture
def old_chat(home: Path) -> Path:
    path = home / "chats" / "ann" / "0123456789abcdef.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    os.utime(path, (0, 0))
    return path


def test_it_deletes_nothing_unless_told_to(command: Callable[..., Ran], old_chat: Path) -> None:
    shown = command("clean", "--older-than", 30)
    assert (shown.code, shown.err) == (0, "")
    assert "1 to delete" in shown.out
    assert "the same command with --yes deletes it" in shown.out
    assert old_chat.exists()
    deleted = command("clean", "--older-than", 30, "--yes", "--json")
    chats = next(one for one in json.loads(deleted.out)["kinds"] if one["kind"] == "chats")
    assert chats == {"kind": "chats", "n": 1, "n_bytes": 2, "n_going": 1, "bytes_going": 2}
    assert not old_chat.exists()


def test_of_itself_it_deletes_nothing_for_its_age(
    command: Callable[..., Ran], old_chat: Path
) -> None:
    assert command("clean", "--yes").code == 0
    assert old_chat.exists()
    assert command("clean", "--only", "ratings", "--older-than", 0, "--yes").code == 0
    assert old_chat.exists()


def test_what_there_is_none_of_is_named(command: Callable[..., Ran], home: Path) -> None:
    ran = command("clean", "--only", "libraries", "--yes")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "'libraries' is not one of uploads, chats" in ran.err
