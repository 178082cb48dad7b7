"""A conversation with a library: each turn is understood with those before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from assistant.answers import Answer
from assistant.conversation.cues import may_be_of_answer
from assistant.conversation.follow_ups import change_filters, condense
from assistant.conversation.small_talk import is_small_talk
from assistant.conversation.turns import Condensed, PaperRef, PastTurn
from assistant.errors import QuestionError
from assistant.events import Done, Event, Noticed
from assistant.text.half_characters import mend_all
from assistant.types import AskOptions, Filters, TurnOptions, Usage

if TYPE_CHECKING:
    from assistant.llm.chat_model import ChatModel
    from assistant.llm.custom_prompts import Prompts
    from assistant.settings import Settings

CHAT_SCHEMA = 1
CONDENSE = "condense"
"""The reading of a turn: its prompt's task, and its name in ``Answer.prompts`` and timings."""


@dataclass(frozen=True, slots=True)
class _ReadTurn:
    """A turn as it is asked, with what it took to read it.

    ``queries`` are searched for besides; ``instruction`` says how the last answer is to be put in
    other words, where nothing else is asked.
    """

    condensed: Condensed
    queries: tuple[str, ...] = ()
    instruction: str = ""
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def add_to(self, answer: Answer, took_ms: float) -> Answer:
        """Returns the answer with what the reading of its question took."""
        return replace(
            answer,
            timings_ms={CONDENSE: took_ms, **answer.timings_ms},
            usage=self.usage + answer.usage,
            prompts={**self.prompts, **answer.prompts},
            notices=(*self.notices, *answer.notices),
        )


@dataclass(eq=False, slots=True)
class _OpenTurn:
    """A turn that is being answered, and what happened so far."""

    question: str
    read: _ReadTurn
    took_ms: float
    events: list[Event] = field(default_factory=list)


class _OpenedModels(Protocol):
    @property
    def chat(self) -> ChatModel | None: ...

    @property
    def prompts(self) -> Prompts: ...


class AskedAssistant(Protocol):
    """What a conversation needs of an ``Assistant``, which hands itself over."""

    settings: Settings

    @property
    def models(self) -> _OpenedModels:
        """Returns the models that the settings name."""
        ...

    def stream(self, question: str, **options: Unpack[AskOptions]) -> Generator[Event, None, None]:
        """Yields what happens while the question is answered."""
        ...

    def rephrase(
        self, turn: str, last: Answer, instruction: str, **options: Unpack[TurnOptions]
    ) -> Generator[Event, None, None]:
        """Yields what happens while the LLM puts ``last`` in other words."""
        ...

    def compose_stopped(self, question: str, events: Sequence[Event]) -> Answer | None:
        """Returns the answer as far as ``events`` came; None without a sentence."""
        ...

    def change_filters(self, turn: str, question: str) -> str | None:
        """Returns ``question`` with the filters that ``turn`` asks for; None where it asks more."""
        ...


