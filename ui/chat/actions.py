"""What the chat tab's events do: ask, stop, rate, export, and open saved chats."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import gradio as gr
from assistant_ui.chat.disputes import record_rating
from assistant_ui.chat.example_questions import questions_instead
from assistant_ui.chat.page_chat import PageChat, save_answers, turn_id
from assistant_ui.chat.saved_chats import SavedChats, new_chat_id
from assistant_ui.chat.turn_view import LiveTurn
from assistant_ui.chat.value import chat_value, chats_value
from assistant_ui.chat.visit import RunningTurn, Visit, next_revision
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.errors_shown import describe_error, says_errors, warn
from assistant_ui.parts.events import read_sent
from assistant_ui.server.limits import Limits, owner_of

from assistant import (
    AssistantError,
    Chat,
    Filters,
    LibraryError,
    Paper,
    QuestionError,
    TurnOptions,
)

MIN_BETWEEN_VIEWS_S = 0.04
"""A page that is drawn more often than this reads no better, and costs more."""

Updates = tuple[Any, ...]


class ChatActions:
    """The events of the chat tab, over one library."""

    def __init__(self, library: OpenLibrary, limits: Limits) -> None:
        self._library = library
        self._limits = limits
        self._saved = SavedChats(library.settings.home)

    @says_errors
    def open_last(self, visit: Visit, visitor: str, last_chat: str, chosen: list[str]) -> Updates:
        """Shows the chat that this browser had open last, or an empty one."""
        value, chats, last_chat, *_ = self._updates_of_chat(visit.claim(visitor, last_chat), chosen)
        return value, chats, last_chat, visit.owner

    @says_errors
    def find_examples(self, visit: Visit, visitor: str, last_chat: str, chosen: list[str]) -> Any:
        """Shows what an empty chat can be begun with, which may take seconds to be found."""
        self._library.examples()
        return self._view(visit.claim(visitor, last_chat), chosen)

    @says_errors
    def ask(
        self,
        visit: Visit,
        visitor: str,
        last_chat: str,
        text: str,
        chosen: list[str],
        request: gr.Request,
    ) -> Generator[Updates, None, None]:
        """Answers what was typed."""
        visit.claim(visitor, last_chat)
        yield from self._answer(visit, text, None, chosen, request, clears_box=True)

    @says_errors
    def ask_from_part(
        self,
        visit: Visit,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
        request: gr.Request,
    ) -> Generator[Updates, None, None]:
        """Answers an example, a question once more, or one that was edited."""
        visit.claim(visitor, last_chat)
        sent = read_sent(event)
        if "turn" not in sent:
            yield from self._answer(visit, sent.get("text"), None, chosen, request)
            return
        n_kept, question = self._asked_before(visit, sent["turn"])
        options: TurnOptions = {
            "read_filters": sent.get("as_typed") is not True,
            "read_all": sent.get("read_all") is True,
        }
        text = sent.get("text", question)
        yield from self._answer(visit, text, n_kept, chosen, request, options=options)

    def _asked_before(self, visit: Visit, turn: Any) -> tuple[int, str]:
        """Returns how many turns come before this one, and its question."""
        for loose in visit.loose:
            if loose.view["id"] == turn:
                return loose.n_before, loose.view["question"]
        index, answer = self._chat(visit).answer(turn)
        return index, answer.question

    def _answer(
        self,
        visit: Visit,
        text: Any,
        n_kept: int | None,
        chosen: list[str],
        request: gr.Request,
        *,
        clears_box: bool = False,
        options: TurnOptions | None = None,
    ) -> Generator[Updates, None, None]:
        if not isinstance(text, str) or not text.strip():
            raise QuestionError("the question is empty; ask something")
        with self._limits.asking(owner_of(request)) as leave:
            chat_id = visit.chat_id
            page_chat = self._chat(visit, n_kept)
            n_before = len(page_chat.chat.turns)
            live = LiveTurn(turn_id(n_before), text, self._find_paper)
            running = RunningTurn(live, page_chat, n_before, leave)
            visit.begin(running, n_kept)
            before = self._turns(visit, page_chat)

            def view() -> Any:
                # It may have been stopped, or another chat opened.
                if visit.running() is not running:
                    return gr.skip()
                return self._value(visit, next_revision(), [*before, live.view()], chosen)

            yield _updates_at_start(view(), visit, "" if clears_box else gr.skip())
            try:
                page_chat.chat.filters = Filters(paper_ids=tuple(chosen)) if chosen else None
                yield from self._follow(page_chat.chat, running, view, options or {})
            except Exception as error:  # noqa: BLE001
                live.state, live.error = "failed", describe_error(error)
            finally:
                was_stopped = not visit.end(chat_id, running)
            if was_stopped:
                # That event has shown how it ended.
                return
            cited: Any = gr.skip()
            if live.answer is None:
                visit.keep(chat_id, running)
            else:
                cited = yield from self._keep(visit, chat_id, page_chat, chosen)
            # Who sees the end may ask at once.
            leave()
            yield self._updates_at_end(visit, chat_id, chosen, cited)

    def _follow(
        self, chat: Chat, running: RunningTurn, view: Callable[[], Any], options: TurnOptions
    ) -> Generator[Updates, None, None]:
        """Yields what is shown while the turn is answered."""
        live = running.live
        shown_at, state = 0.0, live.state
        with closing(chat.stream(live.question, **options)) as events:
            for event in events:
                if running.stopped:
                    return
                live.take(event)
                now = time.monotonic()
                if live.answer is None and (
                    live.state != state or now - shown_at >= MIN_BETWEEN_VIEWS_S
                ):
                    yield _updates_meanwhile(view())
                    shown_at, state = now, live.state

    def _keep(
        self, visit: Visit, chat_id: str, page_chat: PageChat, chosen: list[str]
    ) -> Generator[Updates, None, list[str]]:
        """Saves the answered turn; for an abstention, with what one might ask instead.

        Returns the ids of the cited papers.
        """
        answer = page_chat.chat.turns[-1]
        self._save(visit.owner, chat_id, page_chat)
        if answer.abstention is not None:
            yield _updates_meanwhile(
                self._view(visit, chosen) if visit.chat_id == chat_id else gr.skip()
            )
            closest = answer.abstention.closest
            instead = questions_instead(self._library.assistant, closest)
            page_chat.suggest(len(page_chat.chat.turns) - 1, instead)
            self._save(visit.owner, chat_id, page_chat)
        return [source.paper_id for source in answer.sources if source.cited]

    def _save(self, owner: str, chat_id: str, page_chat: PageChat) -> None:
        """Saves the chat; a failure is told, and what is on the page stays there."""
        try:
            self._saved.save(owner, chat_id, page_chat.to_record())
        except AssistantError as error:
            warn(error)

    @says_errors
    def stop(self, visit: Visit, visitor: str, last_chat: str, chosen: list[str]) -> Updates:
        """Ends the running answer at once, and keeps what there is of it."""
        visit.claim(visitor, last_chat)
        self._stop(visit, visit.chat_id)
        return self._view(visit, chosen), *_buttons(visit)

    def _stop(self, visit: Visit, chat_id: str) -> None:
        """Saves what was checked by now as a turn; a turn without any stays on the page alone."""
        running = visit.stop(chat_id)
        if running is None:
            return
        chat = running.page_chat.chat
        try:
            chat.stop()
            if len(chat.turns) > running.n_before:
                self._save(visit.owner, chat_id, running.page_chat)
            else:
                visit.keep(chat_id, running)
        finally:
            # Who sees the end may ask at once.
            running.leave()

    @says_errors
    def rate(
        self,
        visit: Visit,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> dict[str, Any]:
        """Writes what the visitor thinks of a sentence, for the evals to read."""
        visit.claim(visitor, last_chat)
        sent = read_sent(event)
        page_chat = self._chat(visit)
        turn, answer = page_chat.answer(sent.get("turn"))
        index, good = sent.get("sentence"), sent.get("good")
        if type(index) is not int or not isinstance(good, bool):
            raise QuestionError("a rating names a sentence and whether it is good; try again")
        found = (self._find_paper(source.paper_id) for source in answer.sources if source.cited)
        record_rating(
            self._library.settings.home,
            answer,
            index,
            good,
            str(sent.get("comment") or ""),
            [paper for paper in found if paper],
            self._library.assistant.stats().library,
            datetime.now(UTC),
        )
        page_chat.rate(turn, index, good)
        self._save(visit.owner, visit.chat_id, page_chat)
        return self._view(visit, chosen)

    @says_errors
    def download(self, visit: Visit, visitor: str, last_chat: str, event: gr.EventData) -> gr.HTML:
        """Sends an answer, or the whole chat, as a file."""
        sent = read_sent(event)
        page_chat = self._chat(visit.claim(visitor, last_chat))
        turns = page_chat.chat.turns
        if not turns:
            raise QuestionError("nothing was asked yet; ask something first")
        name = "chat"
        if sent.get("turn") is not None:
            index, answer = page_chat.answer(sent["turn"])
            turns, name = (answer,), f"answer-{index + 1}"
        file = save_answers(turns, str(sent.get("format")), name)
        return gr.HTML(file={**file, "nonce": secrets.token_hex(4)})

    @says_errors
    def show_again(
        self, visit: Visit, visitor: str, last_chat: str, chosen: list[str]
    ) -> dict[str, Any]:
        """Shows the chat anew, after the choice of papers or the library has changed."""
        return self._view(visit.claim(visitor, last_chat), chosen)

    @says_errors
    def select(
        self,
        visit: Visit,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> Updates:
        """Opens a saved chat."""
        visit.claim(visitor, last_chat)
        chat_id = str(read_sent(event).get("chat"))
        self._saved.load(visit.owner, chat_id)
        visit.open(chat_id)
        return self._updates_of_chat(visit, chosen)

    @says_errors
    def start_new(self, visit: Visit, visitor: str, last_chat: str, chosen: list[str]) -> Updates:
        """Opens an empty chat."""
        visit.claim(visitor, last_chat).open(new_chat_id())
        return self._updates_of_chat(visit, chosen)

    @says_errors
    def delete(
        self,
        visit: Visit,
        visitor: str,
        last_chat: str,
        chosen: list[str],
        event: gr.EventData,
    ) -> Updates:
        """Deletes a saved chat; an empty one is opened where it was the one at hand."""
        visit.claim(visitor, last_chat)
        chat_id = str(read_sent(event).get("chat"))
        self._stop(visit, chat_id)
        self._saved.delete(visit.owner, chat_id)
        if chat_id == visit.chat_id:
            visit.open(new_chat_id())
        return self._updates_of_chat(visit, chosen)

    def _chat(self, visit: Visit, n_turns: int | None = None) -> PageChat:
        """Returns the chat at hand, or its first turns; an empty one where none is saved."""
        assistant = self._library.assistant
        if not self._saved.holds(visit.owner, visit.chat_id):
            return PageChat(assistant.chat())
        record = self._saved.load(visit.owner, visit.chat_id)
        return PageChat.from_record(assistant, record, n_turns)

    def _find_paper(self, paper_id: str) -> Paper | None:
        try:
            return self._library.assistant.paper(paper_id)
        except LibraryError:
            return None

    def _turns(self, visit: Visit, page_chat: PageChat) -> list[dict[str, Any]]:
        """Returns the finished turns with the loose ones at their places."""
        views = page_chat.views(self._find_paper)
        placed = [(index + 1, 0, view) for index, view in enumerate(views)]
        placed += [(turn.n_before, 1, turn.view) for turn in visit.loose]
        return [view for *_, view in sorted(placed, key=lambda turn: turn[:2])]

    def _view(self, visit: Visit, chosen: Sequence[str]) -> dict[str, Any]:
        """Returns the chat at hand as the conversation shows it, with the turn that is running."""
        # First, so that what changes from here on counts as later.
        revision = next_revision()
        running = visit.running()
        turns = self._turns(visit, self._chat(visit, running.n_before if running else None))
        if running is not None:
            turns.append(running.live.view())
        return self._value(visit, revision, turns, chosen)

    def _value(
        self, visit: Visit, revision: int, turns: list[dict[str, Any]], chosen: Sequence[str]
    ) -> dict[str, Any]:
        assistant = self._library.assistant
        titles = [paper.title for i in chosen[:3] if (paper := self._find_paper(i))]
        examples = [] if turns else self._library.examples_found() or []
        return chat_value(assistant, visit.chat_id, revision, turns, examples, len(chosen), titles)

    def _updates_of_chat(self, visit: Visit, chosen: list[str]) -> Updates:
        """Returns the updates that bring a chat before the visitor."""
        try:
            value = self._view(visit, chosen)
        except AssistantError as error:
            warn(error)
            visit.open(new_chat_id())
            value = self._value(visit, next_revision(), [], chosen)
        return value, self._chats(visit), visit.chat_id, *_buttons(visit)

    def _chats(self, visit: Visit) -> dict[str, Any]:
        return chats_value(self._saved.list(visit.owner), visit.chat_id, time.time())

    def _updates_at_end(self, visit: Visit, chat_id: str, chosen: list[str], cited: Any) -> Updates:
        """Returns the last updates of an answer; another chat may have been opened meanwhile."""
        if chat_id != visit.chat_id:
            return _updates_meanwhile(gr.skip(), self._chats(visit))
        value, chats, last_chat, *buttons = self._updates_of_chat(visit, chosen)
        return value, chats, last_chat, gr.skip(), *buttons, cited


def _buttons(visit: Visit) -> tuple[gr.Button, gr.Button]:
    is_running = visit.running() is not None
    return gr.Button(visible=not is_running), gr.Button(visible=is_running)


def _updates_at_start(value: Any, visit: Visit, box: Any) -> Updates:
    return value, gr.skip(), visit.chat_id, box, *_buttons(visit), gr.skip()


def _updates_meanwhile(value: Any, chats: Any = None) -> Updates:
    skip = gr.skip()
    return value, chats or skip, *[skip] * 5
