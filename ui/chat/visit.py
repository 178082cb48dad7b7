"""What one visit to the chat tab has before it."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant_ui.chat.page_chat import PageChat
from assistant_ui.chat.saved_chats import SavedChats, new_chat_id
from assistant_ui.chat.turn_view import LiveTurn

_moving = threading.Lock()
# Microseconds since 1970 to begin with, so that it grows over a restart of the server as well.
_revisions = itertools.count(time.time_ns() // 1000)


def next_revision() -> int:
    """Returns a number above all before it: of two states of a chat, the higher is the later."""
    return next(_revisions)


@dataclass(frozen=True, slots=True)
class LooseTurn:
    """A turn that came to nothing: shown after ``n_before`` turns, but not saved."""

    n_before: int
    view: dict[str, Any]


@dataclass(eq=False, slots=True)
class RunningTurn:
    """A turn that is being answered, after ``n_before`` others of ``page_chat``.

    ``leave`` gives up the visitor's place among the askers.
    """

    live: LiveTurn
    page_chat: PageChat
    n_before: int
    leave: Callable[[], None]
    stopped: bool = False


@dataclass(eq=False, slots=True)
class Visit:
    """The chat at hand, and what of it is not saved.

    One object for all events of a visit, since several may run at once: whichever comes first says
    whose it is, and a turn that is being answered is found by the event that stops it.
    """

    owner: str = ""
    chat_id: str = ""
    loose: tuple[LooseTurn, ...] = ()
    _running: dict[str, RunningTurn] = field(default_factory=dict)

    def claim(self, visitor: str, last_chat: str) -> Visit:
        """Returns the visit, which from now on is that of the visitor.

        Args:
            visitor: whose it is, as the browser knows it; "" for somebody new.
            last_chat: the chat that this browser had open last.
        """
        with _moving:
            if not self.owner:
                self.owner = visitor if isinstance(visitor, str) and visitor else _new_owner()
                self.chat_id = last_chat if SavedChats.is_chat_id(last_chat) else new_chat_id()
        return self

    def open(self, chat_id: str) -> None:
        """Puts another chat on the visit; what runs in the one before it goes on."""
        with _moving:
            if chat_id != self.chat_id:
                self.chat_id, self.loose = chat_id, ()

    def begin(self, running: RunningTurn, n_kept: int | None) -> None:
        """Notes that the chat at hand is being answered; ``n_kept`` turns stay, None for all."""
        with _moving:
            if n_kept is not None:
                self.loose = tuple(turn for turn in self.loose if turn.n_before < n_kept)
            self._running[self.chat_id] = running

    def running(self) -> RunningTurn | None:
        """Returns the turn that is being answered in the chat at hand."""
        return self._running.get(self.chat_id)

    def end(self, chat_id: str, running: RunningTurn) -> bool:
        """Notes that a turn has ended; False where it was stopped before."""
        with _moving:
            if running.stopped:
                return False
            self._running.pop(chat_id, None)
            return True

    def stop(self, chat_id: str) -> RunningTurn | None:
        """Notes that the turn being answered in a chat, where there is one, is to stop."""
        with _moving:
            running = self._running.pop(chat_id, None)
            if running is not None:
                running.stopped = True
            return running

    def keep(self, chat_id: str, running: RunningTurn) -> None:
        """Keeps a turn that came to nothing, as far as it came."""
        state = "stopped" if running.stopped else running.live.state
        with _moving:
            if chat_id == self.chat_id:
                name = f"x{running.n_before}-{len(self.loose)}"
                view = {**running.live.view(), "id": name, "state": state}
                self.loose = (*self.loose, LooseTurn(running.n_before, view))


def _new_owner() -> str:
    return secrets.token_hex(16)
