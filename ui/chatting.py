"""What the chat tab's events do: ask, stop, rate, export, and open saved chats."""

from __future__ import annotations

import secrets
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr
from assistant_ui.chat_value import chat_value, chats_value
from assistant_ui.disputes import record_rating
from assistant_ui.errors_shown import says_errors, shown_error, warn
from assistant_ui.example_questions import questions_instead
from assistant_ui.limits import Limits, owner_of
from assistant_ui.open_library import OpenLibrary
from assistant_ui.page_chat import PageChat, exported, turn_id
from assistant_ui.saved_chats import SavedChats, new_chat_id
from assistant_ui.turn_view import LiveTurn

from assistant import AssistantError, Chat, Filters, Paper
from assistant.errors import LibraryError, QuestionError

MIN_BETWEEN_VIEWS_S = 0.04
"""A page that is drawn more often than this reads no better, and costs more."""

Updates = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LooseTurn:
    """A turn that failed or was stopped: shown after ``n_before`` turns, but not saved."""

    n_before: int
    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What one visitor has before them: a chat, and what of it is not saved."""

    owner: str
    chat_id: str
    loose: tuple[LooseTurn, ...] = ()
    live: LiveTurn | None = None


class Chatting:
    """The events of the chat tab, over one library."""

    def __init__(self, library: OpenLibrary, limits: Limits) -> None:
        self._library = library
        self._limits = limits
        self._saved = SavedChats(library.settings.home)
        # The turns that are being answered, by owner and chat: a stop may come before the browser's
        # state has heard of them.
        self._live: dict[tuple[str, str], LiveTurn] = {}

    @says_errors
    def opened(self, visitor: str, last_chat: str, chosen: list[str]) -> Updates:
        """Shows the chat that this browser had open last, or an empty one."""
        visitor = visitor if isinstance(visitor, str) and visitor else secrets.token_hex(16)
        desk = desk_of(None, visitor, last_chat)
        return (*self._shown(desk, chosen), visitor)

    @says_errors
    def ask(
        self,
        desk: Desk | None,
        visitor: str,
        last_chat: str,
        text: str,
        chosen: list[str],
        request: gr.Request,
    ) -> Generator[Updates, None, None]:
        """Answers what was typed."""
        desk = desk_of(desk, visitor, last_chat)
        yield from self._answer(desk, text, None, chosen, request, clears_box=True)

    @says_errors
    def ask_from_part(
        self,
        desk: Desk | None,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
        request: gr.Request,
    ) -> Generator[Updates, None, None]:
        """Answers an example, a question once more, or one that was edited."""
        desk = desk_of(desk, visitor, last_chat)
        sent = sent_by(event)
        if "turn" not in sent:
            yield from self._answer(desk, sent.get("text"), None, chosen, request)
            return
        n_kept, question = self._asked_before(desk, sent["turn"])
        yield from self._answer(desk, sent.get("text", question), n_kept, chosen, request)

    def _asked_before(self, desk: Desk, turn: Any) -> tuple[int, str]:
        """Returns how many turns come before this one, and its question."""
        for loose in desk.loose:
            if loose.view["id"] == turn:
                return loose.n_before, loose.view["question"]
        index, answer = self._chat(desk).answer(turn)
        return index, answer.question

    def _answer(
        self,
        desk: Desk,
        text: Any,
        n_kept: int | None,
        chosen: list[str],
        request: gr.Request,
        *,
        clears_box: bool = False,
    ) -> Generator[Updates, None, None]:
        if not isinstance(text, str) or not text.strip():
            raise QuestionError("the question is empty; ask something")
        with self._limits.asking(owner_of(request)):
            page_chat = self._chat(desk, n_kept)
            n_before = len(page_chat.chat.turns)
            loose = tuple(turn for turn in desk.loose if n_kept is None or turn.n_before < n_kept)
            live = LiveTurn(turn_id(n_before), text, self._find_paper)
            desk = replace(desk, loose=loose, live=live)
            self._live[desk.owner, desk.chat_id] = live
            before = self._turns(desk, page_chat)

            def views() -> dict[str, Any]:
                return self._value(desk, [*before, live.view()], chosen)

            box = "" if clears_box else gr.skip()
            yield _running(views(), desk, box)
            try:
                yield from self._follow(page_chat.chat, live, chosen, views)
            except Exception as error:  # noqa: BLE001
                live.state, live.error = "failed", shown_error(error)
                desk = with_loose(desk, n_before)
                turns = self._turns(desk, page_chat)
                yield self._finished(desk, turns, chosen, gr.skip())
                return
            if live.answer is not None:
                yield from self._keep(replace(desk, live=None), page_chat, n_before, chosen)

    def _follow(
        self, chat: Chat, live: LiveTurn, chosen: list[str], views: Any
    ) -> Generator[Updates, None, None]:
        """Yields what is shown while the turn is answered."""
        filters = Filters(paper_ids=tuple(chosen)) if chosen else None
        shown_at, state = 0.0, live.state
        with closing(chat.stream(live.question, filters=filters)) as events:
            for event in events:
                # Its visitor has stopped it, and has been shown so.
                if live.state == "stopped":
                    return
                live.take(event)
                now = time.monotonic()
                if live.answer is None and (
                    live.state != state or now - shown_at >= MIN_BETWEEN_VIEWS_S
                ):
                    yield _still_running(views())
                    shown_at, state = now, live.state

    def _keep(
        self, desk: Desk, page_chat: PageChat, index: int, chosen: list[str]
    ) -> Generator[Updates, None, None]:
        """Saves the answered turn and shows it; then what one might ask instead."""
        answer = page_chat.chat.turns[index]
        cited = [source.paper_id for source in answer.sources if source.cited]
        self._save(desk, page_chat)
        if answer.abstention is not None:
            yield _still_running(self._value(desk, self._turns(desk, page_chat), chosen))
            closest = answer.abstention.closest
            page_chat.suggest(index, questions_instead(self._library.assistant, closest))
            self._save(desk, page_chat)
        yield self._finished(desk, self._turns(desk, page_chat), chosen, cited)

    def _save(self, desk: Desk, page_chat: PageChat) -> None:
        """Saves the chat; a failure is told, and what is on the page stays there."""
        try:
            self._saved.save(desk.owner, desk.chat_id, page_chat.to_record())
        except AssistantError as error:
            warn(error)

    @says_errors
    def stop(self, desk: Desk | None, visitor: str, last_chat: str, chosen: list[str]) -> Updates:
        """Keeps what there is of the running answer on the page."""
        desk = desk_of(desk, visitor, last_chat)
        page_chat = self._chat(desk)
        live = self._live.pop((desk.owner, desk.chat_id), None)
        if live is not None and live.answer is None:
            live.state = "stopped"
            desk = with_loose(replace(desk, live=live), len(page_chat.chat.turns))
        turns = self._turns(desk, page_chat)
        return self._value(desk, turns, chosen), desk, *_buttons(running=False)

    @says_errors
    def rate(
        self,
        desk: Desk | None,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> dict[str, Any]:
        """Writes what the visitor thinks of a sentence, for the evals to read."""
        desk = desk_of(desk, visitor, last_chat)
        sent = sent_by(event)
        page_chat = self._chat(desk)
        turn, answer = page_chat.answer(sent.get("turn"))
        index, good = sent.get("sentence"), sent.get("good")
        if not isinstance(index, int) or not isinstance(good, bool):
            raise QuestionError("a rating names a sentence and whether it is good; try again")
        found = (self._find_paper(source.paper_id) for source in answer.sources if source.cited)
        record_rating(
            self._library.settings.home,
            answer,
            index,
            good,
            str(sent.get("comment") or ""),
            [paper for paper in found if paper],
            self._library.assistant.store.name,
            datetime.now(UTC),
        )
        page_chat.rate(turn, index, good)
        self._save(desk, page_chat)
        return self._value(desk, self._turns(desk, page_chat), chosen)

    @says_errors
    def download(
        self, desk: Desk | None, visitor: str, last_chat: str, event: gr.EventData
    ) -> gr.HTML:
        """Sends an answer, or the whole chat, as a file."""
        sent = sent_by(event)
        page_chat = self._chat(desk_of(desk, visitor, last_chat))
        turns = page_chat.chat.turns
        if not turns:
            raise QuestionError("nothing was asked yet; ask something first")
        name = "chat"
        if sent.get("turn") is not None:
            index, answer = page_chat.answer(sent["turn"])
            turns, name = (answer,), f"answer-{index + 1}"
        file = exported(turns, str(sent.get("format")), name)
        return gr.HTML(file={**file, "nonce": secrets.token_hex(4)})

    @says_errors
    def shown_again(
        self, desk: Desk | None, visitor: str, last_chat: str, chosen: list[str]
    ) -> dict[str, Any]:
        """Shows the chat anew, after the choice of papers or the library has changed."""
        desk = desk_of(desk, visitor, last_chat)
        return self._value(desk, self._turns(desk, self._chat(desk)), chosen)

    @says_errors
    def select(
        self,
        desk: Desk | None,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> Updates:
        """Opens a saved chat."""
        desk = desk_of(desk, visitor, last_chat)
        chat_id = str(sent_by(event).get("chat"))
        self._saved.load(desk.owner, chat_id)
        return self._shown(Desk(desk.owner, chat_id), chosen)

    @says_errors
    def start_new(
        self, desk: Desk | None, visitor: str, last_chat: str, chosen: list[str]
    ) -> Updates:
        """Opens an empty chat."""
        owner = desk_of(desk, visitor, last_chat).owner
        return self._shown(Desk(owner, new_chat_id()), chosen)

    @says_errors
    def delete(
        self,
        desk: Desk | None,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> Updates:
        """Deletes a saved chat; an empty one is opened where it was the one at hand."""
        desk = desk_of(desk, visitor, last_chat)
        chat_id = str(sent_by(event).get("chat"))
        self._saved.delete(desk.owner, chat_id)
        return self._shown(
            Desk(desk.owner, new_chat_id()) if chat_id == desk.chat_id else desk, chosen
        )

    def _chat(self, desk: Desk, n_turns: int | None = None) -> PageChat:
        """Returns the chat at hand, or its first turns; an empty one where none is saved."""
        assistant = self._library.assistant
        if not self._saved.holds(desk.owner, desk.chat_id):
            return PageChat(assistant.chat())
        record = self._saved.load(desk.owner, desk.chat_id)
        return PageChat.from_record(assistant, record, n_turns)

    def _find_paper(self, paper_id: str) -> Paper | None:
        try:
            return self._library.assistant.paper(paper_id)
        except LibraryError:
            return None

    def _turns(self, desk: Desk, page_chat: PageChat) -> list[dict[str, Any]]:
        """Returns the finished turns with the loose ones at their places."""
        views = page_chat.views(self._find_paper)
        placed = [(index + 1, 0, view) for index, view in enumerate(views)]
        placed += [(turn.n_before, 1, turn.view) for turn in desk.loose]
        return [view for *_, view in sorted(placed, key=lambda turn: turn[:2])]

    def _value(
        self, desk: Desk, turns: list[dict[str, Any]], chosen: Sequence[str]
    ) -> dict[str, Any]:
        assistant = self._library.assistant
        titles = [paper.title for i in chosen[:3] if (paper := self._find_paper(i))]
        examples = [] if turns else self._library.examples()
        return chat_value(assistant, desk.chat_id, turns, examples, len(chosen), titles)

    def _shown(self, desk: Desk, chosen: list[str]) -> Updates:
        """Returns the updates that bring a chat before the visitor."""
        try:
            turns = self._turns(desk, self._chat(desk))
        except AssistantError as error:
            warn(error)
            desk, turns = Desk(desk.owner, new_chat_id()), []
        return self._value(desk, turns, chosen), self._chats(desk), desk, desk.chat_id

    def _chats(self, desk: Desk) -> dict[str, Any]:
        return chats_value(self._saved.list(desk.owner), desk.chat_id, time.time())

    def _finished(
        self, desk: Desk, turns: list[dict[str, Any]], chosen: list[str], cited: Any
    ) -> Updates:
        return (
            self._value(desk, turns, chosen),
            self._chats(desk),
            desk,
            desk.chat_id,
            gr.skip(),
            *_buttons(running=False),
            cited,
        )


def desk_of(desk: Desk | None, visitor: str, last_chat: str) -> Desk:
    """Returns what the visitor has before them, also after a restart of the server.

    Then only the browser still knows: ``visitor`` is its name and ``last_chat`` its chat.
    """
    if desk is not None:
        return desk
    chat_id = last_chat if SavedChats.is_chat_id(last_chat) else new_chat_id()
    return Desk(visitor or secrets.token_hex(16), chat_id)


def with_loose(desk: Desk, n_before: int) -> Desk:
    """Returns the desk with its live turn, as far as it came, among the loose ones."""
    assert desk.live is not None
    view = {**desk.live.view(), "id": f"x{n_before}-{len(desk.loose)}"}
    return replace(desk, live=None, loose=(*desk.loose, LooseTurn(n_before, view)))


def sent_by(event: gr.EventData) -> dict[str, Any]:
    """Returns what the browser sent with an event; {} where it is not what parts send."""
    sent = event._data
    return sent if isinstance(sent, dict) else {}


def _buttons(*, running: bool) -> tuple[gr.Button, gr.Button]:
    return gr.Button(visible=not running), gr.Button(visible=running)


def _running(value: dict[str, Any], desk: Desk, box: Any) -> Updates:
    skip = gr.skip()
    return value, skip, desk, desk.chat_id, box, *_buttons(running=True), skip


def _still_running(value: dict[str, Any]) -> Updates:
    return value, *[gr.skip()] * 7