class Chat:
    """Turns and their answers; made by ``Assistant.chat``.

    Labels of sources belong to their own answer: each begins at 1. One thread at a time, but any
    may ``stop``.
    """

    def __init__(self, assistant: AskedAssistant, filters: Filters | None = None) -> None:
        """Asks ``assistant``, each turn with ``filters``."""
        self.filters = filters
        self._assistant = assistant
        self._turns: list[Answer] = []
        self._open: _OpenTurn | None = None
        self._ending = threading.Lock()

    @property
    def turns(self) -> tuple[Answer, ...]:
        """The answers so far, oldest first; ``question`` is a turn as it was typed."""
        return tuple(self._turns)

    @property
    def usage(self) -> Usage:
        """The tokens of all turns; no cost where that of one is not known."""
        return sum((answer.usage for answer in self._turns), Usage())

    def ask(self, turn: str, **options: Unpack[TurnOptions]) -> Answer:
        """Returns the answer to ``turn``; takes the options of ``Assistant.ask``.

        ``Answer.standalone_question`` is what the turn was read as.

        Raises:
            QuestionError, LibraryError, StoreError, ModelError: as ``Assistant.ask``; the turn
                is then no part of the conversation.
        """
        for event in self.stream(turn, **options):
            if isinstance(event, Done):
                return event.answer
        raise QuestionError("the answer was stopped; what there is of it is the last of the turns")

    def stream(self, turn: str, **options: Unpack[TurnOptions]) -> Generator[Event, None, None]:
        """Yields the events of ``Assistant.stream``; closing the iterator is as ``stop``.

        Raises, when the first event is asked for:
            QuestionError, LibraryError, StoreError, ModelError: as ``Assistant.stream``.
        """
        for own in ("standalone_question", "search_queries"):
            if own in options:
                raise QuestionError(f"a chat finds by itself what a turn means; leave {own!r} out")
        options.setdefault("filters", self.filters)
        start = time.perf_counter()
        read = self._read(turn, read_filters=options.get("read_filters", True))
        took_ms = round((time.perf_counter() - start) * 1000, 2)
        if read.condensed.max_sentences:
            options.setdefault("max_sentences", read.condensed.max_sentences)
        for notice in read.notices:
            yield Noticed(notice)
        yield from self._follow(_OpenTurn(turn, read, took_ms), self._answer(turn, read, options))

    def stop(self) -> Answer | None:
        """Ends the turn that is being answered, as a reader who has seen enough does.

        What was written and checked by then stays as a turn with ``complete`` False, which is
        returned; None where there was nothing.
        """
        with self._ending:
            stopped, self._open = self._open, None
            if stopped is None:
                return None
            answer = self._assistant.compose_stopped(stopped.question, list(stopped.events))
            if answer is not None:
                answer = stopped.read.add_to(answer, stopped.took_ms)
                self._turns.append(answer)
            return answer

    def _answer(
        self, turn: str, read: _ReadTurn, options: TurnOptions
    ) -> Generator[Event, None, None]:
        if read.instruction:
            last = self._spoken[-1]
            return self._assistant.rephrase(turn, last, read.instruction, **options)
        asked = read.condensed.question
        return self._assistant.stream(
            turn, standalone_question=asked, search_queries=read.queries, **options
        )

    def _follow(
        self, turn: _OpenTurn, events: Generator[Event, None, None]
    ) -> Generator[Event, None, None]:
        """Yields ``events`` and keeps the answer, or what there is of it where it is stopped."""
        self._open = turn
        try:
            for event in events:
                if isinstance(event, Done):
                    answer = turn.read.add_to(event.answer, turn.took_ms)
                    if self._keep(turn, answer):
                        yield Done(answer)
                    return
                if self._open is not turn:
                    return
                turn.events.append(event)
                yield event
        except Exception:
            # A turn that fails is none.
            if self._open is turn:
                self._open = None
            raise
        finally:
            events.close()
            if self._open is turn:
                self.stop()

    def _keep(self, turn: _OpenTurn, answer: Answer) -> bool:
        """Ends ``turn`` with its answer; False where it was stopped before."""
        with self._ending:
            if self._open is not turn:
                return False
            self._open = None
            self._turns.append(answer)
            return True

    @property
    def _spoken(self) -> list[Answer]:
        """The turns that were not small talk."""
        return [answer for answer in self._turns if not is_small_talk(answer.question)]

    def _read(self, turn: str, *, read_filters: bool) -> _ReadTurn:
        """Returns the question that ``turn`` asks, with those before it in mind.

        Raises:
            QuestionError: it cannot be asked as it stands, or points to what is not there.
            ModelError: the LLM refuses, and would refuse to answer as well.
        """
        from assistant.text.questions import check_question

        turn = check_question(turn)
        history = list(map(make_turn, self._spoken))
        if not history or is_small_talk(turn):
            return _ReadTurn(Condensed(turn, follows=False))
        if read_filters:
            changed = change_filters(turn, history, self._assistant.change_filters)
            if changed is not None:
                return _ReadTurn(changed)
        model = self._assistant.models.chat
        by_rule = condense(turn, history)
        if model is None:
            return _ReadTurn(by_rule)
        rewords = history[-1].is_cited
        if rewords and by_rule.max_sentences:
            return _ReadTurn(by_rule, instruction=turn)
        if by_rule.is_sure and not (rewords and not by_rule.follows and may_be_of_answer(turn)):
            return _ReadTurn(by_rule)
        # The client is not imported where answers are quotations.
        from assistant.conversation.rewriting import rewrite
        from assistant.llm.pricing import cost_usd

        prompt = self._assistant.models.prompts.of(CONDENSE)
        found = rewrite(turn, history, model, prompt)
        tokens = found.prompt_tokens, found.completion_tokens
        url = self._assistant.settings.llm_base_url
        read = _ReadTurn(
            Condensed(found.question, follows=found.question != turn.strip()),
            found.queries,
            found.instruction,
            usage=Usage(*tokens, cost_usd(model.name, *tokens, base_url=url)),
            prompts={CONDENSE: prompt.reference},
        )
        if not found.problem:
            return read
        notice = (
            f"the LLM's reading of this turn could not be used ({found.problem}); "
            "it was read by rule"
        )
        return replace(read, condensed=by_rule, notices=(notice,))

    def reset(self) -> None:
        """Forgets every turn."""
        self._turns.clear()

    def to_dict(self) -> dict[str, Any]:
        """Returns the conversation as JSON types, each answer with its own sources."""
        return {
            "schema": CHAT_SCHEMA,
            "filters": asdict(self.filters) if self.filters else None,
            "turns": [answer.to_dict() for answer in self._turns],
        }

    @classmethod
    def from_dict(cls, assistant: AskedAssistant, record: dict[str, Any]) -> Chat:
        """Returns the conversation that ``to_dict`` wrote, to be gone on with.

        Raises:
            QuestionError: ``record`` is not a conversation that this version reads.
        """
        record = mend_all(record)
        if record.get("schema") != CHAT_SCHEMA or not isinstance(record.get("turns"), list):
            raise QuestionError(
                f"a saved chat has schema {record.get('schema')!r} and its turns where this "
                f"version reads {CHAT_SCHEMA}; start a new chat"
            )
        filters = record.get("filters")
        try:
            chat = cls(assistant, Filters.from_dict(filters) if filters else None)
            chat._turns = [Answer.from_dict(answer) for answer in record["turns"]]
        except QuestionError as error:
            raise QuestionError(f"{error}; start a new chat") from error
        return chat


def make_turn(answer: Answer) -> PastTurn:
    """Returns what a later turn is read with: question, papers cited or closest, and text."""
    closest = answer.abstention.closest if answer.abstention else ()
    papers: list[PaperRef] = []
    found: list[PaperRef] = []
    for source in answer.sources:
        shown = source.cited or source.paper_id in closest
        (papers if shown else found).append(PaperRef(source.paper_id, source.shown_title))
    return PastTurn(
        answer.question,
        answer.standalone_question,
        tuple(papers),
        answer.abstained,
        " ".join(sentence.text for sentence in answer.sentences),
        tuple(found),
        answer.complete,
    )
