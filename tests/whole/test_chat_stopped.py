"""Answers that are stopped: what was checked by then is a turn like any other."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answer.stopped import STOPPED
from assistant.conversation.chat import Chat
from assistant.events import Checked
from tests.llm_servers.replies import citing
from tests.llm_servers.scripted import Turn
from tests.llm_servers.steps import Breaks
from tests.whole.test_chat import FACT, FIRST, FOLLOW_UP, KANGAROO, REPLY, SECOND, llm_chat

pytestmark = pytest.mark.usefixtures("starter")

BEGUN = citing(
    "Kangaroo reaches up to 1.68 times [{a}]. It is said to reach 9.4 times [{a}]. It also",
    a=FACT,
)
SHOWN = "Kangaroo reaches up to 1.68 times."
HANGING: Turn = lambda request: Breaks("hang", BEGUN(request))  # noqa: E731


def read_until_checked(chat: Chat, n: int = 2) -> object:
    """Returns the iterator over a turn of which ``n`` sentences were checked."""
    events = chat.stream(FIRST)
    while n:
        n -= isinstance(next(events), Checked)
    return events


def close(events: object) -> None:
    events.close()  # type: ignore[attr-defined]


def interrupt(events: object) -> None:
    with pytest.raises(KeyboardInterrupt):
        events.throw(KeyboardInterrupt())  # type: ignore[attr-defined]


@pytest.mark.parametrize("leave", [close, interrupt])
def test_what_was_checked_is_a_turn(leave: Callable[[object], None]) -> None:
    with llm_chat(HANGING) as (chat, server):
        leave(read_until_checked(chat))
        assert server.hung_up.wait(20)
    (turn,) = chat.turns
    assert [sentence.text for sentence in turn.sentences] == [SHOWN]
    assert not turn.complete
    assert STOPPED in turn.notices
    assert (turn.question, turn.standalone_question) == (FIRST, FIRST)
    assert (turn.mode, turn.model) == ("llm", "openai:scripted")
    assert turn.text == f"{SHOWN} [1]"
    assert [s.paper_id for s in turn.sources if s.cited] == [KANGAROO]
    assert len(turn.sources) > 1


def test_what_failed_its_check_stays_where_it_would_be_flagged() -> None:
    with llm_chat(HANGING, unsupported="flag") as (chat, _):
        close(read_until_checked(chat))
        assert [s.verdict for s in chat.turns[0].sentences] == ["supported", "unsupported"]


def test_a_stopped_turn_is_saved_and_spoken_of() -> None:
    with llm_chat(HANGING, "Does Kangaroo need training?", SECOND) as (chat, server):
        close(read_until_checked(chat))
        again = Chat.from_dict(chat._assistant, json.loads(json.dumps(chat.to_dict())))
        assert again.turns == chat.turns
        again.ask(FOLLOW_UP)
        assert f"Answered: {SHOWN} (stopped here)\n" in server.prompt(1)
        assert [turn.complete for turn in again.turns] == [False, True]


def test_it_goes_on_where_that_is_wanted() -> None:
    with llm_chat(HANGING, REPLY) as (chat, server):
        close(read_until_checked(chat))
        answer = chat.ask("go on, please")
        assert len(server.requests) == 2
    assert answer.standalone_question == FIRST
    assert answer.complete


def test_the_llm_may_say_that_it_is_to_go_on() -> None:
    with llm_chat(HANGING, FIRST, REPLY) as (chat, _):
        close(read_until_checked(chat))
        answer = chat.ask("und weiter?")
    assert answer.standalone_question == FIRST
    assert not answer.notices


def test_any_thread_may_stop_while_the_llm_is_silent() -> None:
    checked = threading.Event()
    with llm_chat(HANGING) as (chat, _):

        def read() -> None:
            n = 0
            for event in chat.stream(FIRST):
                n += isinstance(event, Checked)
                if n == 2:
                    checked.set()

        reading = threading.Thread(target=read)
        reading.start()
        assert checked.wait(60)
        stopped = chat.stop()
        assert stopped is not None
        assert chat.turns == (stopped,)
        assert chat.stop() is None
        chat._assistant.models.hang_up()  # type: ignore[attr-defined]
        reading.join(60)
        assert not reading.is_alive()
        assert chat.turns == (stopped,)


def test_quotations_that_are_stopped_stay_too() -> None:
    with Assistant.open(library="starter") as assistant:
        chat = assistant.chat()
        close(read_until_checked(chat, 1))
        (turn,) = chat.turns
    assert (turn.mode, turn.model) == ("extractive", None)
    assert [sentence.verdict for sentence in turn.sentences] == ["verbatim"]


def test_a_rewording_that_is_stopped_is_a_turn() -> None:
    with llm_chat(REPLY, HANGING) as (chat, _):
        chat.ask(FIRST)
        events = chat.stream("shorter please")
        while not isinstance(next(events), Checked):
            pass
        events.close()
    assert [turn.complete for turn in chat.turns] == [True, False]
    assert chat.turns[1].standalone_question == FIRST


def test_nothing_is_open_after_an_answer() -> None:
    with llm_chat(REPLY) as (chat, _):
        answer = chat.ask(FIRST)
        assert chat.stop() is None
        assert chat.turns == (answer,)
