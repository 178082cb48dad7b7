"""What several events of one visit do to the chat at hand when they run at once."""

from __future__ import annotations

import pytest
from assistant_ui.desk import Desk, LooseTurn, RunningTurn, next_revision
from assistant_ui.turn_view import LiveTurn

from assistant.events import SentenceStarted, TextAdded

CHAT = "0123456789abcdef"


class Place:
    def __init__(self) -> None:
        self.n_left = 0

    def leave(self) -> None:
        self.n_left += 1


def turn(place: Place | None = None, n_before: int = 0) -> RunningTurn:
    live = LiveTurn("t1", "How long?", lambda _: None)
    for event in (SentenceStarted(0), TextAdded(0, "They wait")):
        live.take(event)
    return RunningTurn(live, n_before, (place or Place()).leave)


def desk_of(owner: str = "ann", chat: str = CHAT) -> Desk:
    return Desk().claim(owner, chat)


def test_who_comes_first_says_whose_it_is() -> None:
    desk = Desk().claim("", "")
    owner, chat = desk.owner, desk.chat_id
    assert owner
    assert chat
    desk.claim("ann", CHAT)
    assert (desk.owner, desk.chat_id) == (owner, chat)


def test_a_browser_that_was_here_goes_on_with_its_chat() -> None:
    desk = desk_of()
    assert (desk.owner, desk.chat_id) == ("ann", CHAT)


@pytest.mark.parametrize("chat", ["", "../chats/x", "no chat"])
def test_what_is_no_chat_is_a_new_one(chat: str) -> None:
    assert Desk().claim("ann", chat).chat_id not in ("", chat)


def test_a_stopped_turn_is_kept_as_it_was_and_leaves_its_place() -> None:
    desk, place = desk_of(), Place()
    running = turn(place)
    desk.begin(running, None)
    assert desk.running() is running
    desk.stop(CHAT)
    assert running.stopped
    assert place.n_left == 1
    assert desk.running() is None
    (kept,) = desk.loose
    assert kept.view["state"] == "stopped"
    running.live.take(SentenceStarted(1))
    assert [sentence["text"] for sentence in kept.view["sentences"]] == ["They wait"]


def test_a_turn_ends_once_by_itself_or_by_a_stop() -> None:
    desk = desk_of()
    running = turn()
    desk.begin(running, None)
    assert desk.end(CHAT, running)
    desk.stop(CHAT)
    assert desk.loose == ()
    running = turn()
    desk.begin(running, None)
    desk.stop(CHAT)
    assert not desk.end(CHAT, running)


def test_the_end_of_a_stopped_turn_does_not_end_the_next() -> None:
    desk = desk_of()
    first, second = turn(), turn()
    desk.begin(first, None)
    desk.stop(CHAT)
    desk.begin(second, None)
    assert not desk.end(CHAT, first)
    assert desk.running() is second


def test_an_answer_goes_on_in_the_chat_that_was_left() -> None:
    desk = desk_of()
    running = turn()
    desk.begin(running, None)
    desk.open("fedcba9876543210")
    assert desk.running() is None
    desk.stop(desk.chat_id)
    desk.open(CHAT)
    assert desk.running() is running
    assert desk.end(CHAT, running)


def test_a_failed_turn_stays_in_its_own_chat_only() -> None:
    desk = desk_of()
    running = turn()
    running.live.state = "failed"
    desk.keep(CHAT, running)
    assert desk.loose[0].view["state"] == "failed"
    desk.open("fedcba9876543210")
    desk.keep(CHAT, running)
    assert desk.loose == ()


@pytest.mark.parametrize(("n_kept", "kept"), [(None, [0, 1, 2]), (2, [0, 1]), (0, [])])
def test_turns_after_the_one_that_is_asked_again_go(n_kept: int | None, kept: list[int]) -> None:
    desk = desk_of()
    desk.loose = tuple(LooseTurn(n, {}) for n in range(3))
    desk.begin(turn(), n_kept)
    assert [loose.n_before for loose in desk.loose] == kept


def test_revisions_grow() -> None:
    assert next_revision() < next_revision()
