"""What several events of one visit do to the chat at hand when they run at once."""

from __future__ import annotations

from typing import cast

import pytest
from assistant_ui.chat.page_chat import PageChat
from assistant_ui.chat.turn_view import LiveTurn
from assistant_ui.chat.visit import LooseTurn, RunningTurn, Visit, next_revision

from assistant.events import SentenceStarted, TextAdded

CHAT = "0123456789abcdef"
NO_CHAT = cast(PageChat, None)


class Place:
    def __init__(self) -> None:
        self.n_left = 0

    def leave(self) -> None:
        self.n_left += 1


def turn(place: Place | None = None, n_before: int = 0) -> RunningTurn:
    live = LiveTurn("t1", "How long?", lambda _: None)
    for event in (SentenceStarted(0), TextAdded(0, "They wait")):
        live.take(event)
    return RunningTurn(live, NO_CHAT, n_before, (place or Place()).leave)


def visit_of(owner: str = "ann", chat: str = CHAT) -> Visit:
    return Visit().claim(owner, chat)


def test_who_comes_first_says_whose_it_is() -> None:
    visit = Visit().claim("", "")
    owner, chat = visit.owner, visit.chat_id
    assert owner
    assert chat
    visit.claim("ann", CHAT)
    assert (visit.owner, visit.chat_id) == (owner, chat)


def test_a_browser_that_was_here_goes_on_with_its_chat() -> None:
    visit = visit_of()
    assert (visit.owner, visit.chat_id) == ("ann", CHAT)


@pytest.mark.parametrize("chat", ["", "../chats/x", "no chat"])
def test_what_is_no_chat_is_a_new_one(chat: str) -> None:
    assert Visit().claim("ann", chat).chat_id not in ("", chat)


def test_a_stopped_turn_that_said_nothing_is_kept_as_it_was() -> None:
    visit = visit_of()
    running = turn()
    visit.begin(running, None)
    assert visit.running() is running
    assert visit.stop(CHAT) is running
    assert running.stopped
    assert visit.running() is None
    assert visit.stop(CHAT) is None
    assert visit.loose == ()
    visit.keep(CHAT, running)
    (kept,) = visit.loose
    assert kept.view["state"] == "stopped"
    running.live.take(SentenceStarted(1))
    assert [sentence["text"] for sentence in kept.view["sentences"]] == ["They wait"]


def test_a_turn_ends_once_by_itself_or_by_a_stop() -> None:
    visit = visit_of()
    running = turn()
    visit.begin(running, None)
    assert visit.end(CHAT, running)
    visit.stop(CHAT)
    assert visit.loose == ()
    running = turn()
    visit.begin(running, None)
    visit.stop(CHAT)
    assert not visit.end(CHAT, running)


def test_the_end_of_a_stopped_turn_does_not_end_the_next() -> None:
    visit = visit_of()
    first, second = turn(), turn()
    visit.begin(first, None)
    visit.stop(CHAT)
    visit.begin(second, None)
    assert not visit.end(CHAT, first)
    assert visit.running() is second


def test_an_answer_goes_on_in_the_chat_that_was_left() -> None:
    visit = visit_of()
    running = turn()
    visit.begin(running, None)
    visit.open("fedcba9876543210")
    assert visit.running() is None
    visit.stop(visit.chat_id)
    visit.open(CHAT)
    assert visit.running() is running
    assert visit.end(CHAT, running)


def test_a_failed_turn_stays_in_its_own_chat_only() -> None:
    visit = visit_of()
    running = turn()
    running.live.state = "failed"
    visit.keep(CHAT, running)
    assert visit.loose[0].view["state"] == "failed"
    visit.open("fedcba9876543210")
    visit.keep(CHAT, running)
    assert visit.loose == ()


@pytest.mark.parametrize(("n_kept", "kept"), [(None, [0, 1, 2]), (2, [0, 1]), (0, [])])
def test_turns_after_the_one_that_is_asked_again_go(n_kept: int | None, kept: list[int]) -> None:
    visit = visit_of()
    visit.loose = tuple(LooseTurn(n, {}) for n in range(3))
    visit.begin(turn(), n_kept)
    assert [loose.n_before for loose in visit.loose] == kept


def test_revisions_grow() -> None:
    assert next_revision() < next_revision()
