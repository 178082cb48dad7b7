"""Chats on disk, one file each, that survive the server and belong to one owner."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import AssistantError
from assistant.files.private import write_whole

FOLDER = "chats"
MAX_TITLE_CHARS = 80
_CHAT_ID = re.compile(r"[0-9a-f]{16}")


class SavedChatError(AssistantError):
    """A saved chat is not there or cannot be read or written."""


@dataclass(frozen=True, slots=True)
class ChatSummary:
    """One saved chat; ``changed_s`` is when it was last written, in seconds since 1970."""

    chat_id: str
    title: str
    changed_s: float


def new_chat_id() -> str:
    """Returns an id that nobody guesses."""
    return secrets.token_hex(8)


class SavedChats:
    """The chats of every owner, below ``<home>/chats``.

    An owner is whoever signed in, or a browser by its random name; nobody sees another's chats.
    A chat's record is that of ``Chat.to_dict`` and whatever the page keeps beside it.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    @staticmethod
    def is_chat_id(text: object) -> bool:
        """Returns whether ``text`` could be the id of a chat."""
        return isinstance(text, str) and _CHAT_ID.fullmatch(text) is not None

    def holds(self, owner: str, chat_id: str) -> bool:
        """Returns whether the owner has saved a chat of this id."""
        return self._path(owner, chat_id).is_file()

    def save(self, owner: str, chat_id: str, record: dict[str, Any]) -> None:
        """Writes a chat whole: a reader sees the one before or this one.

        Raises:
            SavedChatError: the disk does not take it.
        """
        path = self._path(owner, chat_id)
        try:
            write_whole(path, json.dumps(record, ensure_ascii=False))
        except OSError as error:
            raise SavedChatError(
                f"the chat cannot be saved ({error.strerror}); make room or copy the answers"
            ) from error

    def load(self, owner: str, chat_id: str) -> dict[str, Any]:
        """Returns a chat's record.

        Raises:
            SavedChatError: the owner has no such chat, or it cannot be read.
        """
        try:
            record = json.loads(self._path(owner, chat_id).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SavedChatError("this chat is not there any more; start a new one") from None
        except (OSError, ValueError) as error:
            raise SavedChatError("this chat cannot be read; start a new one") from error
        if not isinstance(record, dict):
            raise SavedChatError("this chat cannot be read; start a new one")
        return record

    def delete(self, owner: str, chat_id: str) -> None:
        """Deletes a chat; one that is not there is none."""
        self._path(owner, chat_id).unlink(missing_ok=True)

    def list(self, owner: str) -> list[ChatSummary]:
        """Returns the owner's chats, last changed first; files that are no chats are left out."""
        return sorted(self._summaries(owner), key=lambda chat: -chat.changed_s)

    def _summaries(self, owner: str) -> Iterator[ChatSummary]:
        folder = self._folder_of(owner)
        for path in folder.glob("*.json") if folder.is_dir() else ():
            try:
                record = self.load(owner, path.stem)
                yield ChatSummary(path.stem, chat_title(record), path.stat().st_mtime)
            except (SavedChatError, OSError):
                continue

    def _folder_of(self, owner: str) -> Path:
        # An owner's name is what a browser sent: it never becomes a path.
        return (
            self._folder / hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        )

    def _path(self, owner: str, chat_id: str) -> Path:
        if not self.is_chat_id(chat_id):
            raise SavedChatError(f"{chat_id!r} is no chat; start a new one")
        return self._folder_of(owner) / f"{chat_id}.json"


def chat_title(record: dict[str, Any]) -> str:
    """Returns a chat's first question, cut to one line."""
    turns = record.get("turns")
    first = turns[0].get("question") if isinstance(turns, list) and turns else ""
    line = " ".join(str(first or "").split())
    if len(line) > MAX_TITLE_CHARS:
        line = line[: MAX_TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return line or "Empty chat"


def time_ago(seconds: float) -> str:
    """Returns how long ago in words: 'now', '5 min ago', '3 h ago', '2 days ago'."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return "yesterday" if days == 1 else f"{days} days ago"
